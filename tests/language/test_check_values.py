"""The sets of values behind the checks of rules, against membership of single points."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carpel.language import Calendar, Comparison, Period, parse_text
from carpel.language.checks import Vocabulary, mistakes
from carpel.language.checks.clauses import understood
from carpel.language.checks.values import HIGH, LOW, Line, Names, Values, line

POINTS = [number / 2 for number in range(-9, 10)]
cuts = st.tuples(st.integers(-4, 4), st.integers(0, 1)) | st.sampled_from([LOW, HIGH])
halves = st.tuples(st.integers(-8, 8).map(lambda n: n / 2), st.integers(0, 1))


def lines(*, whole: bool) -> st.SearchStrategy[Line]:
    spans = st.lists(st.tuples(cuts | halves, cuts | halves), max_size=4)
    return spans.map(lambda listed: line(listed, whole=whole))


alike = st.booleans().flatmap(lambda whole: st.tuples(lines(whole=whole), lines(whole=whole)))


def on(found: Line) -> set[float]:
    """The points that lie on it: a point is what is between the cuts before and after it."""
    points = [each for each in POINTS if not found.whole or each == int(each)]
    return {x for x in points if any(a <= (x, 0) and (x, 1) <= b for a, b in found.spans)}


def is_tidy(found: Line) -> bool:
    edges = [cut for span in found.spans for cut in span]
    return edges == sorted(set(edges))


@given(alike)
@settings(max_examples=300, deadline=None)
def test_stretches_meet_join_and_leave_a_rest(two: tuple[Line, Line]) -> None:
    one, other = two
    everything = on(Line(whole=one.whole))
    for found, points in (
        (one.meet(other), on(one) & on(other)),
        (one.join(other), on(one) | on(other)),
        (one.rest(), everything - on(one)),
    ):
        assert on(found) == points
        assert found.whole == one.whole
        assert is_tidy(found)
    assert one.rest().rest() == one
    assert one.meet(one.rest()).empty
    assert one.join(one.rest()) == Line(whole=one.whole)
    assert one.empty == (one == line([], whole=one.whole))


@given(st.lists(st.tuples(cuts | halves, cuts | halves), max_size=4))
@settings(max_examples=200, deadline=None)
def test_a_line_holds_what_its_stretches_hold(spans: list[Any]) -> None:
    found, whole = line(spans), line(spans, whole=True)
    assert on(found) == {x for x in POINTS if any(a <= (x, 0) and (x, 1) <= b for a, b in spans)}
    assert on(whole) == {x for x in on(found) if x == int(x)}
    assert is_tidy(found) and is_tidy(whole)
    bounds = [cut for span in whole.spans for cut in span if cut not in (LOW, HIGH)]
    assert all(value == int(value) and after == 0 for value, after in bounds)


LETTERS = ["a", "b", "c", "d"]
names = st.builds(Names, st.frozensets(st.sampled_from("abc")), st.booleans())


def among(found: Names) -> set[str]:
    return {each for each in LETTERS if (each in found.names) != found.others}


@given(names, names, st.booleans(), st.booleans())
def test_names_meet_join_and_leave_a_rest(
    one: Names, other: Names, missing: bool, misses: bool
) -> None:
    assert among(one.meet(other)) == among(one) & among(other)
    assert among(one.join(other)) == among(one) | among(other)
    assert among(one.rest()) == set(LETTERS) - among(one)
    assert one.empty == (not among(one))
    first, second = Values(one, missing), Values(other, misses)
    assert first.meet(second) == Values(one.meet(other), missing and misses)
    assert first.join(second) == Values(one.join(other), missing or misses)
    assert first.empty == (one.empty and not missing)


def test_every_value_is_a_name_and_none_is_missing_unless_said() -> None:
    assert among(Names()) == set(LETTERS)
    assert not Values(Names()).missing


# ---- what a comparison lets through ----

Naive = Callable[[Any], bool]
DAY = date(2026, 3, 10)
DAY_NUMBER = DAY.toordinal()
NUMBERS: list[tuple[str, Any, Naive]] = [
    ("eq", 2, lambda x: x == 2),
    ("ne", 2, lambda x: x != 2),
    ("lt", 2, lambda x: x < 2),
    ("le", 2, lambda x: x <= 2),
    ("gt", 2, lambda x: x > 2),
    ("ge", 2, lambda x: x >= 2),
    ("gt", 1.5, lambda x: x > 1.5),
    ("le", 1.5, lambda x: x <= 1.5),
    ("between", (-1, 2), lambda x: -1 <= x <= 2),
    ("in", (1, 3, 2), lambda x: x in (1, 2, 3)),
    ("not_in", (3, 1), lambda x: x not in (1, 3)),
    ("any_of", (1, 3), lambda x: x in (1, 3)),
    ("none_of", (1, 3), lambda x: x not in (1, 3)),
]
DAYS: list[tuple[str, Any, Naive]] = [
    ("eq", DAY, lambda x: 0 <= x < 1),
    ("on", DAY, lambda x: 0 <= x < 1),
    ("ne", DAY, lambda x: not 0 <= x < 1),
    ("lt", DAY, lambda x: x < 0),
    ("before", DAY, lambda x: x < 0),
    ("le", DAY, lambda x: x < 1),
    ("gt", DAY, lambda x: x >= 1),
    ("after", DAY, lambda x: x >= 1),
    ("ge", DAY, lambda x: x >= 0),
    ("between", (DAY, date(2026, 3, 12)), lambda x: 0 <= x < 3),
    ("in", (date(2026, 3, 12), DAY), lambda x: 0 <= x < 1 or 2 <= x < 3),
]
AGO: list[tuple[str, Any, Naive]] = [
    ("in_last", Period(2, "days"), lambda x: -48 < x <= 0),
    ("not_in_last", Period(2, "days"), lambda x: x <= -48 or x > 0),
    ("older_than", Period(2, "weeks"), lambda x: x <= -336),
]
AHEAD = Period(2, "days")


def let_through(operator: Any, value: Any, kind: str, points: list[float]) -> set[float] | None:
    found = understood(Comparison(operator, value), kind)
    if found is None:
        return None
    said, domain = found[1], found[2]
    assert isinstance(said, Line) and domain == Line(whole=kind == "integer")
    return {x for x in points if any(a <= (x, 0) and (x, 1) <= b for a, b in said.spans)}


@pytest.mark.parametrize(("operator", "value", "naive"), NUMBERS)
def test_a_comparison_of_numbers_lets_through_what_it_says(
    operator: str, value: Any, naive: Naive
) -> None:
    assert let_through(operator, value, "number", POINTS) == set(filter(naive, POINTS))
    wholes = [x for x in POINTS if x == int(x)]
    assert let_through(operator, value, "integer", wholes) == set(filter(naive, wholes))


@pytest.mark.parametrize(("operator", "value", "naive"), DAYS)
@pytest.mark.parametrize("kind", ["date", "instant"])
def test_a_comparison_of_days_lets_through_what_it_says(
    kind: str, operator: str, value: Any, naive: Naive
) -> None:
    points = [DAY_NUMBER + x for x in POINTS]
    expected = {x for x in points if naive(x - DAY_NUMBER)}
    assert let_through(operator, value, kind, points) == expected
    assert understood(Comparison(operator, value), kind)[0] == "day"  # type: ignore[arg-type, index]


@pytest.mark.parametrize(("operator", "value", "naive"), AGO)
@pytest.mark.parametrize("kind", ["date", "instant"])
def test_a_stretch_of_time_lets_through_what_it_says(
    kind: str, operator: str, value: Any, naive: Naive
) -> None:
    hours = [-337, -336, -335.5, -49, -48, -47.5, -1, -0.5, 0, 0.5, 1, 47, 48, 49]
    assert let_through(operator, value, kind, hours) == set(filter(naive, hours))
    assert understood(Comparison(operator, value), kind)[0] == "ago"  # type: ignore[arg-type, index]


def test_today_lies_ahead_of_a_day_and_not_of_an_instant() -> None:
    hours = [-1, 0, 1, 48, 49]
    assert let_through("in_next", AHEAD, "instant", hours) == {1, 48}
    assert let_through("in_next", AHEAD, "date", hours) == {0, 1, 48}


NOT_KNOWN = [
    ("number", Comparison("eq", "2")),
    ("integer", Comparison("eq", True)),
    ("number", Comparison("in", (1, "a"))),
    ("number", Comparison("top", 0.1)),
    ("text", Comparison("eq", 2)),
    ("text", Comparison("in", ("a", 2))),
    ("text", Comparison("lt", "a")),
    ("text", Comparison("eq", "a", fold=True)),
    ("boolean", Comparison("eq", "yes")),
    ("list", Comparison("any_of", ("a",))),
    ("", Comparison("eq", 1)),
    ("date", Comparison("in_last", Period(1, "days"))),
    ("date", Comparison("in_last", Period(72, "hours"))),
    ("date", Comparison("in_last", Period(2, "months"))),
    ("instant", Comparison("in_last", Period(1, "years"))),
    ("instant", Comparison("anniversary_in", Period(3, "days"))),
    ("instant", Comparison("after", datetime(2026, 3, 1, tzinfo=UTC))),
    ("instant", Comparison("between", (DAY, datetime(2026, 3, 12, tzinfo=UTC)))),
    ("instant", Comparison("during", Calendar("day"))),
    ("instant", Comparison("weekday", ("monday",))),
]


@pytest.mark.parametrize(("kind", "comparison"), NOT_KNOWN, ids=str)
def test_what_is_not_known_for_sure_is_not_claimed(kind: str, comparison: Comparison) -> None:
    assert understood(comparison, kind) is None


def test_an_instant_is_compared_by_the_hour() -> None:
    for hours in (1, 30):
        period = Period(hours, "hours")
        assert let_through("in_last", period, "instant", [-hours, 0.5 - hours]) == {0.5 - hours}


def test_words_and_truths_are_known_by_name() -> None:
    both = frozenset({True, False})
    for operator, others in (("eq", False), ("ne", True)):
        assert understood(Comparison(operator, "a"), "text") == (  # type: ignore[arg-type]
            "",
            Names(frozenset({"a"}), others),
            Names(),
        )
    for operator, others in (("in", False), ("any_of", False), ("not_in", True), ("none_of", True)):
        assert understood(Comparison(operator, (True,)), "boolean") == (  # type: ignore[arg-type]
            "",
            Names(frozenset({True}), others),
            Names(both, False),
        )


# ---- one window within another ----

WITHIN = [
    ("in 30 days", "", True),
    ("", "in 30 days", False),
    ("in 24 hours", "in 1 day", True),
    ("in 25 hours", "in 1 day", False),
    ("in 7 days", "in 1 week", True),
    ("in 8 days", "in 1 week", False),
    ("in 12 months", "in 1 year", True),
    ("in 13 months", "in 1 year", False),
    ("in 28 days", "in 1 month", False),
    ("in 1 day up to 1 day ago", "in 3 days", False),
    ("in 1 day", "in 3 days up to 1 day ago", False),
    ("since 2026-03-01", "since 2026-02-01", True),
    ("since 2026-02-01", "since 2026-03-01", False),
    ("until 2026-02-01", "until 2026-03-01", True),
    ("until 2026-03-01", "until 2026-02-01", False),
    ("since 2026-02-01 until 2026-03-01", "since 2026-02-01", True),
    ("since 2026-02-01 until 2026-03-01", "until 2026-03-01", True),
    ("since 2026-02-01 until 2026-03-01", "since 2026-01-01 until 2026-03-01", True),
    ("since 2026-01-01 until 2026-03-01", "since 2026-02-01 until 2026-03-01", False),
    ("since 2026-02-01", "since 2026-02-01 until 2026-03-01", False),
    ("until 2026-03-01", "since 2026-02-01 until 2026-03-01", False),
    ("since 2026-03-01T10:00", "since 2026-02-01", False),
    ("in 3 days", "since 2026-02-01", False),
    ("since 2026-02-01", "in 3 days", False),
    ("during today", "during this year", False),
    ("during today", "since 2020-01-01", False),
    ("up to 3 days ago", "since 2020-01-01", False),
]


@pytest.mark.parametrize(("inner", "outer", "inside"), WITHIN)
def test_a_window_within_another_is_known(inner: str, outer: str, inside: bool) -> None:
    node = parse_text(f"did order {inner} and not did order {outer}")
    said = [each.message.split(":")[0] for each in mistakes(node, Vocabulary())]
    assert said == (["nobody can match"] if inside else [])


NARROWER = [
    ("did order(a = 1)", "did order", True),
    ("did order(a = 1, b = 2)", "did order(b = 2)", True),
    ("did order", "did order(a = 1)", False),
    ("did order(a = 1)", "did order(b = 1)", False),
    ("did visit(a = 1)", "did order", False),
    ("did order in 1 day zone own", "did order in 3 days", False),
    ("did order >= 2 times in 3 days", "did order >= 2 times in 5 days", True),
    ("did order >= 2 times in 3 days", "did order >= 3 times in 5 days", False),
    ("did order > 2 times in 3 days", "did order >= 3 times in 5 days", True),
    ("distinct(a) of order >= 2 in 3 days", "distinct(a) of order >= 2", True),
    ("distinct(a) of order >= 2 in 3 days", "distinct(b) of order >= 2", False),
    ("sum(a) of order >= 2 in 3 days", "sum(a) of order >= 2", False),
    ("max(a) of order >= 2 in 3 days", "max(a) of order >= 2", False),
]


@pytest.mark.parametrize(("inner", "outer", "inside"), NARROWER)
def test_what_counts_less_than_another_is_known(inner: str, outer: str, inside: bool) -> None:
    node = parse_text(f"{inner} and not {outer}")
    said = [each.message.split(":")[0] for each in mistakes(node, Vocabulary())]
    assert said == (["nobody can match"] if inside else [])
