"""Predictions from files to the screen: cards, reasons, what is not used and why."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from carpel.cli.main import app
from carpel.errors import NotFound
from carpel.project import Project

from .written import run

pytestmark = pytest.mark.slow

pytest.importorskip("sklearn")
CLOCK = datetime(2026, 1, 20, 12, tzinfo=UTC)
DAY_0 = datetime(2025, 1, 1, tzinfo=UTC)
FILES = {
    "carpel.yml": "name: gym\ncurrency: EUR\ntimezone: UTC\nas_of: 2026-01-15\n",
    "sources/visits.yml": (
        "read: visits.csv\nidentifiers: {card: card}\n"
        "track: [{event: checked_in, at: at, key: [visit]}]\n"
    ),
    "sources/plans.yml": (
        "read: plans.csv\nidentifiers: {card: card}\ntraits: {mood: mood}\n"
        "hold:\n  - {plan: plan, started_at: began, ended_at: ended, interval: interval}\n"
    ),
    "predictions/gone.yml": (
        "kind: event\nlabel: Chance to stay away\nnot_did: checked_in\nwithin: 50 days\n"
    ),
    "predictions/keeping.yml": "kind: renewal\nmonths: 6\n",
    "predictions/moody.yml": "kind: lookalike\nlike: {trait: mood, is: blue}\n",
    "predictions/call_adds.yml": (
        "kind: uplift\ntreated: {trait: mood, in: [blue, green]}\n"
        "control: {trait: mood, in: [red, green]}\n"
        "on: 2025-09-01\ndid: checked_in\nwithin: 2 weeks\n"
    ),
}


@pytest.fixture(scope="module")
def gym(tmp_path_factory) -> Path:
    """Members, half of whom stop one day; plans ended by people with a chance of their own."""
    rng, folder = np.random.default_rng(12), tmp_path_factory.mktemp("gym")
    visits, plans = ["visit,card,at"], ["card,plan,began,ended,interval,mood"]
    for person in range(500):
        rate, until = rng.choice([1 / 5, 1 / 20]), rng.choice([380, rng.uniform(30, 380)])
        for day in np.sort(rng.uniform(0, 380, rng.poisson(380 * rate))):
            if day < until:
                visits.append(
                    f"v{len(visits)},c{person},{DAY_0 + timedelta(days=float(day)):%Y-%m-%d %H:%M}"
                )
        began = DAY_0 - timedelta(days=float(rng.uniform(0, 600)))
        ended = began + timedelta(days=30.44 * min(99, rng.geometric(rng.beta(0.7, 4))))
        over = f"{ended:%Y-%m-%d}" if ended < CLOCK else ""
        mood = rng.choice(["blue", "red", "green"])
        plans.append(f"c{person},basic,{began:%Y-%m-%d},{over},month,{mood}")
    tables = {"visits.csv": "\n".join(visits), "plans.csv": "\n".join(plans)}
    run(folder, FILES | tables, CLOCK)
    return folder


def test_a_card_says_what_a_chance_stands_on(gym):
    page = Project(gym, clock=lambda: CLOCK).show_prediction("gone")
    (model,) = page.models
    assert page.label == "Chance to stay away" and model.used
    assert [each["at"] for each in model.moments][-1] == "2025-11-26"
    assert sum(each["people"] for each in model.said) >= model.moments[-1]["people"]
    assert "Mood" in model.undated and "mood" not in {each.lower() for each in model.matters}
    assert page.traits[0]["known"] > 0 and model.foreseen == pytest.approx(model.happened, rel=0.5)


def test_all_kinds_are_told_on_screen_with_what_is_not_used(gym):
    told = {}
    for name in ("gone", "keeping", "moody", "call_adds"):
        said = CliRunner().invoke(app, ["show", "prediction", name, "--project", str(gym)])
        assert said.exit_code == 0, said.output
        told[name] = said.output
    assert "Used: " in told["gone"] and "What it says and what happened" in told["gone"]
    assert "plans of 1 month" in told["keeping"] and "Chance to renew" in told["keeping"]
    assert "Not used: " in told["moody"] and "Not used: " in told["call_adds"]
    assert "of the comparison group; " in told["call_adds"]
    assert "in both groups are left out" in told["call_adds"]
    summary = Project(gym, clock=lambda: CLOCK).summary()
    assert any(each.startswith("nothing is predicted by moody") for each in summary["notes"])
    raw = CliRunner().invoke(app, ["show", "prediction", "gone", "--json", "--project", str(gym)])
    assert json.loads(raw.output)["models"][0]["used"]


def test_a_person_has_a_chance_and_its_reasons(gym):
    project = Project(gym, clock=lambda: CLOCK)
    rows = project.show_customer("c1").traits + project.show_customer("c2").traits
    chances = [row for row in rows if row["trait"] == "gone"]
    said = [
        CliRunner().invoke(app, ["show", "customer", who, "--project", str(gym)]).output
        for who in ("c1", "c2")
    ]
    assert any(row["why"] for row in chances) == any(
        "Chance to stay away, why:" in each for each in said
    )


def test_what_is_no_prediction_is_not_found(gym):
    with pytest.raises(NotFound, match="gone"):
        Project(gym, clock=lambda: CLOCK).show_prediction("gon")
