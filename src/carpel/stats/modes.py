"""Whether one figure hides two groups of people: the dip, and where to cut."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from carpel.stats.dips import chance_of, dips
from carpel.stats.tails import Floats

FEWEST = 40
"""People it takes to look for two groups."""
SMALLEST_GROUP = 0.1
"""Neither group is smaller than this share, nor than 20 people."""
FEWEST_IN_GROUP = 20
EXPLAINED = 0.76
"""Share of the spread that the cut must explain. A normal bell cut in half: 0.64; an even spread:
0.75; two bells four standard deviations apart: 0.81."""
MOST_CHANCE = 0.05
"""Nobody would tell of groups that are likelier than this by luck."""
MOST = 300
"""Values looked at; of more, as many evenly along their order."""


@dataclass(frozen=True)
class Halves:
    """Two groups that one figure falls into: those below the cut, and the others."""

    cut: float
    below: int
    above: int
    chance: float
    """Of a dip as deep where there is one group only."""


def two_groups(figures: Iterable[Floats]) -> list[Halves | None]:
    """Two groups that each figure falls into, with the chance of that by luck; None when one will
    do: where a cut explains too little, or the chance is above 1 in 20.

    One group is any with a single peak, however skewed: the dip of Hartigan and Hartigan 1985
    measures how far the values are from every such. Figures that are never negative have to show
    two peaks both as they are and on a log scale, since either scale can make a peak of its own.
    Equal values are spread evenly between their neighbours first, since a figure that comes in
    steps is not in groups for that. The cut leaves the least spread within (Otsu 1979).
    """
    parted = [_parted(each) for each in figures]
    chances = [0.0 if each else 1.0 for each in parted]
    for scale in (0, 1):
        asked = [
            (place, each.thinned[scale])
            for place, each in enumerate(parted)
            if each and chances[place] <= MOST_CHANCE and scale < len(each.thinned)
        ]
        deep = dips([values for _, values in asked])
        for (place, values), dip in zip(asked, deep, strict=True):
            chances[place] = max(chances[place], chance_of(float(dip), len(values)))
    return [
        each.halves(chance) if each and chance <= MOST_CHANCE else None
        for each, chance in zip(parted, chances, strict=True)
    ]


@dataclass(frozen=True)
class _Parted:
    """A figure that a cut parts, whether or not it is in groups."""

    ordered: Floats
    cut: float
    thinned: Sequence[Floats]
    """The values on each scale, as many as are looked at."""

    def halves(self, chance: float) -> Halves:
        below = int(np.searchsorted(self.ordered, self.cut, side="left"))
        return Halves(self.cut, below, len(self.ordered) - below, chance)


def _parted(values: Floats) -> _Parted | None:
    """None where a cut explains too little, or would leave too small a group."""
    known = np.sort(values[np.isfinite(values)])
    if len(known) < FEWEST or known[0] == known[-1]:
        return None
    scales = _scales(_loosened(known))
    at = next((found for each in scales if (found := _cut(each)) is not None), None)
    if at is None:
        return None
    cut = _readable(known, at)
    below = int(np.searchsorted(known, cut, side="left"))
    if min(below, len(known) - below) < _least(len(known)):
        return None
    thin = np.linspace(0, len(known) - 1, min(len(known), MOST)).round().astype(int)
    return _Parted(known, cut, [each[thin] for each in scales])


def _loosened(ordered: Floats) -> Floats:
    """Equal values spread evenly over the room they have, half a usual step to each side."""
    first = np.flatnonzero(np.diff(ordered, prepend=-np.inf))
    counts = np.diff(first, append=len(ordered))
    room = float(np.min(np.diff(ordered[first])))
    place = np.arange(len(ordered)) - np.repeat(first, counts)
    spread: Floats = ordered + room * ((place + 0.5) / np.repeat(counts, counts) - 0.5)
    return spread


def _scales(ordered: Floats) -> list[Floats]:
    """The values as they are; and where none is below 0, on a scale of logs that begins at 0."""
    if ordered[0] < -1 or ordered[-1] <= 0:
        return [ordered]
    above = int(np.searchsorted(ordered, 0, side="right"))
    middle = float(ordered[(above + len(ordered) - 1) // 2])
    return [ordered, np.arcsinh(ordered / (middle / 10))]


def _cut(ordered: Floats) -> int | None:
    """How many values are below the best cut; None when it explains too little or is lopsided."""
    n = len(ordered)
    least = _least(n)
    if n < 2 * least:
        return None
    centred = ordered / np.abs(ordered).max()
    centred -= centred.mean()
    sizes = np.arange(1, n)
    between = np.cumsum(centred)[:-1] ** 2 * n / (sizes * (n - sizes))
    allowed = slice(least - 1, n - least)
    at = int(np.argmax(between[allowed])) + least
    return at if between[at - 1] >= EXPLAINED * float(centred @ centred) else None


def _least(people: int) -> int:
    return max(FEWEST_IN_GROUP, int(np.ceil(SMALLEST_GROUP * people)))


def _readable(ordered: Floats, at: int) -> float:
    """A cut with few digits, between the values around it."""
    low, high = float(ordered[at - 1]), float(ordered[at])
    if low == high:
        at = int(np.searchsorted(ordered, high, side="left")) or int(
            np.searchsorted(ordered, high, side="right")
        )
        low, high = float(ordered[at - 1]), float(ordered[at])
    for digits in range(1, 12):
        rounded = float(f"{(low + high) / 2:.{digits}g}")
        if low < rounded <= high:
            return rounded
    return high
