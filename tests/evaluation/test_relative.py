"""Thresholds of comparisons of people with each other, against counting person by person."""

import math
from datetime import date, datetime, timedelta
from fractions import Fraction
from statistics import mean, stdev
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.engine.duckdb import DuckDB
from carpel.engine.query import literal, query
from carpel.evaluation.comparisons import condition
from carpel.evaluation.relative import Ranges, frozen
from carpel.evaluation.windows import calendar_edges
from carpel.language import Comparison, calendar, comparison, period

VALUES = st.lists(st.integers(-3, 6).map(float), min_size=1, max_size=40)


def inside(ranges: Ranges, value: float) -> bool:
    return any(
        (start is None or value >= start) and (end is None or value < end)
        for start, end in ranges.spans
    )


@given(VALUES, st.integers(1, 100))
def test_the_top_share_has_fewer_than_that_share_above(values: list[float], percent: int) -> None:
    ranges = frozen(Comparison("top", percent / 100), sorted(values))
    for value in values:
        above = sum(each > value for each in values)
        assert inside(ranges, value) == (Fraction(above, len(values)) < Fraction(percent, 100))


@given(VALUES, st.integers(1, 100))
def test_the_bottom_share_is_the_top_of_the_opposites(values: list[float], percent: int) -> None:
    lowest = frozen(Comparison("bottom", percent / 100), sorted(values))
    highest = frozen(Comparison("top", percent / 100), sorted(-each for each in values))
    assert [inside(lowest, each) for each in values] == [inside(highest, -each) for each in values]


TENTHS = [
    ({"at_least": 9}, {9, 10}),
    ({"at_most": 3}, {1, 2, 3}),
    (5, {5}),
    ([1, 10], {1, 10}),
    ({"between": [4, 7]}, {4, 5, 6, 7}),
    ({"is_not": 2}, {1, 3, 4, 5, 6, 7, 8, 9, 10}),
]


@given(VALUES, st.sampled_from(TENTHS))
def test_deciles_are_one_and_ten_times_the_share_below(
    values: list[float], said: tuple[object, set[int]]
) -> None:
    told, wanted = said
    ranges = frozen(comparison({"decile": told}), sorted(values))
    for value in values:
        below = sum(each < value for each in values)
        decile = min(10, 1 + 10 * below // len(values))
        assert inside(ranges, value) == (decile in wanted)


@given(VALUES, st.floats(-2, 2, allow_nan=False))
def test_z_scores(values: list[float], score: float) -> None:
    ranges = frozen(comparison({"zscore": {"more_than": score}}), sorted(values))
    spread = stdev(values) if len(values) > 1 else 0
    for value in values:
        z = (value - mean(values)) / spread if spread else 0.0
        if not math.isclose(z, score, abs_tol=1e-9):
            assert inside(ranges, value) == (z > score)


def test_nobody_is_in_the_top_of_nothing():
    assert frozen(Comparison("top", 0.1), []) == Ranges(())


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("today", "2026-05-14", "2026-05-15"),
        ("yesterday", "2026-05-13", "2026-05-14"),
        ("this week", "2026-05-11", "2026-05-18"),
        ("last week", "2026-05-04", "2026-05-11"),
        ("this month", "2026-05-01", "2026-06-01"),
        ("last 3 months", "2026-02-01", "2026-05-01"),
        ("this quarter", "2026-04-01", "2026-07-01"),
        ("last quarter", "2026-01-01", "2026-04-01"),
        ("last year", "2025-01-01", "2026-01-01"),
        ("last 2 quarters", "2025-10-01", "2026-04-01"),
    ],
)
def test_calendar_periods_seen_from_a_thursday(said: str, first: str, last: str) -> None:
    # 23:30 UTC on the 13th is the 14th in Amsterdam
    zone, moment = ZoneInfo("Europe/Amsterdam"), datetime.fromisoformat("2026-05-13T23:30")
    edges = calendar_edges(calendar(said), moment, zone)
    assert [f"{each:%Y-%m-%d}" for each in edges] == [first, last]


ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC")


@pytest.mark.slow
@pytest.mark.parametrize("zone", ZONES)
def test_weekdays_and_anniversaries_are_those_of_the_local_calendar(zone: str) -> None:
    there, moment = ZoneInfo(zone), datetime.fromisoformat("2027-02-20T12:00")
    instants = [
        datetime.fromisoformat("1996-02-28T03:00") + timedelta(hours=7 * n)
        for n in range(0, 40_000, 37)
    ]
    local = [each.replace(tzinfo=ZoneInfo("UTC")).astimezone(there).date() for each in instants]
    engine = DuckDB()
    for day, name in enumerate(("monday", "wednesday", "sunday")):
        number = (0, 2, 6)[day]
        found = _holds(engine, instants, comparison({"weekday": name}), moment, there)
        assert found == [each.weekday() == number for each in local], name
    ahead = comparison({"anniversary_in": period("10 days")})
    days = [date(2027, 2, 20) + timedelta(days=n) for n in range(11)]
    found = _holds(engine, instants, ahead, moment, there)
    assert found == [_celebrates(each, days) for each in local]


def _celebrates(born: date, days: list[date]) -> bool:
    leapling = (born.month, born.day) == (2, 29)
    codes = {(each.month, each.day) for each in days}
    if leapling and (2, 28) in codes:
        return True
    return born < days[0] and (born.month, born.day) in codes


def _holds(
    engine: DuckDB, instants: list[datetime], said: Comparison, moment: datetime, zone: ZoneInfo
) -> list[bool]:
    holds = condition(query("at"), "instant", said, moment=moment, zone=zone)
    rows = query(
        "SELECT :holds FROM (SELECT UNNEST([:all]) AS at) AS t",
        holds=holds,
        all=[literal(each) for each in instants],
    )
    return [row[0] for row in engine.rows(rows)]
