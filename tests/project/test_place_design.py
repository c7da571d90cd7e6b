"""Pairs of places for a flyer that is still to come, from files that are known."""

import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from carpel.cli.main import app
from carpel.errors import CarpelError, NotFound
from carpel.stats.tails import t_quantile

from .post import NOW, Shop, write

pytestmark = pytest.mark.slow
FILES = {
    "carpel.yml": "version: 1\nname: flyers\ntimezone: UTC\nas_of: now\n"
    "identity: {probabilistic: false}\n",
    "sources/book.yml": "read: book.csv\nkey: [no]\nidentifiers: {crm_id: no}\n"
    "traits: {branch: at}\n",
    "sources/till.yml": "read: till.csv\nidentifiers: {crm_id: no}\n"
    "track:\n  - {event: order_completed, at: at, properties: {amount: amount}}\n",
    "metrics/plan.yml": "kind: trait\ntrait: branch\nunit: number\n",
}
PAIRS, EACH, DAYS, FIRST = 8, 20, 28, 1_000
BRANCHES = [f"branch {n:02}" for n in range(2 * PAIRS)]
KIOSK = "kiosk"


def figures() -> np.ndarray:
    """By branch and stretch: people who order; branches 2n and 2n + 1 are alike."""
    draw = np.random.default_rng(5)
    return np.minimum(np.repeat(np.arange(2, 18, 2), 2)[:, None] + draw.integers(0, 2, (16, 4)), 20)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Sixteen branches of twenty people, and a kiosk of five."""
    folder = tmp_path_factory.mktemp("branches")
    shop = Shop(folder)
    for name, text in FILES.items():
        shop.write(name, text)
    people = [[FIRST + no, BRANCHES[no // EACH]] for no in range(len(BRANCHES) * EACH)]
    write(folder / "book.csv", "no at", people + [[900 + no, KIOSK] for no in range(5)])
    found: list[list[object]] = [[FIRST, (NOW - timedelta(days=300)).isoformat(), 5]]
    for (branch, stretch), many in np.ndenumerate(figures()):
        at = NOW - timedelta(days=DAYS * (4 - stretch) - 7)
        found += [[FIRST + branch * EACH + n, at.isoformat(), 10] for n in range(many)]
    write(folder / "till.csv", "no at amount", found)
    shop.project.run()
    return shop


def test_branches_that_are_alike_are_paired_and_one_of_each_is_drawn(ran: Shop):
    found = ran.project.design_places("branch", "order_rate")
    assert (found.within_days, found.stretches, len(found.pairs)) == (DAYS, 4, PAIRS)
    numbers = [
        sorted(BRANCHES.index(each) for each in (pair.with_it, pair.without))
        for pair in found.pairs
    ]
    assert sorted(numbers) == [[n, n + 1] for n in range(0, 2 * PAIRS, 2)]
    drawn = {BRANCHES.index(pair.with_it) % 2 for pair in found.pairs}
    assert drawn == {0, 1}  # by lot: not all the first, not all the second
    assert found.left_out == {KIOSK: "fewer than 10 people"}
    assert found.base == pytest.approx(figures().mean() / EACH)
    assert found.people == len(BRANCHES) * EACH
    again = ran.project.design_places("branch", "order_rate")
    assert again == found


def test_the_smallest_change_is_told_from_how_pairs_drifted(ran: Shop):
    found = ran.project.design_places("branch", "order_rate")
    shares = figures() / EACH
    change = shares[:, 2:].mean(axis=1) - shares[:, :2].mean(axis=1)
    apart = change[::2] - change[1::2]
    drift = np.sqrt((apart**2).mean()) * np.sqrt((1 + 1 / 4) / (1 / 2 + 1 / 2))
    reach = t_quantile(0.95, PAIRS - 1) + 0.8416212
    assert found.smallest == pytest.approx(reach * drift / np.sqrt(PAIRS))
    points = f"{100 * found.smallest:.1f}\xa0points"
    assert any(points in each for each in found.said)


def test_the_file_is_ready_to_be_run(ran: Shop):
    first = date(2026, 3, 2)
    found = ran.project.design_places(
        "branch", "order_rate", keep_out=[BRANCHES[0]], started=first, write="spring_flyer"
    )
    assert found.left_out[BRANCHES[0]] == "kept out"
    assert "there was no other like it" in found.left_out.values()
    ran.project.run()
    told = ran.project.verdict("spring_flyer")
    assert "still to begin" in told.measured
    assert "7 pairs of places" in told.versions[0].sentence.replace("\xa0", " ")
    with pytest.raises(CarpelError, match=r"spring_flyer\.yml is in experiments already"):
        ran.project.design_places("branch", "order_rate", started=first, write="spring_flyer")


def test_what_cannot_be_is_said(ran: Shop):
    design = ran.project.design_places
    with pytest.raises(NotFound, match="no trait 'brunch'"):
        design("brunch", "order_rate")
    with pytest.raises(NotFound, match="no metric 'order_rat'"):
        design("branch", "order_rat")
    with pytest.raises(CarpelError, match="plan is an attribute"):
        design("branch", "plan")
    with pytest.raises(CarpelError, match="Nobody belongs to the place 'branch 99'"):
        design("branch", "order_rate", keep_out=["branch 99"])
    with pytest.raises(CarpelError, match="No pairs can be made: 3 places"):
        design("branch", "order_rate", keep_out=BRANCHES[3:])
    with pytest.raises(CarpelError, match="Nobody knows when it starts"):
        design("branch", "order_rate", write="flyer")
    with pytest.raises(CarpelError, match="--write: "):
        design("branch", "order_rate", write="../flyer", started=date(2026, 3, 2))
    with pytest.raises(CarpelError, match="not known for 400 days"):
        design("branch", "order_rate", within="400 days")
    few = design("branch", "order_rate", keep_out=BRANCHES[10:])
    assert few.smallest is None
    assert "Fewer than six pairs" in few.said[1]


def test_on_the_command_line(ran: Shop, tmp_path: Path):
    asked = ["places", "branch", "--metric", "revenue_per_person", "--project", str(ran.folder)]
    told = CliRunner().invoke(app, asked).output
    assert "8 pairs of places, 320 people" in told
    assert "branch 07" in told
    found = json.loads(CliRunner().invoke(app, [*asked, "--json"]).output)
    assert len(found["pairs"]) == PAIRS
