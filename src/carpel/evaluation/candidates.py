"""Values just at the edges of comparisons: one of them is the nearest that compares otherwise."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import combinations
from math import ceil, floor
from typing import Any

from sqlglot import exp

from carpel.engine.kinds import STORED
from carpel.engine.query import Tree, column, literal
from carpel.errors import CarpelError
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.comparisons import Clock, condition, edges
from carpel.evaluation.fitting import fitted
from carpel.language import Comparison

CENT = 0.01
MOST_CHOSEN = 6
"""Of more items than that, not every choice is tried."""
SECOND = timedelta(seconds=1)


def candidates(
    kind: str, comparisons: Iterable[Comparison], now: Any, clock: Clock, others: Iterable[Any] = ()
) -> list[Any]:
    """Values worth trying in place of `now`, the nearest first; nothing (None) last.

    `others` are values that occur in the data.
    """
    if kind == "list":
        return [*_lists(list(comparisons), clock, now), None]
    found = [value for comparison in comparisons for value in _around(kind, comparison, clock)]
    made_up = ["other", *(f"{value}a" for value in found), ""] if kind == "text" else []
    listed = _distinct([*found, *(value for value in others if value is not None), *made_up])
    if kind in ("integer", "number", "date", "instant") and now is not None:
        listed.sort(key=lambda value: abs(value - now))
    return [*listed, None]


def _distinct(values: Iterable[Any]) -> list[Any]:
    return list({repr(value): value for value in values}.values())


def _lists(comparisons: Sequence[Comparison], clock: Clock, now: Any) -> list[Any]:
    """Lists with some of the items that are compared, of every length that is, the nearest first.

    Several comparisons may be about one list, so every choice of their items is tried.
    """
    items = _distinct(
        each for compared in comparisons for each in _items(compared) if each is not None
    )
    sized = [each for each in comparisons if isinstance(each.value, Comparison)]
    lengths = {length for each in sized for length in _lengths(each, clock)}
    has = list(now or [])
    kept = [each for each in has if each not in items]
    chosen = [list(some) for size in _sizes(items) for some in combinations(items, size)]
    plain = [[*base, *some] for some in chosen for base in (kept, [])]
    padded = [
        [*base, *(f"other {number + 1}" for number in range(length - len(base)))]
        for base in plain
        for length in lengths
        if length >= len(base)
    ]
    found = [_as_had(each, has) for each in (*plain, *padded, ["other"])]
    return sorted(_distinct(found), key=lambda each: _steps(each, now))


def _as_had(items: list[Any], has: list[Any]) -> list[Any]:
    """The items in the order in which they are had, those not had after them."""
    return [*(each for each in has if each in items), *(each for each in items if each not in has)]


def _steps(items: list[Any], now: Any) -> tuple[bool, int]:
    """How many items come or go; to have an empty list instead of none is no advice."""
    return now is None and not items, len(set(items) ^ set(now or []))


def _items(comparison: Comparison) -> list[Any]:
    value = comparison.value
    if isinstance(value, Comparison) or comparison.operator in ("is_set", "is_missing", "is_empty"):
        return []
    return [fitted(each, "text") for each in (value if isinstance(value, tuple) else (value,))]


def _sizes(items: Sequence[Any]) -> Sequence[int]:
    """How many of the items are chosen: any number, as long as the choices can be tried."""
    return (
        range(len(items) + 1) if len(items) <= MOST_CHOSEN else (0, 1, len(items) - 1, len(items))
    )


def _lengths(comparison: Comparison, clock: Clock) -> list[int]:
    assert isinstance(comparison.value, Comparison)
    return [each for each in _around("integer", comparison.value, clock) if each >= 0]


def _around(kind: str, comparison: Comparison, clock: Clock) -> Sequence[Any]:
    if comparison.operator in ("is_set", "is_missing"):
        return [_ANY[kind]]
    if comparison.operator == "is_empty":
        return [_ANY[kind], ""]
    if isinstance(comparison.value, Comparison):
        return ["x" * length for length in _lengths(comparison, clock)]
    if kind in ("date", "instant"):
        step = timedelta(days=1) if kind == "date" else SECOND
        return [
            each
            for start, end in edges(kind, comparison, clock)
            for each in (start, start - step, end, max(start, end - step))
        ]
    value = comparison.value
    listed = [fitted(each, kind) for each in (value if isinstance(value, tuple) else (value,))]
    return [near for each in listed for near in _next_to(kind, each)]


_ANY: dict[str, Any] = {
    "text": "other",
    "integer": 1,
    "number": 1.0,
    "boolean": True,
    "date": date(2000, 1, 1),
    "instant": datetime.fromisoformat("2000-01-01"),
}


def _next_to(kind: str, value: Any) -> list[Any]:
    if kind == "boolean":
        return [True, False]
    if kind == "integer":
        return sorted({floor(value) - 1, floor(value), ceil(value), ceil(value) + 1})
    if kind == "number":
        return [float(value), round(value + CENT, 6), round(value - CENT, 6)]
    return [value]


def verdicts(
    kind: str, comparisons: Sequence[Comparison], values: Sequence[Any], catalogue: Catalogue
) -> list[tuple[bool | None, ...]]:
    """How each value compares, a tuple a value; true, false, or None where it is not known."""
    clock = catalogue.clock
    if not values:
        return []
    tried = exp.values(
        [(number, typed(value, STORED[kind])) for number, value in enumerate(values)],
        alias="tried",
        columns=["number", "value"],
    )
    conditions = (
        condition(column("value"), kind, each, moment=clock.moment, zone=clock.zone)
        for each in comparisons
    )
    rows = exp.select(*conditions).from_(tried).order_by(column("number"))
    return catalogue.engine.rows(rows)


def typed(value: Any, database_type: str) -> Tree:
    """A value as a literal of this type."""
    try:
        return exp.cast(literal(value), database_type, dialect="duckdb")
    except ValueError as error:
        raise CarpelError(f"{type(value).__name__} cannot be written in a query") from error
