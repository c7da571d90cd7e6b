"""How figures compare: as numbers, or by the few different values of anything else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

import numpy as np
from pyroaring import BitMap

from carpel.evaluation.comparisons import Clock, edges
from carpel.evaluation.counting.rows import Array, Column
from carpel.evaluation.fitting import fitted
from carpel.evaluation.sets import Sets
from carpel.language import Comparison

Flags = Column
"""Truth values, and of whom they are known."""


@dataclass(frozen=True)
class Among:
    """Whose verdicts are gathered."""

    customers: Callable[[Array], BitMap]
    """Those customers whose flag is true."""
    universe: BitMap
    flagged: Callable[[], BitMap]
    """Those who have a flag."""

    @cached_property
    def others(self) -> BitMap:
        """Those who have none."""
        return self.universe - self.flagged()

    def sets(self, held: Flags, of_others: Flags) -> Sets:
        """Who matches and of whom it is not known, by the flags of some and one of all others."""
        yes, unknown = self.customers(held.values) & self.universe, BitMap()
        if held.there is not None:
            unknown = self.customers(~held.there) & self.universe
        if of_others.there is not None and not of_others.there[0]:
            return Sets(yes, unknown | self.others)
        return Sets(yes | self.others if of_others.values[0] else yes, unknown)


SIGNS: Mapping[str, Callable[[Any, Any], Any]] = {
    "eq": np.equal,
    "ne": np.not_equal,
    "lt": np.less,
    "le": np.less_equal,
    "gt": lambda value, other: ~np.less_equal(value, other),  # so is what is no number, in SQL
    "ge": lambda value, other: ~np.less(value, other),
}
_LISTS = {"in": True, "any_of": True, "not_in": False, "none_of": False}


def comparable(comparison: Comparison, kind: str) -> bool:
    """Whether `compared` knows how numbers of this kind compare so."""
    simple = {*SIGNS, *_LISTS, "between", "is_set", "is_missing"}
    return kind in ("integer", "number") and comparison.operator in simple


TEMPORAL = frozenset({"before", "after", "on", "during", "in_last", "in_next", "older_than",
                      "not_in_last", "lt", "le", "gt", "ge", "eq", "between"})  # fmt: skip


def dated(values: Column, comparison: Comparison, kind: str, clock: Clock) -> Flags:
    """Compare days (since 1970) or instants (microseconds), by one of the words of `TEMPORAL`.

    As `evaluation.comparisons` says it of expressions: by stretches of time.
    """
    held = lies(values.values, comparison, kind, clock)
    return Flags(held if values.there is None else held & values.there, values.there)


def lies(of: Any, comparison: Comparison, kind: str, clock: Clock) -> Any:
    """The same of days or instants that are all there, or of a single one."""
    stretches = edges(kind, comparison, clock)
    start, end = _number(stretches[0][0]), _number(stretches[-1][1])
    match comparison.operator:
        case "lt" | "before" | "older_than":
            return of < start
        case "gt" | "after":
            return of >= end
        case "le":
            return of < end
        case "ge":
            return of >= start
    return ((of >= start) & (of < end)) == (comparison.operator != "not_in_last")


def _number(value: date) -> int:
    """A day or an instant as a number."""
    if isinstance(value, datetime):
        return (value - datetime(1970, 1, 1)) // timedelta(microseconds=1)  # noqa: DTZ001
    return value.toordinal() - date(1970, 1, 1).toordinal()


def compared(values: Column, comparison: Comparison, kind: str) -> Flags:
    """Compare numbers; what is missing stays unknown. Raises RuleError for what is no number."""
    operator = comparison.operator
    if operator in ("is_set", "is_missing"):
        there = np.ones(len(values.values), bool) if values.there is None else values.there
        return Flags(there if operator == "is_set" else ~there, None)
    given = comparison.value if isinstance(comparison.value, tuple) else (comparison.value,)
    right = [fitted(each, kind) for each in given]
    found = _holds(values.values, operator, right)
    return Flags(found if values.there is None else found & values.there, values.there)


ORDERED = frozenset(SIGNS)


def ranked(values: Column, operator: str, others: Array) -> Flags:
    """The same of numbers each with another one, by one of the words of `ORDERED`."""
    found: Array = SIGNS[operator](values.values, others)
    return Flags(found if values.there is None else found & values.there, values.there)


def _holds(values: Array, operator: str, right: list[Any]) -> Array:
    found: Array
    if operator == "between":
        found = (values >= right[0]) & (values <= right[1])
    elif operator in SIGNS:
        found = SIGNS[operator](values, right[0])
    else:
        found = np.isin(values, right) == _LISTS[operator]
    return found


def places(codes: Column) -> Array:
    """Where the verdicts on values are, by their codes: the last is that on what is not there."""
    known: Array = codes.values.astype(np.intp)
    return known if codes.there is None else np.where(codes.there, known, -1)
