"""Whether one figure hides two groups of people: the dip, and where to cut."""

from dataclasses import dataclass

import numpy as np

from carpel.stats.tails import Floats

FEWEST = 40
"""People it takes to look for two groups."""
SMALLEST_GROUP = 0.1
"""Neither group is smaller than this share, nor than 20 people."""
FEWEST_IN_GROUP = 20
EXPLAINED = 0.76
"""Share of the spread that the cut must explain. A normal bell cut in half: 0.64; an even spread:
0.75; two bells four standard deviations apart: 0.81."""
MOST = 300
"""Values looked at; of more, as many evenly along their order."""
EVEN_SPREAD = (
    (0.0, 0.0),
    (0.3716**2, -0.30103),
    (0.4468**2, -0.69897),
    (0.4936**2, -1.0),
    (0.5350**2, -1.30103),
    (0.6226**2, -2.0),
    (0.7293**2, -3.0),
    (0.8118**2, -4.0),
)
"""Squares of root(n) times the dip, and the logarithm of the chance of more: 60,000 samples of
1,000 even values each. Of fewer values the dip is smaller, so that this errs to silence."""


@dataclass(frozen=True)
class Halves:
    """Two groups that one figure falls into: those below the cut, and the others."""

    cut: float
    below: int
    above: int
    chance: float
    """Of a dip as deep where there is one group only."""


def two_groups(values: Floats) -> Halves | None:
    """Two groups that the values fall into, with the chance of that by luck; None when one will do.

    One group is any with a single peak, however skewed: the dip of Hartigan and Hartigan 1985
    measures how far the values are from every such. Figures that are never negative have to show
    two peaks both as they are and on a log scale, since either scale can make a peak of its own.
    Equal values are spread evenly between their neighbours first, since a figure that comes in
    steps is not in groups for that. The cut leaves the least spread within (Otsu 1979).
    """
    known = np.sort(values[np.isfinite(values)])
    if len(known) < FEWEST or known[0] == known[-1]:
        return None
    scales = _scales(_loosened(known))
    at = next((found for each in scales if (found := _cut(each)) is not None), None)
    if at is None:
        return None
    thin = np.linspace(0, len(known) - 1, min(len(known), MOST)).round().astype(int)
    chance = max(chance_of(dip(each[thin]), len(thin)) for each in scales)
    cut = _readable(known, at)
    below = int(np.searchsorted(known, cut, side="left"))
    if min(below, len(known) - below) < _least(len(known)):
        return None
    return Halves(cut, below, len(known) - below, chance)


def _loosened(ordered: Floats) -> Floats:
    """Equal values spread evenly over the room they have, half a usual step to each side."""
    steps, first, counts = np.unique(ordered, return_index=True, return_counts=True)
    room = float(np.min(np.diff(steps)))
    place = np.arange(len(ordered)) - np.repeat(first, counts)
    return ordered + room * ((place + 0.5) / np.repeat(counts, counts) - 0.5)


def _scales(ordered: Floats) -> list[Floats]:
    """The values as they are; and where none is below 0, on a scale of logs that begins at 0."""
    if ordered[0] < -1 or ordered[-1] <= 0:
        return [ordered]
    middle = float(np.median(ordered[ordered > 0]))
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


def dip(ordered: Floats) -> float:
    """How far distinct values, ascending, are from the nearest single peak: 0 to 0.25.

    Hartigan and Hartigan 1985. Between the greatest convex curve below the steps and the least
    concave one above, the stretch where both are farthest apart holds the peak; it is narrowed
    until no step is farther from its curve than the two are from each other.
    """
    n = len(ordered)
    if n < 2 or ordered[0] == ordered[-1]:
        return 1 / (2 * n) if n else 0.0
    low, high, farthest = 0, n - 1, 1.0
    while True:
        rising = _hull(ordered, low, high, 1)
        falling = _hull(ordered, low, high, -1)
        over = np.interp(ordered[rising], ordered[falling], falling) - rising + 1
        under = falling + 1 - np.interp(ordered[falling], ordered[rising], rising)
        left, right, gap = _peak(rising, falling, over, under)
        if gap <= farthest:
            return farthest / (2 * n)
        before, after = np.arange(low, left + 1), np.arange(right, high + 1)
        from_below = before + 1 - np.interp(ordered[before], ordered[rising], rising)
        from_above = np.interp(ordered[after], ordered[falling], falling) + 1 - after
        farthest = max(farthest, float(from_below.max()), float(from_above.max()))
        if (left, right) == (low, high):
            return farthest / (2 * n)
        low, high = left, right


def _peak(rising: Floats, falling: Floats, over: Floats, under: Floats) -> tuple[int, int, float]:
    """The stretch that holds the peak, and how far the two curves are apart there."""
    if over.max() >= under.max():
        left = int(rising[int(over.argmax())])
        right = int(falling[int(np.searchsorted(falling, left))])
        return left, right, float(over.max())
    right = int(falling[int(under.argmax())])
    left = int(rising[int(np.searchsorted(rising, right, side="right")) - 1])
    return left, right, float(under.max())


def _hull(x: Floats, low: int, high: int, side: int) -> Floats:
    """Places of the corners of the convex curve below the steps (side 1) or the concave above."""
    at, corners = x.tolist(), list[int]()
    for each in range(low, high + 1):
        while (
            len(corners) > 1
            and side
            * (
                (corners[-1] - corners[-2]) * (at[each] - at[corners[-1]])
                - (each - corners[-1]) * (at[corners[-1]] - at[corners[-2]])
            )
            >= 0
        ):
            corners.pop()
        corners.append(each)
    return np.array(corners)


def chance_of(dip: float, n: int) -> float:
    """The chance of at least such a dip among `n` values spread evenly, the hardest single peak.

    By `EVEN_SPREAD`; beyond it the logarithm goes on falling with the square.
    """
    square = dip * dip * n
    squares, logs = (np.array(each) for each in zip(*EVEN_SPREAD, strict=True))
    slope = (logs[-1] - logs[-2]) / (squares[-1] - squares[-2])
    if square > squares[-1]:
        return float(10 ** (logs[-1] + slope * (square - squares[-1])))
    return float(10 ** np.interp(square, squares, logs))
