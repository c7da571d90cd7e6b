"""How values of each kind compare, in the engine, against Python's own comparisons."""

from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from carpel.engine.duckdb import DuckDB
from carpel.engine.kinds import STORED
from carpel.engine.query import literal, query
from carpel.evaluation.candidates import typed
from carpel.evaluation.comparisons import Clock, condition, edges, kind_of
from carpel.evaluation.fitting import called, fitted
from carpel.evaluation.relative import Ranges, frozen
from carpel.language import Calendar, Comparison, Period, RuleError, comparison

UTC, BERLIN = ZoneInfo("UTC"), ZoneInfo("Europe/Berlin")
NOON = datetime.fromisoformat("2026-03-31T12:00")
TICK, DAY = timedelta(microseconds=1), timedelta(days=1)


@cache
def engine() -> DuckDB:
    return DuckDB()


def held(kind: str, said: Any, values: list[Any], zone: ZoneInfo = UTC) -> list[bool | None]:
    """How each value compares."""
    compared = said if isinstance(said, Comparison) else comparison(said)
    rows = query(
        "SELECT :holds FROM (SELECT UNNEST([:all]) AS it) AS t",
        holds=condition(query("it"), kind, compared, moment=NOON, zone=zone),
        all=[typed(each, STORED[kind]) for each in values],
    )
    return [row[0] for row in engine().rows(rows)]


def plainly(said: Any) -> str | None:
    return None if callable(said) else str(said)


NUMBERS = [-1, 0, 1, 2, 3, None]
OF_NUMBERS = [
    (1, lambda x: x == 1),
    ({"is_not": 1}, lambda x: x != 1),
    ({"less_than": 1}, lambda x: x < 1),
    ({"at_most": 1}, lambda x: x <= 1),
    ({"more_than": 1}, lambda x: x > 1),
    ({"at_least": 1}, lambda x: x >= 1),
    ({"between": [0, 2]}, lambda x: 0 <= x <= 2),
    ({"in": [0, 3]}, lambda x: x in (0, 3)),
    ({"any_of": [0, "3"]}, lambda x: x in (0, 3)),
    ({"not_in": [0, 3]}, lambda x: x not in (0, 3)),
    ({"none_of": [0, 3]}, lambda x: x not in (0, 3)),
    ({"is": "1"}, lambda x: x == 1),
    ({"at_least": "0.5"}, lambda x: x >= 0.5),
]


@pytest.mark.parametrize(("said", "naive"), OF_NUMBERS, ids=plainly)
@pytest.mark.parametrize("kind", ["integer", "number"])
def test_numbers(kind: str, said: Any, naive: Any) -> None:
    assert held(kind, said, NUMBERS) == [None if x is None else naive(x) for x in NUMBERS]


@pytest.mark.parametrize("kind", STORED)
def test_presence_is_always_known(kind: str) -> None:
    value = {"boolean": True, "list": ["a"], "date": date(2026, 1, 1), "instant": NOON}
    values = [value.get(kind, 1), None]
    assert held(kind, {"is_set": True}, values) == [True, False]
    assert held(kind, {"is_missing": True}, values) == [False, True]


WORDS = ["Bonn", "bonn", "Bönn", "", "Rome", None]
OF_WORDS = [
    ({"is": "Bonn"}, [True, False, False, False, False]),
    ({"is": "BÖNN", "fold": True}, [True, True, True, False, False]),
    ({"is_not": "bonn", "fold": True}, [False, False, False, True, True]),
    ({"in": ["BONN", "rome"], "fold": True}, [True, True, True, False, True]),
    ({"not_in": ["Bonn", "Rome"]}, [False, True, True, True, False]),
    ({"contains": "on"}, [True, True, False, False, False]),
    ({"contains": "ON", "fold": True}, [True, True, True, False, False]),
    ({"starts_with": "B"}, [True, False, True, False, False]),
    ({"ends_with": "nn"}, [True, True, True, False, False]),
    ({"matches": "^B.n+$"}, [True, False, True, False, False]),
    ({"length": 4}, [True, True, True, False, True]),
    ({"length": {"less_than": 4}}, [False, False, False, True, False]),
    ({"is_empty": True}, [False, False, False, True, False]),
    ({"between": ["Bonn", "Rome"]}, [True, False, True, False, True]),
    ({"less_than": "C"}, [True, False, True, True, False]),
]


