"""Windows and calendar periods as instants, by the day against counting and by known answers."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from carpel.engine.duckdb import DuckDB
from carpel.engine.query import literal, query
from carpel.evaluation.comparisons import condition
from carpel.evaluation.days import _changes, ahead
from carpel.evaluation.sets import Sets, at_least, counted, every, opposite, some
from carpel.evaluation.windows import (
    Span,
    calendar_edges,
    instants,
    local,
    shift,
    span,
    utc,
)
from carpel.language import Calendar, Period, RuleError, Window, comparison, parse, period
from carpel.language.nodes import Did

UTC_ZONE, BERLIN = ZoneInfo("UTC"), ZoneInfo("Europe/Berlin")
KOLKATA = ZoneInfo("Asia/Kolkata")
TICK = timedelta(microseconds=1)
NOON = datetime.fromisoformat("2026-03-31T12:00")
moments = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1))  # noqa: DTZ001


def number_of(day: date, unit: str) -> int:
    """Which one it is of its kind, counted from the beginning of time."""
    months = 12 * day.year + day.month - 1
    return {
        "day": day.toordinal(),
        "week": (day.toordinal() - 1) // 7,
        "month": months,
        "quarter": months // 3,
        "year": day.year,
    }[unit]


@given(
    moments,
    st.sampled_from(["day", "week", "month", "quarter", "year"]),
    st.integers(0, 5),
    st.sampled_from([UTC_ZONE, BERLIN, KOLKATA]),
)
@settings(max_examples=200, deadline=None)
def test_a_calendar_period_holds_the_days_that_have_its_number(
    moment: datetime, unit: Any, count: int, zone: ZoneInfo
) -> None:
    first, last = calendar_edges(Calendar(unit, count), moment, zone)
    assert first.time() == last.time() == time()
    today = moment.replace(tzinfo=UTC).astimezone(zone).date()

    def inside(day: date) -> bool:
        before = number_of(today, unit) - number_of(day, unit)
        return 1 <= before <= count if count else before == 0

    for edge in (first.date(), last.date()):
        for day in (edge - timedelta(days=1), edge, edge + timedelta(days=1)):
            assert inside(day) == (first.date() <= day < last.date()), day
    assert inside(first.date())


SHIFTS = [
    ("2026-03-31T12:00", "1 month", UTC_ZONE, "2026-02-28T12:00", "2026-04-30T12:00"),
    ("2024-02-29T12:00", "1 year", UTC_ZONE, "2023-02-28T12:00", "2025-02-28T12:00"),
    ("2024-02-29T12:00", "4 years", UTC_ZONE, "2020-02-29T12:00", "2028-02-29T12:00"),
    ("2026-01-15T12:00", "1 month", UTC_ZONE, "2025-12-15T12:00", "2026-02-15T12:00"),
    ("2026-12-15T12:00", "13 months", UTC_ZONE, "2025-11-15T12:00", "2028-01-15T12:00"),
    ("2026-03-31T12:00", "36 hours", UTC_ZONE, "2026-03-30T00:00", "2026-04-02T00:00"),
    ("2026-03-31T12:00", "2 weeks", UTC_ZONE, "2026-03-17T12:00", "2026-04-14T12:00"),
    ("2026-04-15T22:30", "1 month", BERLIN, "2026-03-15T23:30", "2026-05-15T22:30"),
    ("2026-04-15T22:30", "31 days", BERLIN, "2026-03-15T22:30", "2026-05-16T22:30"),
]


@pytest.mark.parametrize(("moment", "by", "zone", "back", "on"), SHIFTS)
def test_a_moment_is_shifted_back_and_on(
    moment: str, by: str, zone: ZoneInfo, back: str, on: str
) -> None:
    began = datetime.fromisoformat(moment)
    assert shift(began, period(by), zone) == datetime.fromisoformat(back)
    assert shift(began, period(by), zone, back=False) == datetime.fromisoformat(on)


def test_an_instant_without_a_zone_is_read_on_the_clocks_given() -> None:
    assert utc(NOON, BERLIN) == datetime.fromisoformat("2026-03-31T10:00")
    assert utc(NOON.replace(tzinfo=UTC), BERLIN) == NOON
    assert local(NOON, BERLIN).isoformat() == "2026-03-31T14:00:00+02:00"
    assert instants(NOON, BERLIN) == (NOON - timedelta(hours=2), NOON - timedelta(hours=2) + TICK)
    begin = datetime.fromisoformat("2026-03-28T23:00")  # a day of 23 hours
    assert instants(date(2026, 3, 29), BERLIN) == (begin, begin + timedelta(hours=23))


def window_of(said: str) -> Window:
    node = parse(f"did x {said}")
    assert isinstance(node, Did)
    return node.window


SPANS = [
    ("", None, "2026-03-31T12:00", 1),
    ("in 30 days", "2026-03-01T12:00", "2026-03-31T12:00", 1),
    ("in 1 month", "2026-02-28T12:00", "2026-03-31T12:00", 1),
    ("up to 2 days ago", None, "2026-03-29T12:00", 1),
    ("in 30 days up to 2 days ago", "2026-02-27T12:00", "2026-03-29T12:00", 1),
    ("in 1 month up to 1 month ago", "2026-01-31T12:00", "2026-02-28T12:00", 1),
    ("in 1 year up to 6 months ago", "2024-09-30T12:00", "2025-09-30T12:00", 1),
    ("in 6 months up to 1 year ago", "2024-09-30T12:00", "2025-03-31T12:00", 1),
    ("in 1 month up to 31 days ago", "2026-01-28T12:00", "2026-02-28T12:00", 1),
    ("in 31 days up to 1 month ago", "2026-01-28T12:00", "2026-02-28T12:00", 1),
    ("until 2026-03-01", None, "2026-03-02T00:00", 0),
    ("until 2026-05-01", None, "2026-03-31T12:00", 1),
    ("until 2026-03-01T10:00", None, "2026-03-01T10:00", 1),
    ("during today", "2026-03-31T00:00", "2026-03-31T12:00", 1),
    ("during yesterday", "2026-03-30T00:00", "2026-03-31T00:00", 0),
    ("during last 2 weeks", "2026-03-16T00:00", "2026-03-30T00:00", 0),
]


@pytest.mark.parametrize(("said", "start", "end", "ticks"), SPANS)
def test_a_window_is_these_instants(said: str, start: str | None, end: str, ticks: int) -> None:
    begin = datetime.fromisoformat(start) if start else None
    if begin and "in " in said:
        begin += TICK
    if "during" in said or "until" in said:
        begin = datetime.fromisoformat(start) if start else None
    expected = Span(begin, datetime.fromisoformat(end) + ticks * TICK)
    assert span(window_of(said), NOON, UTC_ZONE) == expected


def test_periods_beyond_the_calendar_are_refused() -> None:
    for unit in ("day", "week", "month", "quarter", "year"):
        with pytest.raises(RuleError, match="leads beyond the calendar"):
            calendar_edges(Calendar(unit, 999_999), NOON, UTC_ZONE)  # type: ignore[arg-type]
    for unit in ("hours", "days", "weeks", "months", "years"):
        with pytest.raises(RuleError, match="leads beyond the calendar"):
            shift(NOON, Period(99_999_999, unit), UTC_ZONE)  # type: ignore[arg-type]


# ---- what a zone is ahead of UTC, without asking an engine ----

ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"]


def offset(moment: datetime, zone: ZoneInfo) -> int:
    found = moment.replace(tzinfo=UTC).astimezone(zone).utcoffset()
    assert found is not None
    return int(found.total_seconds())


@pytest.mark.parametrize("name", [*ZONES, "Africa/Casablanca", "Pacific/Apia"])
def test_the_changes_of_a_zone_are_found_to_the_second(name: str) -> None:
    zone = ZoneInfo(name)
    changes = _changes(zone)
    assert changes[0][0] == datetime(1970, 1, 1)  # noqa: DTZ001
    for when, seconds in changes:
        assert offset(when, zone) == seconds
    for (_, before), (when, _) in pairwise(changes):
        assert offset(when - timedelta(seconds=1), zone) == before
    for days in range(0, 365 * 130, 5):
        when = datetime(1970, 1, 1) + timedelta(days=days, hours=7)  # noqa: DTZ001
        if when.year < 2100:
            assert [each for at, each in changes if at <= when][-1] == offset(when, zone), when


def evaluated(expr: Any, values: list[Any]) -> list[Any]:
    rows = query(
        "SELECT :it FROM (SELECT UNNEST([:all]) AS at) AS t",
        it=expr,
        all=[literal(each) for each in values],
    )
    return [row[0] for row in DuckDB().rows(rows)]


@pytest.mark.parametrize("name", ZONES)
def test_an_engine_adds_what_a_zone_is_ahead(name: str) -> None:
    zone = ZoneInfo(name)
    near = [timedelta(seconds=each) for each in (-1, 0, 1)]
    listed = [when + each for when, _ in _changes(zone)[1:60:7] for each in near]
    listed += [NOON, datetime.fromisoformat("1975-06-01T00:00")]
    assert evaluated(ahead(query("at"), zone), listed) == [offset(each, zone) for each in listed]


# ---- weekdays and anniversaries of dates ----


def holding(said: Any, moment: str, days: list[date]) -> list[date]:
    at = datetime.fromisoformat(moment)
    holds = condition(query("at"), "date", comparison(said), moment=at, zone=UTC_ZONE)
    found = evaluated(holds, days)
    return [day for day, held in zip(days, found, strict=True) if held]


def test_each_day_of_the_week_is_itself_before_1970_and_after() -> None:
    names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    days = [date(1969, 12, 22) + timedelta(days=n) for n in range(21)]
    for number, name in enumerate(names):
        found = holding({"weekday": name}, "2026-01-01T12:00", days)
        assert found == [day for day in days if day.weekday() == number]


BORN = [
    date(1990, 2, 27),
    date(1990, 2, 28),
    date(1992, 2, 29),
    date(1990, 3, 1),
    date(1990, 3, 2),
    date(1990, 12, 31),
    date(1990, 1, 1),
]
ANNIVERSARIES = [
    ("2027-02-27T12:00", "1 day", [0, 1, 2]),
    ("2027-02-28T12:00", "1 day", [1, 2, 3]),
    ("2027-03-01T12:00", "1 day", [3, 4]),
    ("2028-02-27T12:00", "1 day", [0, 1]),
    ("2028-02-28T12:00", "1 day", [1, 2]),
    ("2028-02-29T12:00", "1 day", [2, 3]),
    ("2028-12-31T12:00", "1 day", [5, 6]),
    ("2028-12-31T12:00", "1 hour", [5]),
    ("2028-12-30T12:00", "24 hours", [5]),
    ("2028-12-30T12:00", "365 days", [0, 1, 2, 3, 4, 5, 6]),
    ("2026-03-03T12:00", "364 days", [0, 1, 2, 3, 4, 5, 6]),
    ("2026-03-03T12:00", "363 days", [0, 1, 2, 3, 5, 6]),
    ("2026-03-03T12:00", "10 years", [0, 1, 2, 3, 4, 5, 6]),
]


@pytest.mark.parametrize(("moment", "within", "who"), ANNIVERSARIES)
def test_anniversaries_that_come_within_so_long(moment: str, within: str, who: list[int]) -> None:
    found = holding({"anniversary_in": within}, moment, BORN)
    assert [BORN.index(each) for each in found] == who


def test_the_day_itself_is_no_anniversary() -> None:
    days = [date(2026, 3, 1), date(2026, 3, 2), date(2025, 3, 1)]
    assert holding({"anniversary_in": "3 days"}, "2026-03-01T12:00", days) == [date(2025, 3, 1)]
    assert holding({"anniversary_in": "2 years"}, "2026-03-01T12:00", days) == [date(2025, 3, 1)]


# ---- Kleene's logic on sets is that on each person ----

PEOPLE = range(5)


@st.composite
def verdicts(draw: st.DrawFn) -> list[Sets]:
    listed = draw(st.lists(st.lists(st.sampled_from([True, False, None]), min_size=5, max_size=5)))
    return [made(each) for each in listed[:5]]


def made(held: list[bool | None]) -> Sets:
    return Sets(
        BitMap(who for who in PEOPLE if held[who]),
        BitMap(who for who in PEOPLE if held[who] is None),
    )


def of(who: int, sets: Sets) -> bool | None:
    return True if who in sets.yes else None if who in sets.unknown else False


@given(verdicts(), st.integers(1, 6))
def test_logic_on_sets_is_that_on_each_person(children: list[Sets], least: int) -> None:
    everybody = BitMap(PEOPLE)
    for who in PEOPLE:
        held = [of(who, each) for each in children]
        sure, maybe = held.count(True), held.count(None)
        all_of = False if False in held else None if None in held else True
        any_of = True if True in held else None if None in held else False
        some_of = True if sure >= least else None if sure + maybe >= least else False
        assert of(who, every(children, everybody)) is all_of
        assert of(who, some(children)) is any_of
        assert of(who, at_least(least, children)) is some_of
        for each in children:
            told = of(who, each)
            assert of(who, opposite(each, everybody)) is (None if told is None else not told)
            assert of(who, counted(each)) is (True if told is None else told)
