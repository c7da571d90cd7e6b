"""Which operators and values compare which kind, what a rule costs, and where a check stops."""

from typing import Any, get_args

import pytest

from carpel.language import All, Comparison, Node, Operator, Trait, parse_text
from carpel.language.checks import Vocabulary, cost, mistakes
from carpel.language.checks.kinds import misfits

ORDER = "eq ne lt le gt ge in not_in any_of none_of"
TIMES = f"{ORDER} between before after on during weekday in_last not_in_last in_next older_than"
FITTING = {
    "integer": f"{ORDER} between top bottom decile zscore",
    "number": f"{ORDER} between top bottom decile zscore",
    "boolean": ORDER,
    "text": f"{ORDER} between contains starts_with ends_with matches length is_empty",
    "list": "in not_in any_of none_of all_of contains length is_empty",
    "date": f"{TIMES} anniversary_in",
    "instant": f"{TIMES} anniversary_in",
}
VALUES = {"integer": 1, "number": 1, "boolean": True, "text": "a", "list": "a"}


@pytest.mark.parametrize("kind", FITTING)
def test_the_operators_that_compare_a_kind(kind: str) -> None:
    vocabulary = Vocabulary(traits={"it": kind})
    value = VALUES.get(kind, "2026-03-01")
    fitting = set()
    for operator in get_args(Operator):
        if not list(misfits(Trait("it", Comparison(operator, value)), (), False, vocabulary)):
            fitting.add(operator)
    assert fitting == {*FITTING[kind].split(), "is_set", "is_missing"}


FITS = [
    ("integer", [1, 1.5, "1", " 2.5 "], [True, "one", None]),
    ("number", [1, 1.5, "1e3"], [False, "x"]),
    ("date", ["2026-03-01", "2026-03-01T10:00"], [5, True, "yesterday", None]),
    ("instant", ["2026-03-01"], [5, "soon"]),
    ("boolean", [True, "yes", " No ", 1, 0, "TRUE", "n"], [2, "maybe", "on"]),
    ("text", ["a", 5, 1.5], [True]),
]


@pytest.mark.parametrize(("kind", "fitting", "others"), FITS)
def test_the_values_that_fit_a_kind(kind: str, fitting: list[Any], others: list[Any]) -> None:
    vocabulary = Vocabulary(traits={"it": kind})
    for value in (*fitting, *others):
        found = list(misfits(Trait("it", Comparison("eq", value)), (), False, vocabulary))
        assert bool(found) == any(value is each for each in others), value
        listed = Comparison("in", (fitting[0], value))
        assert bool(list(misfits(Trait("it", listed), (), False, vocabulary))) == bool(found)


VOCABULARY = Vocabulary(
    traits={"age": "integer", "name": "text"},
    account_traits={"age": "text", "seats": "integer"},
    properties={
        "order": {"amount": "number", "category": "text", "items": "integer"},
        "visit": {"page": "text"},
    },
    rows={"customers": 10, "order": 1000, "visit": 500},
)
MISFITS = [
    ("regularly (did order(amount starts with \"a\")) in 1 of 2 periods of 1 day",
     [("regularly", "where", "amount")]),
    ('stopped order(amount contains "a") for 3 days', [("where", "amount")]),
    ('restarted order(amount contains "a") after 3 days', [("where", "amount")]),
    ('sequence(did visit -> did order(amount contains "a"))',
     [("sequence", 1, "where", "amount")]),
    ("did order(amount in top 10%)", [("where", "amount")]),
    ("did order(amount zscore > 1, category > 5, items contains 1)",
     [("where", "amount"), ("where", "category"), ("where", "items")]),
    ("avg(category) of order > 3", [("avg",)]),
    ("share(category) of order > 3%", [("share",)]),
    ("share of order > 3%", []),
    ("share(amount) of order > 3%", []),
    ("sum(items) of order > 3", []),
    ("sum(unheard) of order > 3", []),
    ("min(category) of order > 3", [()]),
    ('min(category) of order > "3"', []),
    ('max(items) of order = "x"', [()]),
    ('avg(items) of order = "x"', [()]),
    ("distinct(category) of order > 3", []),
    ('distinct(category) of order = "x"', [()]),
    ('count of order in ("x")', [()]),
    ('count of order starts with "x"', [()]),
    ('first(category) of order starts with "x"', []),
    ('first(items) of order starts with "x"', [()]),
    ('unheard starts with "x" and unheard > 3', []),
    ('account (age starts with "x")', []),
    ('account (age > "3" and seats starts with "x")', [("account", "all", 1)]),
    ("account (people (age > 3) >= 1)", []),
    ('account (people (age contains "x"))', [("account", "people", "where")]),
    ('people (name > "5" and age contains "x")', [("people", "where", "all", 1)]),
    ('changed age from "x" to "y"', []),
    ("name is set and age is missing", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "paths"), MISFITS, ids=[text for text, _ in MISFITS])
def test_what_does_not_fit_is_said_where_it_is(text: str, paths: list[Any]) -> None:
    found = [each for each in mistakes(parse_text(text), VOCABULARY) if each.severity == "error"]
    assert [each.path for each in found] == paths