@pytest.mark.parametrize(("said", "expected"), OF_WORDS, ids=str)
def test_words(said: Any, expected: list[bool]) -> None:
    assert held("text", said, WORDS) == [*expected, None]
    if "fold" not in said and "matches" not in said:
        assert held("a kind of its own", said, WORDS[:0]) == []


def test_numbers_among_words_are_compared_as_they_are_written() -> None:
    assert held("text", {"is": 5}, ["5", "5.0"]) == [True, False]
    assert held("text", {"in": [5.0, 1.5]}, ["5", "5.0", "1.5"]) == [True, False, True]
    assert held("text", {"is": date(2026, 3, 1)}, ["2026-03-01"]) == [True]


def test_truths() -> None:
    for said, expected in (
        (True, [True, False, None]),
        ("No", [False, True, None]),
        ({"is_not": 1}, [False, True, None]),
        ({"in": [True, "n"]}, [True, True, None]),
        ({"not_in": ["yes"]}, [False, True, None]),
    ):
        assert held("boolean", said, [True, False, None]) == expected, said


LISTS = [["a", "b"], ["b"], [], ["c", "c"], None]
OF_LISTS = [
    ({"any_of": ["a", "c"]}, [True, False, False, True]),
    ({"in": ["a", "c"]}, [True, False, False, True]),
    ({"contains": "b"}, [True, True, False, False]),
    ({"all_of": ["a", "b"]}, [True, False, False, False]),
    ({"none_of": ["a", "c"]}, [False, True, True, False]),
    ({"not_in": ["b"]}, [False, False, True, True]),
    ({"length": 2}, [True, False, False, True]),
    ({"length": {"at_most": 1}}, [False, True, True, False]),
    ({"is_empty": True}, [False, False, True, False]),
]


@pytest.mark.parametrize(("said", "expected"), OF_LISTS, ids=str)
def test_lists(said: Any, expected: list[bool]) -> None:
    assert held("list", said, LISTS) == [*expected, None]


TODAY = date(2026, 3, 31)
FAR = [*range(-70, -55), *range(-35, -25), *range(-10, 11), 364, 365, 366]
DAYS = [TODAY + DAY * n for n in FAR]
OF_DAYS = [
    ({"is": TODAY}, lambda d: d == TODAY),
    ({"on": TODAY}, lambda d: d == TODAY),
    ({"is_not": TODAY}, lambda d: d != TODAY),
    ({"before": TODAY}, lambda d: d < TODAY),
    ({"less_than": TODAY}, lambda d: d < TODAY),
    ({"at_most": TODAY}, lambda d: d <= TODAY),
    ({"after": TODAY}, lambda d: d > TODAY),
    ({"more_than": TODAY}, lambda d: d > TODAY),
    ({"at_least": TODAY}, lambda d: d >= TODAY),
    ({"between": [TODAY - 3 * DAY, TODAY]}, lambda d: -3 <= (d - TODAY).days <= 0),
    ({"in": [TODAY, TODAY + 2 * DAY]}, lambda d: (d - TODAY).days in (0, 2)),
    ({"not_in": [TODAY, TODAY + 2 * DAY]}, lambda d: (d - TODAY).days not in (0, 2)),
    ({"any_of": [TODAY]}, lambda d: d == TODAY),
    ({"none_of": [TODAY]}, lambda d: d != TODAY),
    ({"in_last": "3 days"}, lambda d: -3 < (d - TODAY).days <= 0),
    ({"not_in_last": "3 days"}, lambda d: not -3 < (d - TODAY).days <= 0),
    ({"in_last": "1 month"}, lambda d: date(2026, 2, 28) < d <= TODAY),
    ({"in_next": "3 days"}, lambda d: 0 <= (d - TODAY).days <= 3),
    ({"older_than": "3 days"}, lambda d: (d - TODAY).days <= -3),
    ({"during": "this month"}, lambda d: (d.year, d.month) == (2026, 3)),
    ({"during": "last month"}, lambda d: (d.year, d.month) == (2026, 2)),
    ({"during": "today"}, lambda d: d == TODAY),
    ({"weekday": ["monday", "friday"]}, lambda d: d.weekday() in (0, 4)),
    ({"is": "2026-03-31"}, lambda d: d == TODAY),
]


