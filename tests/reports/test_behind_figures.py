"""What is asked behind a figure, and retention, against the files counted in plain Python."""

import csv
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from statistics import correlation, mean, stdev
from zoneinfo import ZoneInfo

import pytest

from carpel.errors import CarpelError, NotFound
from carpel.project import Project

from .corner import NOW

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def project(corner: Path) -> Project:
    return Project(corner, clock=lambda: NOW)


@pytest.fixture(scope="module")
def orders(corner: Path) -> dict[str, list[tuple[datetime, float]]]:
    """By person the orders that could be read: when, on Berlin's clocks, and how much."""
    found = defaultdict(list)
    with (corner / "till.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            try:
                at = datetime.fromisoformat(row["at"])
            except ValueError:
                continue
            found[row["no"]].append(
                (at.astimezone(ZoneInfo("Europe/Berlin")), float(row["amount"]))
            )
    return found


def test_cohorts_count_who_came_back(project: Project, orders) -> None:
    months = {no: {(at.year, at.month) for at, _ in each} for no, each in orders.items()}
    first = {no: min(each) for no, each in months.items()}
    found = project.cohorts()
    assert sum(each.people for each in found) == len(orders)
    for cohort in found:
        begin = (cohort.month.year, cohort.month.month)
        mine = [no for no, each in first.items() if each == begin]
        assert cohort.people == len(mine)
        for later, people in enumerate(cohort.returned):
            year, month = divmod(begin[0] * 12 + begin[1] - 1 + later, 12)
            assert people == sum((year, month + 1) in months[no] for no in mine)
        assert (begin[0] * 12 + begin[1] + cohort.complete) == NOW.year * 12 + NOW.month


def test_a_figure_is_described(project: Project, orders) -> None:
    totals = [sum(amount for _, amount in each) for each in orders.values()]
    totals += [0.0] * (120 - len(orders))
    found = project.describe("spend_total")
    summary = found.groups["everybody"]
    assert summary["known"] == 120
    assert summary["mean"] == pytest.approx(mean(totals))
    assert summary["spread"] == pytest.approx(stdev(totals))
    assert summary["highest"] == pytest.approx(max(totals))
    assert sum(row["everybody"] for row in found.bars) == 120


def test_a_segment_stands_beside_everybody_else(project: Project) -> None:
    found = project.describe("city", "grown")
    inside = len(project.members("grown"))
    assert set(found.groups) == {"grown", "else"}
    assert sum(row["grown"] for row in found.bars) == found.groups["grown"]["known"] <= inside
    assert {row["value"] for row in found.bars} == {"Berlin", "Bonn"}


def test_two_figures_correlate(project: Project, orders) -> None:
    pairs = [(len(each), sum(amount for _, amount in each)) for each in orders.values()]
    pairs += [(0, 0.0)] * (120 - len(orders))
    found = project.correlate("orders_total", "spend_total")
    assert found.correlation == pytest.approx(correlation(*zip(*pairs, strict=True)))
    assert found.low < found.correlation < found.high
    assert sum(map(sum, found.grid)) == found.n == 120


def test_what_explains_spend_is_how_often_they_buy(project: Project) -> None:
    found = project.relate("spend_total", ["orders_total", "age"])
    assert [row["trait"] for row in found.rows] == ["orders_total", "age"]
    assert found.rows[0]["low"] > 0
    assert found.rows[0]["q"] < 0.001
    assert 0.5 < found.share <= 1


def test_who_is_in_a_segment_is_explained(project: Project) -> None:
    found = project.relate("may")
    assert found.how == "logistic"
    assert found.n > 0


def test_what_cannot_be_asked_is_said(project: Project) -> None:
    with pytest.raises(CarpelError, match="personal"):
        project.describe("email")
    with pytest.raises(NotFound):
        project.describe("spent_total")
    with pytest.raises(NotFound):
        project.relate("nothing_such")
    with pytest.raises(CarpelError, match="category"):
        project.relate("city")
    with pytest.raises(CarpelError, match="order"):
        project.correlate("city", "age")


def test_the_report_shows_who_orders_again(text: str) -> None:
    assert "Who orders again" in text
