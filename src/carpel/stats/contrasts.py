"""What sets some people apart from others, column by column, surest and clearest first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from carpel.stats.averages import gap_interval
from carpel.stats.difference import Moments, standardised
from carpel.stats.effects import Groups, apart
from carpel.stats.multiplicity import expected_false
from carpel.stats.proportions import differ, difference
from carpel.stats.yes_no.columns import Bools, Column, Floats

FEWEST = 20
"""People of whom something is known, on either side, at least."""
FALSE = 0.05


@dataclass(frozen=True)
class Contrast:
    """A mean, or with a `value` the share that has it, of some and of the others.

    `low` and `high` are the 95 % interval of the difference; `effect` is it in standard deviations,
    `q` the share of false findings if all as clear were told.
    """

    column: str
    value: str
    inside: float
    outside: float
    low: float
    high: float
    effect: float
    n: int
    others: int
    q: float


def contrasts(columns: Sequence[Column], some: Bools, most: int = 12) -> list[Contrast]:
    """Those in which some people differ from the others at 5 % false, the largest effect first.

    Means by Welch's test and interval, shares by the z test and Newcombe's interval, over all
    columns and values at once by Benjamini and Hochberg 1995.
    """
    found = [each for column in columns for each in _tested(column, some)]
    q = expected_false([each.q for each in found]) if found else np.zeros(0)
    told = [replace(each, q=float(at)) for each, at in zip(found, q, strict=True) if at < FALSE]
    return sorted(told, key=lambda each: (-abs(each.effect), each.column))[:most]


def _tested(column: Column, some: Bools) -> Iterator[Contrast]:
    """What can be compared in a column; `q` is the chance of each alone."""
    known = ~np.isnan(column.values)
    inside, outside = column.values[known & some], column.values[known & ~some]
    if min(len(inside), len(outside)) < FEWEST:
        return
    if not column.levels:
        yield from _means(column.name, inside, outside)
        return
    levels = column.levels if column.levels != ("no", "yes") else ("yes",)
    for level in levels:
        at = column.levels.index(level)
        having, other = int((inside == at).sum()), int((outside == at).sum())
        if having + other >= FEWEST:
            yield _shares(column.name, level, (having, len(inside)), (other, len(outside)))


def _means(name: str, inside: Floats, outside: Floats) -> Iterator[Contrast]:
    one, two = _moments(inside), _moments(outside)
    groups = (
        Groups(*(np.array([each]) for each in (part.n, part.mean, part.variance)))
        for part in (one, two)
    )
    chance = float(apart(*groups).chance[0])
    if np.isfinite(chance):
        low, high = gap_interval(one, two)
        effect = standardised(one, two)
        yield Contrast(name, "", one.mean, two.mean, low, high, effect, one.n, two.n, chance)


def _moments(values: Floats) -> Moments:
    return Moments(len(values), float(values.mean()), float(values.var()))


def _shares(name: str, level: str, inside: tuple[int, int], outside: tuple[int, int]) -> Contrast:
    (having, n), (other, m) = inside, outside
    effect = standardised(Moments.of_share(n, having), Moments.of_share(m, other))
    low, high = difference(having, n, other, m)
    chance = differ(having, n, other, m)
    return Contrast(name, level, having / n, other / m, low, high, effect, n, m, chance)