@pytest.mark.parametrize(("said", "naive"), OF_DAYS, ids=plainly)
def test_days_by_the_day_and_instants_by_theirs(said: Any, naive: Any) -> None:
    assert held("date", said, [*DAYS, None]) == [*map(naive, DAYS), None]
    if not {"in_last", "not_in_last", "in_next", "older_than"} & set(said):
        instants = [datetime.combine(each, NOON.time()) for each in DAYS]
        assert held("instant", said, [*instants, None]) == [*map(naive, DAYS), None]
        late = [each.replace(hour=22, minute=30) for each in instants]  # the next day there
        berlin = [naive((each + 2 * timedelta(hours=1)).date()) for each in late]
        summer = [n for n, each in enumerate(late) if each >= datetime(2026, 3, 30)]  # noqa: DTZ001
        found = held("instant", said, late, BERLIN)
        assert [found[n] for n in summer] == [berlin[n] for n in summer]


OF_INSTANTS = [
    ({"in_last": "2 hours"}, [False, False, True, True, True, False, False, False]),
    ({"not_in_last": "2 hours"}, [True, True, False, False, False, True, True, True]),
    ({"older_than": "2 hours"}, [True, True, False, False, False, False, False, False]),
    ({"in_next": "2 hours"}, [False, False, False, False, False, True, True, False]),
    ({"after": NOON}, [False, False, False, False, False, True, True, True]),
    ({"before": NOON}, [True, True, True, True, False, False, False, False]),
    ({"at_least": NOON}, [False, False, False, False, True, True, True, True]),
    ({"at_most": NOON}, [True, True, True, True, True, False, False, False]),
    ({"is": NOON}, [False, False, False, False, True, False, False, False]),
    ({"is_not": NOON}, [True, True, True, True, False, True, True, True]),
    ({"between": [NOON - TICK, NOON]}, [False, False, False, True, True, False, False, False]),
]
TWO = timedelta(hours=2)
AROUND = [
    *(NOON - TWO - TICK, NOON - TWO, NOON - TWO + TICK, NOON - TICK),
    *(NOON, NOON + TICK, NOON + TWO, NOON + TWO + TICK),
]


@pytest.mark.parametrize(("said", "expected"), OF_INSTANTS, ids=str)
def test_instants_to_the_microsecond(said: Any, expected: list[bool]) -> None:
    assert held("instant", said, AROUND) == expected


UNFIT = [
    ("integer", {"contains": "3"}, "`contains` does not compare a number"),
    ("boolean", {"between": [0, 1]}, "`between` does not compare true or false"),
    ("text", {"all_of": ["a"]}, "`all_of` does not compare text"),
    ("list", {"starts_with": "a"}, "`starts_with` does not compare a list"),
    ("list", {"is": "a"}, "`eq` does not compare a list"),
    ("date", {"length": 3}, "is not a date"),
    ("date", {"any_of": [3]}, "3 is not a date"),
    ("date", {"is": True}, "true is not a date"),
    ("instant", {"all_of": ["2026-01-01"]}, "`all_of` does not compare a date"),
    ("integer", {"is": True}, "true is not a number"),
    ("number", {"is": "x"}, "'x' is not a number"),
    ("number", {"is": date(2026, 1, 1)}, "2026-01-01 is not a number"),
    ("boolean", {"is": 2}, "2 is not true or false"),
    ("text", {"is": True}, "true is not text"),
    ("text", {"at_least": 5}, "`ge` compares text by the alphabet"),
    ("text", {"between": [1, 5]}, "`between` compares text by the alphabet"),
    *(
        (kind, {word: value}, f"`{word}` compares people with each other")
        for kind in ("integer", "number")
        for word, value in (("top", 0.1), ("bottom", 0.1), ("decile", 1), ("zscore", 1))
    ),
]


@pytest.mark.parametrize(("kind", "said", "told"), UNFIT, ids=str)
def test_what_does_not_compare_a_kind_is_refused(kind: str, said: Any, told: str) -> None:
    with pytest.raises(RuleError, match=told):
        held(kind, said, [None])


FITTED: list[tuple[str, Any, Any]] = [
    ("integer", "5", 5),
    ("integer", "5.0", 5),
    ("integer", 5.0, 5),
    ("number", "5.5", 5.5),
    ("number", 7, 7),
    ("boolean", " Y ", True),
    ("boolean", 0, False),
    ("text", 5.0, "5"),
    ("text", 5.5, "5.5"),
    ("date", "2026-03-31", TODAY),
    ("instant", "2026-03-31T12:00", NOON),
    ("instant", "2026-03-31", TODAY),
]


@pytest.mark.parametrize(("kind", "value", "made"), FITTED)
def test_values_are_made_to_fit(kind: str, value: Any, made: Any) -> None:
    found = fitted(value, kind)
    assert (found, type(found)) == (made, type(made))