def test_a_misfit_says_what_would_fit() -> None:
    (found,) = mistakes(parse_text('age contains "x"'), VOCABULARY)
    assert (
        found.action
        == "What compares it: "
        + ", ".join(f"`{each}`" for each in sorted(FITTING["integer"].split()))
        + "."
    )
    (found,) = mistakes(parse_text('age = "x"'), VOCABULARY)
    assert found.message == "'x' is not a number, and `age` is a number"
    (found,) = mistakes(parse_text("name >= 5"), VOCABULARY)
    assert found.message == "`name` is text, and `ge` compares it with a number"
    assert not mistakes(parse_text('name >= "5" and name != 5'), VOCABULARY)
    (found,) = mistakes(parse_text('count of order = "x"'), VOCABULARY)
    assert "`the number of times`" in found.message


WINDOWS = [
    ("did order since 2026-03-01 until 2026-03-01", False),
    ("did order since 2026-03-02 until 2026-03-01", True),
    ("did order since 2026-03-02", False),
    ("did order until 2026-03-02", False),
    ("did order since 2026-03-02T10:00 until 2026-03-01", False),
    ("did order since 2026-03-02T10:00 until 2026-03-01T10:00", True),
    ("did order since 2026-03-02T10:00Z until 2026-03-01T10:00", False),
    ("did order since 2026-03-02T10:00Z until 2026-03-01T10:00Z", True),
    ("entered vip since 2026-03-02 until 2026-03-01", True),
    ("left vip since 2026-03-02 until 2026-03-01", True),
    ("moved tier from (a) to (b) since 2026-03-02 until 2026-03-01", True),
    ("changed plan since 2026-03-02 until 2026-03-01", True),
    ("restarted visit after 3 days since 2026-03-02 until 2026-03-01", True),
    ("sequence(a -> b) since 2026-03-02 until 2026-03-01", True),
]


@pytest.mark.parametrize(("text", "backwards"), WINDOWS)
def test_a_window_that_ends_before_it_begins_is_an_error(text: str, backwards: bool) -> None:
    found = mistakes(parse_text(text), VOCABULARY)
    assert [(each.path, each.severity) for each in found] == [(("until",), "error")] * backwards


GAPS = [
    ("within 1 day after 25 hours", True),
    ("within 1 day after 24 hours", False),
    ("within 1 week after 8 days", True),
    ("within 1 week after 7 days", False),
    ("within 2 days", False),
    ("after 2 days", False),
]


@pytest.mark.parametrize(("gap", "empty"), GAPS)
def test_a_gap_in_which_nothing_lies_is_an_error(gap: str, empty: bool) -> None:
    found = mistakes(parse_text(f"sequence(a -> b -> c {gap})"), VOCABULARY)
    assert [each.path for each in found] == [("sequence", 2, "after")] * empty


COSTS = [
    ("age > 3", (1, 0, 0, 10)),
    ("age > 3 and age < 9 and name is set", (2, 0, 0, 30)),
    ("age > 3 or age > 3", (1, 0, 0, 10)),
    ("did order", (0, 1, 1, 1000)),
    ("did order or did order in 3 days", (0, 1, 2, 2000)),
    ("did order(amount > 3)", (0, 1, 1, 1000)),
    ("did order since last visit", (0, 2, 2, 6000)),
    ("sequence(order -> visit)", (0, 2, 2, 6000)),
    ("did unheard", (0, 1, 1, 0)),
    ("may email and holds", (0, 0, 0, 20)),
    ("in segment vip", (0, 0, 0, 0)),
    ("account (seats > 3)", (1, 0, 0, 10)),
    ("stopped order for 3 days", (0, 1, 2, 2000)),
]


@pytest.mark.parametrize(("text", "figures"), COSTS)
def test_the_cost_of_a_rule(text: str, figures: tuple[int, int, int, int]) -> None:
    found = cost(parse_text(text), VOCABULARY)
    assert (found.traits, found.events, found.scans, found.rows) == figures


def test_without_sizes_a_rule_costs_no_rows() -> None:
    assert cost(parse_text("age > 3 and did order"), Vocabulary()).rows == 0


def nested(others: int) -> Node:
    pair = "did order(amount > 5) >= 3 times in 30 days and did order < 2 times"
    beside = [parse_text(f"did x{number}") for number in range(others)]
    return All((*beside, *parse_text(pair).children))  # type: ignore[attr-defined]


def test_so_many_figures_are_compared_with_each_other_and_no_more() -> None:
    assert len(mistakes(nested(38), VOCABULARY)) == 1
    assert mistakes(nested(39), VOCABULARY) == []


def test_a_long_clause_is_shortened_where_it_is_told() -> None:
    for letters, told in ((76, f"`{'x' * 76} > 3`"), (77, f"`{'x' * 77} > …`")):
        (found,) = mistakes(parse_text(f"{'x' * letters} > 3 and {'x' * letters} > 3"), VOCABULARY)
        assert told in found.message
