"""How far figures are from having one peak: the dip, of many figures at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from carpel.stats.tails import Floats

Places = NDArray[np.int64]
AT_ONCE = 4_000_000
"""Numbers that are looked at together at most, which bounds the memory."""
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


def dips(figures: Sequence[Floats]) -> Floats:
    """How far the values of each figure, distinct and ascending, are from the nearest single peak.

    0 to 0.25, one for each figure; Hartigan and Hartigan 1985. Between the greatest convex curve
    below the steps and the least concave one above, the stretch where both are farthest apart holds
    the peak; it is narrowed until no step is farther from its curve than the two are from each
    other.
    """
    if not figures:
        return np.zeros(0)
    some = max(1, AT_ONCE // max(map(len, figures)))
    parts = [figures[begin : begin + some] for begin in range(0, len(figures), some)]
    return np.concatenate([_together(each) for each in parts])


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


def _together(figures: Sequence[Floats]) -> Floats:
    sizes = np.array([len(each) for each in figures])
    x = np.full((len(figures), max(int(sizes.max()), 1)), np.inf)
    for row, each in enumerate(figures):
        x[row, : len(each)] = each
    farthest = np.ones(len(figures))
    low, high = np.zeros_like(sizes), sizes - 1
    open_ = np.flatnonzero((sizes > 1) & (x[:, 0] < x[np.arange(len(x)), high]))
    while len(open_):
        curves = Curves.around(x[open_], low[open_], high[open_])
        left, right, gap = curves.peak()
        deeper = gap > farthest[open_]  # or nothing that is yet to come is
        apart = np.maximum(farthest[open_], curves.apart(left, right))
        farthest[open_] = np.where(deeper, apart, farthest[open_])
        narrower = (left > low[open_]) | (right < high[open_])
        low[open_], high[open_] = left, right
        open_ = open_[deeper & narrower]
    return np.where(sizes > 0, farthest / (2 * np.maximum(sizes, 1)), 0.0)


@dataclass(frozen=True)
class Curve:
    """Of each row a curve around its steps: where its corners are, and its height everywhere."""

    corners: NDArray[np.bool_]
    height: Floats
    before: Places
    """The nearest corner at a place or before it."""
    after: Places


@dataclass(frozen=True)
class Curves:
    """The greatest convex curve below the steps of each row and the least concave one above."""

    low: Places
    high: Places
    rising: Curve
    falling: Curve

    @classmethod
    def around(cls, x: Floats, low: Places, high: Places) -> "Curves":
        """The curves from one place of each row to another."""
        return cls(low, high, *(_curve(x, _corners(x, low, high, side)) for side in (1, -1)))

    @property
    def steps(self) -> Places:
        """The places of a row."""
        return np.arange(self.rising.height.shape[1])

    def peak(self) -> tuple[Places, Places, Floats]:
        """The stretch that holds the peak, and how far the two curves are apart there."""
        over = np.where(self.rising.corners, self.falling.height - self.steps + 1, -np.inf)
        under = np.where(self.falling.corners, self.steps + 1 - self.rising.height, -np.inf)
        rows, left, right = np.arange(len(over)), over.argmax(axis=1), under.argmax(axis=1)
        most, other = over[rows, left], under[rows, right]
        below = most >= other
        begin = np.where(below, left, self.rising.before[rows, right])
        end = np.where(below, self.falling.after[rows, left], right)
        return begin, end, np.maximum(most, other)

    def apart(self, left: Places, right: Places) -> Floats:
        """How far a step before the peak is from the one curve at most, or after from the other."""
        before = (self.steps >= self.low[:, None]) & (self.steps <= left[:, None])
        after = (self.steps >= right[:, None]) & (self.steps <= self.high[:, None])
        below = np.where(before, self.steps + 1 - self.rising.height, -np.inf)
        above = np.where(after, self.falling.height + 1 - self.steps, -np.inf)
        found: Floats = np.maximum(below.max(axis=1), above.max(axis=1))
        return found


def _curve(x: Floats, corners: NDArray[np.bool_]) -> Curve:
    places = np.arange(x.shape[1])
    before = np.maximum.accumulate(np.where(corners, places, 0), axis=1)
    after = np.where(corners, places, x.shape[1] - 1)[:, ::-1]
    after = np.minimum.accumulate(after, axis=1)[:, ::-1]
    start, end = (np.take_along_axis(x, each, axis=1) for each in (before, after))
    with np.errstate(invalid="ignore", divide="ignore"):
        part = np.where(before == after, 0.0, (x - start) / (end - start))
    return Curve(corners, before + part * (after - before), before, after)


def _corners(x: Floats, low: Places, high: Places, side: int) -> NDArray[np.bool_]:
    """Corners of the convex curve below the steps (side 1) or of the concave one above (-1).

    Andrew's monotone chain, a step of all rows at once.
    """
    width = len(x)
    by_place = np.ascontiguousarray(x.T).reshape(-1)  # what one step asks for lies side by side
    stack, top = np.zeros(x.size, np.int64), np.zeros(width, np.int64)
    stack[:width] = low
    for step in range(1, int((high - low).max()) + 1):
        rows = np.flatnonzero(low + step <= high)
        bent = rows[top[rows] > 0]
        while len(bent):
            deep = top[bent] * width + bent
            last, former, to = stack[deep], stack[deep - width], low[bent] + step
            here = by_place[last * width + bent]
            ahead = by_place[to * width + bent] - here
            turn = (last - former) * ahead - (to - last) * (here - by_place[former * width + bent])
            bent = bent[side * turn >= 0]
            top[bent] -= 1
            bent = bent[top[bent] > 0]
        top[rows] += 1
        stack[top[rows] * width + rows] = low[rows] + step
    depths, rows = np.nonzero(np.arange(x.shape[1])[:, None] <= top)
    corners = np.zeros(x.shape, bool)
    corners[rows, stack[depths * width + rows]] = True
    return corners