def test_kinds_have_names_and_come_from_types() -> None:
    assert [called(each) for each in ("integer", "instant", "own")] == ["a number", "a date", "own"]
    types = {
        "integer": ("BIGINT", "tinyint", "UBIGINT", "HUGEINT", "INTEGER"),
        "number": ("DOUBLE", "DECIMAL(18,2)", "float", "REAL", "NUMERIC"),
        "boolean": ("BOOLEAN", "bool"),
        "date": ("DATE",),
        "instant": ("TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "datetime"),
        "list": ("VARCHAR[]", "INTEGER[]"),
        "text": ("VARCHAR", "ENUM('a')", "BLOB"),
    }
    for kind, listed in types.items():
        assert {kind_of(each) for each in listed} == {kind}


def test_the_edges_of_a_comparison_are_where_it_begins_and_ends() -> None:
    clock = Clock(NOON, UTC)
    days = Comparison("in_last", Period(2, "days"))
    assert edges("date", days, clock) == [(TODAY - DAY, TODAY + DAY)]
    assert edges("instant", days, clock) == [(NOON - 2 * DAY + TICK, NOON + TICK)]
    month = Comparison("during", Calendar("month"))
    assert edges("date", month, clock) == [(date(2026, 3, 1), date(2026, 4, 1))]
    listed = Comparison("in", (TODAY, TODAY + 5 * DAY))
    assert edges("date", listed, clock) == [
        (TODAY, TODAY + DAY),
        (TODAY + 5 * DAY, TODAY + 6 * DAY),
    ]
    instant = NOON.replace(hour=23, tzinfo=UTC)
    assert edges("date", Comparison("eq", instant), Clock(NOON, BERLIN)) == [
        (TODAY + DAY, TODAY + 2 * DAY)
    ]


# ---- comparisons of people with each other, frozen ----

FIGURES = [1.0, 2.0, 3.0, 4.0, 10.0]
"""Their mean is 4, their spread the root of 12.5."""
SCORED = [
    ({"at_least": 0}, [4, 10]),
    ({"more_than": 0}, [10]),
    ({"at_most": 0}, [1, 2, 3, 4]),
    ({"less_than": 0}, [1, 2, 3]),
    (0, [4]),
    ({"between": [-0.6, 0]}, [2, 3, 4]),
    ({"in": [0, 7]}, [4]),
]


def matching(ranges: Ranges, values: list[float]) -> list[float]:
    rows = query(
        "SELECT it FROM (SELECT UNNEST([:all]) AS it) AS t WHERE :holds ORDER BY it",
        holds=ranges.holds(query("it")),
        all=[literal(each) for each in values],
    )
    return [row[0] for row in engine().rows(rows)]


@pytest.mark.parametrize(("said", "expected"), SCORED, ids=str)
def test_scores_by_known_answers(said: Any, expected: list[int]) -> None:
    assert matching(frozen(comparison({"zscore": said}), FIGURES), FIGURES) == expected


SAME = [
    (0, True),
    ([0, 1], True),
    ({"at_least": 0}, True),
    ({"more_than": 0}, False),
    ({"at_most": 0}, True),
    ({"less_than": 0}, False),
    ({"between": [-1, 0]}, True),
    ({"between": [0, 1]}, True),
    ({"between": [1, 2]}, False),
    ({"is_not": 0}, False),
    ({"not_in": [0, 1]}, False),
    ({"is_not": 1}, True),
]


@pytest.mark.parametrize(("said", "everybody"), SAME, ids=str)
def test_of_those_who_are_all_alike_the_score_is_zero(said: Any, everybody: bool) -> None:
    for values in ([5.0], [5.0, 5.0, 5.0]):
        found = frozen(comparison({"zscore": said}), values)
        assert matching(found, [5.0]) == ([5.0] if everybody else [])


def test_of_two_the_spread_is_that_of_a_sample() -> None:
    found = frozen(comparison({"zscore": {"at_least": 0.7}}), [0.0, 2.0])
    assert matching(found, [0.0, 1.9, 2.0]) == [2.0]  # one above the mean is 0.707 spreads


def test_what_is_missing_is_in_no_range_and_out_of_none() -> None:
    rows = query("SELECT :it AS it", it=Ranges(((1.0, None),)).holds(query("CAST(NULL AS DOUBLE)")))
    assert engine().rows(rows) == [(None,)]
    for comparison_ in (comparison({"top": "10%"}), comparison({"decile": 1})):
        assert matching(frozen(comparison_, []), FIGURES) == []
