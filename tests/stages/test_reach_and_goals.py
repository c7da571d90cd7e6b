"""Reach and goals against figures counted by hand."""

from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest
from pyroaring import BitMap

from carpel.evaluation.bitmaps import to_bytes
from carpel.specs import Definitions, Goal, Lifecycle, Project, Segment
from carpel.stages.goals import Goals
from carpel.stages.reach import Reach
from carpel.testing.line import line_with, read, take


def moment(year: int, month: int, day: int) -> datetime:
    """As tables hold it: UTC without a zone."""
    return datetime(year, month, day, tzinfo=UTC).replace(tzinfo=None)


def day(number: int) -> datetime:
    return moment(2026, 1, number)


@pytest.fixture
def line(tmp_path):
    orders = pa.table(
        {
            "customer": [1, 1, 2, 3],
            "at": [day(1), day(2), day(3), moment(2024, 1, 1)],
            "amount": [1.0, 2.0, 3.0, 50.0],
        }
    )
    sets = {"both": BitMap([1, 2]), "second": BitMap([2]), "nobody": BitMap()}
    memberships = pa.table(
        {
            "segment": list(sets),
            "part": ["members"] * 3,
            "cause": [""] * 3,
            "people": [2, 1, 0],
            "members": list(map(to_bytes, sets.values())),
        }
    )
    contacts = pa.table({"customer": [1, 2, 3], "email": ["a@x.example", None, "c@x.example"]})
    consents = pa.table(
        {
            "customer": [1, 2, 3],
            "channel": ["email"] * 3,
            "purpose": ["marketing"] * 3,
            "granted": [True, True, False],
            "suppressed": [False, True, False],
        }
    )
    goals = {
        name: Goal(name=name, metric=metric, target=0.4, by=date(2027, 1, 1), segment=segment)
        for name, metric, segment in [
            ("repeat", "repeat_purchase_rate", None),
            ("active", "active_customers", None),
            ("money", "revenue", "second"),
            ("none", "repeat_purchase_rate", "nobody"),
        ]
    }
    given = {
        "customers": pa.table({"customer": [1, 2, 3, 4]}),
        "event_order_completed": orders,
        "memberships": memberships,
        "contacts": contacts,
        "consents": consents,
    }
    definitions = Definitions(
        Project(name="x"),
        goals=goals,
        segments={"second": Segment(name="second", where={"people": [2]})},
    )
    return line_with(
        tmp_path, given, definitions=definitions, as_of=datetime(2026, 2, 1, tzinfo=UTC)
    )


def test_goals_count_the_year_before_as_of(line):
    rows = {
        row["goal"]: (row["value"], row["n"], row["of"])
        for row in read(take(line, [Goals()]), "goals")
    }
    assert rows == {
        "repeat": (0.5, 1, 2),
        "active": (2.0, 2, 2),
        "money": (3.0, 1, 1),
        "none": (None, 0, 0),
    }


def walked(tmp_path, metric, segment=None, by=date(2026, 10, 29)):
    """The goal and its path, where n people buy n times in the nth of twenty months before now."""
    now = datetime(2026, 7, 1, tzinfo=UTC)
    bought = [
        (who, now.replace(tzinfo=None) - timedelta(days=30 * (20 - month) - 1), 10.0)
        for month in range(1, 21)
        for who in range(1, 1 + month)
    ]
    goal = Goal(name="it", metric=metric, target=5, by=by, segment=segment, within_days=30)
    given = {
        "customers": pa.table({"customer": list(range(1, 21))}),
        "event_order_completed": pa.table(
            dict(zip(("customer", "at", "amount"), zip(*bought, strict=True), strict=True))
        ),
    }
    definitions = Definitions(Project(name="x"), goals={"it": goal})
    line = line_with(tmp_path, given, definitions=definitions, as_of=now)
    done = take(line, [Goals()])
    path = sorted(read(done, "goal_path"), key=lambda row: row["at"])
    return read(done, "goals")[0], path, now


def test_the_path_of_a_goal_is_its_figure_at_moments_a_month_apart(tmp_path):
    goal, path, now = walked(tmp_path, "active_customers")
    assert [(row["value"], row["n"]) for row in path] == [(n, n) for n in range(7, 20)]
    assert [(now.replace(tzinfo=None) - row["at"]).days for row in path] == list(
        range(360, -1, -30)
    )
    # one person more each month, four months and the day itself to go: nothing strays
    assert goal["ends"] == pytest.approx(19 + 121 / 30)
    assert goal["ends_low"] == pytest.approx(goal["ends"]) == goal["ends_high"]


def test_a_goal_whose_day_is_over_ends_nowhere(tmp_path):
    goal, path, _ = walked(tmp_path, "revenue", by=date(2026, 6, 30))
    assert goal["ends"] is None and len(path) == 13
    assert [row["value"] for row in path[-2:]] == [180.0, 190.0]


def test_without_orders_the_event_of_a_lifecycle_says_who_is_active(tmp_path):
    visits = pa.table(
        {
            "customer": [1, 1, 2, 3],
            "at": [moment(2026, 1, 5), moment(2026, 1, 6), moment(2025, 6, 1), moment(2024, 1, 1)],
        }
    )
    goals = {
        metric: Goal(name=metric, metric=metric, target=1, by=date(2027, 1, 1))
        for metric in ("active_customers", "revenue", "repeat_purchase_rate")
    }
    cycle = Lifecycle(name="cycle", kind="lifecycle", event="checked_in")
    definitions = Definitions(Project(name="x"), goals=goals, segmentations={"cycle": cycle})
    given = {
        "customers": pa.table({"customer": [1, 2, 3, 4]}),
        "aliases": pa.table({"customer": pa.array([], pa.int64()), "survivor": []}),
        "event_checked_in": visits,
    }
    line = line_with(
        tmp_path, given, definitions=definitions, as_of=datetime(2026, 2, 1, tzinfo=UTC)
    )
    rows = {row["goal"]: row["value"] for row in read(take(line, [Goals()]), "goals")}
    assert rows == {"active_customers": 2.0, "revenue": None, "repeat_purchase_rate": None}


def test_reach_needs_address_and_permission_and_no_objection(line):
    rows = {row["segment"]: row for row in read(take(line, [Reach()]), "reach")}
    assert rows["both"] == {
        "segment": "both",
        "channel": "email",
        "people": 2,
        "with_address": 1,
        "permitted": 2,
        "suppressed": 1,
        "reachable": 1,
    }
    assert rows["second"]["reachable"] == 0
    assert rows["nobody"]["people"] == 0


def test_post_needs_a_street(tmp_path):
    memberships = pa.table(
        {
            "segment": ["all"],
            "part": ["members"],
            "cause": [""],
            "people": [2],
            "members": [to_bytes(BitMap([1, 2]))],
        }
    )
    contacts = pa.table({"customer": [1, 2], "t_street": ["Mill Lane 1", None]})
    consents = pa.table(
        {
            "customer": [1, 2],
            "channel": ["post"] * 2,
            "purpose": ["marketing"] * 2,
            "granted": [True, True],
            "suppressed": [False, False],
        }
    )
    line = line_with(
        tmp_path, {"memberships": memberships, "contacts": contacts, "consents": consents}
    )
    rows = read(take(line, [Reach()]), "reach")
    (row,) = [each for each in rows if each["segment"] == "all"]
    assert (row["channel"], row["with_address"], row["reachable"]) == ("post", 1, 1)
