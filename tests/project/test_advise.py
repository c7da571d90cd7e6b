"""Advice on which way to part people: planted truth, noise, and what is told on screen."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from carpel.cli.main import app
from carpel.errors import CarpelError, NotFound
from carpel.project import Project

from .written import run

pytestmark = pytest.mark.slow

pytest.importorskip("sklearn")
CLOCK = datetime(2026, 1, 20, 12, tzinfo=UTC)
DAY_0 = datetime(2025, 1, 1, tzinfo=UTC)
PEOPLE = 500
FILES = {
    "carpel.yml": "name: shop\ncurrency: EUR\ntimezone: UTC\nas_of: 2026-01-15\n",
    "sources/orders.yml": (
        "read: orders.csv\nidentifiers: {card: card}\ntrack:\n"
        "  - event: order_completed\n    at: at\n    key: [order]\n"
        "    properties: {order_id: order, amount: amount}\n"
    ),
    "sources/people.yml": (
        "read: people.csv\nmode: snapshot\nidentifiers: {card: card}\n"
        "traits: {city: city, household: household}\n"
    ),
    "goals/more.yml": "label: More revenue\nmetric: revenue\ntarget: 90000\nby: 2026-12-31\n",
    "goals/buyers.yml": (
        "metric: active_customers\ntarget: 300\nby: 2026-12-31\nwithin_days: 60\nsegment: loyal\n"
    ),
    "segments/loyal.yml": "where: {did: order_completed, at_least: 2}\n",
    "segmentations/worth.yml": (
        "kind: tiers\nwithin_days: 60\nlevels:\n"
        "  - {name: gold, at_least: 200}\n  - {name: some, at_least: 1}\n"
    ),
}


def shop(folder: Path, rate) -> Project:
    """People who order at the rate that `rate` says of each, by their city and their number."""
    rng = np.random.default_rng(6)
    cities, households = rng.choice(["Ulm", "Jena", "Kiel"], PEOPLE), rng.integers(1, 5, PEOPLE)
    orders, people = ["order,card,at,amount"], ["card,city,household"]
    for person in range(PEOPLE):
        people.append(f"c{person},{cities[person]},{'ab'[households[person] % 2]}")
        each = rate(person, cities[person], rng)
        for day in np.sort(rng.uniform(0, 380, rng.poisson(380 * each))):
            at = DAY_0 + timedelta(days=float(day))
            orders.append(f"o{len(orders)},c{person},{at:%Y-%m-%d %H:%M},{rng.gamma(4, 5):.2f}")
    tables = {"orders.csv": "\n".join(orders), "people.csv": "\n".join(people)}
    return run(folder, FILES | tables, CLOCK)


@pytest.fixture(scope="module")
def frequent(tmp_path_factory) -> Project:
    """How often people buy is theirs, and nothing else says anything of it."""
    return shop(tmp_path_factory.mktemp("frequent"), lambda *_: [1 / 8, 1 / 60][_[0] % 2])


@pytest.fixture(scope="module")
def local(tmp_path_factory) -> Project:
    """Where people live decides how often they buy."""
    rates = {"Ulm": 1 / 6, "Jena": 1 / 20, "Kiel": 1 / 20}
    return shop(tmp_path_factory.mktemp("local"), lambda _who, city, _rng: rates[city])


def test_where_people_have_rhythms_of_their_own_what_they_did_tells(frequent):
    found = frequent.advise("more")
    ways = {each.way: each for each in found.ways}
    assert set(ways) == {"worth", "rfm", "lifecycle", "clusters", "geographic"} | (
        set(ways) & {"demographic"}
    )
    assert found.taken in {"worth", "rfm", "lifecycle", "clusters"}
    assert ways[found.taken].explained > 0.3 and abs(ways["geographic"].explained) < 0.03
    assert found.ways[0].explained >= ways[found.taken].explained
    assert ways["worth"].own and not ways["rfm"].own
    assert ways["worth"].groups == 3 and ways["worth"].stays < 1 == ways["geographic"].stays
    assert found.why.startswith(f"Take {ways[found.taken].label}: its {ways[found.taken].groups}")
    assert found.days == 90 and PEOPLE - 10 < found.people <= PEOPLE  # known by then
    assert (found.then.isoformat(), found.now.isoformat()) == ("2025-07-19", "2025-10-17")


def test_where_the_town_decides_the_town_is_found_and_what_is_undated_is_said(local):
    found = local.advise("more")
    town = next(each for each in found.ways if each.way == "geographic")
    assert town.explained > 0.3 and town.groups in (2, 3)
    assert "city" in town.as_stated
    assert found.taken == "geographic" and "as they are stated today (city)" in found.why


def test_a_goal_of_a_segment_is_judged_on_its_people_of_then(frequent):
    found = frequent.advise("buyers")
    assert found.days == 60 and found.of == "who bought"
    assert 0 < found.people <= PEOPLE


def test_where_nobody_differs_it_is_said(tmp_path):
    """All buy at one rate: what one did says nothing of what one will do."""
    project = shop(tmp_path, lambda *_: 1 / 15)
    found = project.advise("more")
    assert found.taken is None
    assert found.why.startswith("No way to part people is better than treating all alike")


def test_what_cannot_be_told_is_an_error(frequent, tmp_path):
    with pytest.raises(NotFound, match="more"):
        frequent.advise("mor")
    with pytest.raises(CarpelError, match=r"\.html or \.svg"):
        frequent.advise("more", to=tmp_path / "advice.pdf")


def test_it_is_told_on_screen_and_drawn(frequent, tmp_path):
    to = tmp_path / "advice.html"
    where = ["--project", str(frequent.session.folder)]
    said = CliRunner().invoke(app, ["advise", "--goal", "more", "--to-file", str(to), *where])
    assert said.exit_code == 0, said.output
    assert "More revenue" in said.output and "Take " in said.output
    page = to.read_text()
    assert page.count("<rect") == 2 * page.count('<th scope="row">') >= 8
    assert not re.search(r"https?://(?!www\.w3\.org)", page)
    for word in ("segmentation", "trait", "cluster", "variance", "bootstrap"):
        assert word not in re.sub(r"<[^>]+>", " ", page)
