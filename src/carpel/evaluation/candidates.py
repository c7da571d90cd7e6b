"""Values just at the edges of comparisons: one of them is the nearest that compares otherwise."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from math import ceil, floor
from typing import Any

from sqlglot import exp

from carpel.engine.query import Tree, column, literal
from carpel.errors import CarpelError
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.comparisons import Clock, condition, edges
from carpel.evaluation.fitting import fitted
from carpel.evaluation.measures import TYPES
from carpel.language import Comparison

CENT = 0.01
SECOND = timedelta(seconds=1)


def candidates(
    kind: str, comparisons: Iterable[Comparison], now: Any, clock: Clock, others: Iterable[Any] = ()
) -> list[Any]:
    """Values worth trying in place of `now`, the nearest first; nothing (None) last.

    `others` are values that occur in the data.
    """
    found = [value for comparison in comparisons for value in _around(kind, comparison, clock, now)]
    made_up = ["other", *(f"{value}a" for value in found), ""] if kind == "text" else []
    listed = _distinct([*found, *(value for value in others if value is not None), *made_up])
    if kind in ("integer", "number", "date", "instant") and now is not None:
        listed.sort(key=lambda value: abs(value - now))
    return [*listed, None]


def _distinct(values: Iterable[Any]) -> list[Any]:
    return list({repr(value): value for value in values}.values())


def _around(kind: str, comparison: Comparison, clock: Clock, now: Any) -> Sequence[Any]:
    if comparison.operator in ("is_set", "is_missing"):
        return [_ANY[kind]]
    if comparison.operator == "is_empty":
        return [_ANY[kind], _sized(kind, 0)]
    if isinstance(comparison.value, Comparison):
        lengths = _around("integer", comparison.value, clock, now)
        return [_sized(kind, length) for length in lengths if length >= 0]
    if kind in ("date", "instant"):
        step = timedelta(days=1) if kind == "date" else SECOND
        return [
            each
            for start, end in edges(kind, comparison, clock)
            for each in (start, start - step, end, max(start, end - step))
        ]
    value = comparison.value
    listed = [
        fitted(each, "text" if kind == "list" else kind)
        for each in (value if isinstance(value, tuple) else (value,))
    ]
    if kind == "list":
        has = list(now or [])
        return [
            _distinct([*has, *listed]),
            [each for each in has if each not in listed],
            *([*has, each] for each in listed),
        ]
    return [near for each in listed for near in _next_to(kind, each)]


_ANY: dict[str, Any] = {
    "text": "other",
    "integer": 1,
    "number": 1.0,
    "boolean": True,
    "date": date(2000, 1, 1),
    "instant": datetime.fromisoformat("2000-01-01"),
    "list": ["other"],
}


def _sized(kind: str, length: int) -> Any:
    """Some text of so many letters, or a list of so many items."""
    return ["x"] * length if kind == "list" else "x" * length


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
        [(number, typed(value, TYPES[kind])) for number, value in enumerate(values)],
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
