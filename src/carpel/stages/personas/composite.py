"""One typical year: the composite of at least 50 people who ordered in it, never a real one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from pyroaring import BitMap

from carpel.evidence import Evidence, Sentence, Unsupported
from carpel.evidence.figures import COMPOSITE, Direction
from carpel.stages.personas.candidate import Candidate
from carpel.stages.personas.year import MONTHS, Year
from carpel.stats.averages import Interval, combined, median_ranks
from carpel.stats.difference import Moments
from carpel.stats.proportions import difference, wilson
from carpel.stats.tails import Floats

LABELS = {"orders_12m": "Orders in a year", "spend_12m": "Spend in a year"}
OTHERWISE = 0.05
"""Share of people from which it is worth saying that they are not as the others are."""
Sides = tuple[Floats, Floats]
"""A figure of everybody inside and of everybody else."""


@dataclass(frozen=True)
class Composite:
    """The year of one segment; of too few people it only says how many they are."""

    people: int
    """Those who ordered in it."""
    halves: Sequence[Sentence] = ()
    otherwise: Sentence | None = None
    months: Sequence[Candidate] = ()
    """The share of them who order, month by month."""


def composite(year: Year, segment: str, members: BitMap, currency: str) -> Composite:
    """The year of these people beside that of everybody else."""
    inside = year.inside(members)
    n, m = int(inside.sum()), int((~inside).sum())
    if min(n, m) < COMPOSITE:
        return Composite(n)
    sides = {of: (each[inside], each[~inside]) for of, each in year.figures.items()}
    halves = (_half(of, each, currency) for of, each in sides.items())
    counts = year.months[inside].sum(axis=0), year.months[~inside].sum(axis=0)
    return Composite(
        n,
        [each for each in halves if each is not None],
        _otherwise(sides["orders_12m"]),
        list(_months(year, segment, (n, m), counts)),
    )


def _months(
    year: Year, segment: str, people: tuple[int, int], counts: Sequence[Sequence[int]]
) -> Iterator[Candidate]:
    for at in sorted(range(MONTHS), key=year.month):
        here, there = (
            Moments.of_share(n, int(each[at])) for n, each in zip(people, counts, strict=True)
        )
        yield Candidate(segment, "ordered_in", "Month", year.named(at), "", here, there)


def _half(of: str, sides: Sides, currency: str) -> Sentence | None:
    """What half of them do in the year, or more."""
    (value, (low, high)), (other, others) = map(_median, sides)
    gap_low, gap_high = combined(value, (low, high), other, others)
    unit = currency if of == "spend_12m" else ""
    n, m = map(len, sides)
    figures = (value, low, high, n, other, m, gap_low, gap_high)
    try:
        return Sentence("half", Evidence("median", of, LABELS[of], *figures, "open", unit=unit))
    except Unsupported:
        return None


def _otherwise(sides: Sides) -> Sentence | None:
    """How many order as most of them do not: on the other side of everybody else's middle."""
    (mine, others), (n, m) = sides, map(len, sides)
    usual, middle = np.median(mine), np.median(others)
    below = bool(usual > middle)
    having, other = (int(np.sum(it < middle if below else it > middle)) for it in sides)
    if usual == middle or having < OTHERWISE * n:
        return None
    low, high = wilson(having, n)
    gap = difference(having, n, other, m)
    side = "below" if below else "above"
    of = "orders_12m"
    direction: Direction = "less" if gap[1] < 0 else "open"
    figures = (having / n, low, high, n, other / m, m, *gap)
    try:
        evidence = Evidence("share", of, LABELS[of], *figures, direction, side, "share")
        return Sentence("spread", evidence)
    except Unsupported:
        return None


def _median(values: Floats) -> tuple[float, Interval]:
    ordered = np.sort(values)
    low, high = median_ranks(len(ordered))
    return float(np.median(ordered)), (float(ordered[low - 1]), float(ordered[high - 1]))
