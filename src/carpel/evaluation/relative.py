"""Comparisons of people with each other, frozen to thresholds: top and bottom shares, deciles,
z-scores.

Equal values are treated alike, so a top tenth may hold more than a tenth. The top share `p` is
everybody above whom there are fewer than `p` of those with a known value; a decile is 1 + the
whole part of 10 times the share strictly below, at most 10. A z-score is the distance from the
mean in standard deviations (n - 1); where all are equal it is 0.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlglot import exp

from carpel.engine.query import Tree, query
from carpel.language import Comparison

Bounds = tuple[float | None, float | None]


@dataclass(frozen=True)
class Ranges:
    """The values that match: from (included) to (not included), open where there is no bound."""

    spans: tuple[Bounds, ...]

    def holds(self, value: Tree) -> Tree:
        """Whether a value matches; null when it is."""
        known = query(":x IS NOT NULL", x=value)
        parts = [_between(value, *each) for each in self.spans]
        matches = exp.or_(*parts) if parts else exp.false()
        return query("CASE WHEN :known THEN :matches END", known=known, matches=matches)


def _between(value: Tree, start: float | None, end: float | None) -> Tree:
    limits = [query(":x >= :it", x=value, it=start)] if start is not None else []
    limits += [query(":x < :it", x=value, it=end)] if end is not None else []
    return exp.paren(exp.and_(*limits)) if limits else exp.true()


def frozen(comparison: Comparison, values: Sequence[float]) -> Ranges:
    """The thresholds of a comparison among these values, ascending."""
    if not len(values):
        return Ranges(())
    match comparison.operator:
        case "top":
            return Ranges(((values[-_people(comparison.value, len(values))], None),))
        case "bottom":
            most = values[_people(comparison.value, len(values)) - 1]
            return Ranges(((None, _above(most)),))
        case "decile":
            return Ranges(tuple(_deciles(comparison.value, values)))
    return Ranges(tuple(_scores(comparison.value, values)))


def _people(share: Any, known: int) -> int:
    """How many of the known a share is, rounded up; exact for 0.1 and the like."""
    return max(1, math.ceil(Fraction(str(share)) * known))


def _above(value: float) -> float:
    return math.nextafter(value, math.inf)


def _deciles(inner: Any, values: Sequence[float]) -> list[Bounds]:
    """The spans of the tenths that the inner comparison lets in."""
    begins = [_begin_of(tenth, values) for tenth in range(1, 11)]
    ends = [*begins[1:], math.inf]
    return [
        (None if start == -math.inf else start, None if end == math.inf else end)
        for tenth, (start, end) in enumerate(zip(begins, ends, strict=True), start=1)
        if _compares(tenth, inner) and start != end
    ]


def _begin_of(tenth: int, values: Sequence[float]) -> float:
    """The least value of a tenth, or infinity: the first with enough people strictly below."""
    if tenth == 1:
        return -math.inf
    needed = math.ceil(Fraction((tenth - 1) * len(values), 10))
    if needed >= len(values):
        return math.inf
    return values[needed] if values[needed] != values[needed - 1] else _next(values, needed)


def _next(values: Sequence[float], index: int) -> float:
    """The next larger value after the one at an index."""
    after = bisect_right(values, values[index])
    return values[after] if after < len(values) else math.inf


def _scores(inner: Any, values: Sequence[float]) -> list[Bounds]:
    mean = math.fsum(values) / len(values)
    squares = math.fsum((each - mean) ** 2 for each in values)
    spread = math.sqrt(squares / (len(values) - 1)) if len(values) > 1 else 0.0
    if spread == 0:
        return [(None, None)] if _compares(0, inner) else []

    def at(score: Any) -> float:
        return mean + float(score) * spread

    match inner.operator:
        case "ge":
            return [(at(inner.value), None)]
        case "gt":
            return [(_above(at(inner.value)), None)]
        case "lt":
            return [(None, at(inner.value))]
        case "le":
            return [(None, _above(at(inner.value)))]
        case "between":
            return [(at(inner.value[0]), _above(at(inner.value[1])))]
    return [(at(each), _above(at(each))) for each in _listed(inner.value)]


def _compares(value: float, inner: Comparison) -> bool:
    other: Any = inner.value
    match inner.operator:
        case "ge":
            return bool(value >= other)
        case "gt":
            return bool(value > other)
        case "le":
            return bool(value <= other)
        case "lt":
            return bool(value < other)
        case "between":
            return bool(other[0] <= value <= other[1])
        case "ne" | "not_in":
            return value not in _listed(other)
    return value in _listed(other)


def _listed(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)
