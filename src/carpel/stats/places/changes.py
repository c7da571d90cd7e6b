"""What a treatment of places did: how much more they changed than the places without it."""

from dataclasses import dataclass
from math import inf, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from carpel.stats.experiments.effect import effect
from carpel.stats.experiments.sums import Sums
from carpel.stats.likelihood import Refused
from carpel.stats.places.exact import Exact, of_groups, of_pairs
from carpel.stats.tails import Floats, t_beyond, t_quantile
from carpel.stats.uplift.curves import Bools, Ints

MANY = 20
"""Pairs, or places of the smaller arm, from which the mean is taken as normal."""
POWER = 0.8


@dataclass(frozen=True)
class Change:
    """How much more the treated places changed, a place, with its 95 % interval.

    The ends are infinite where so few places, or places without any spread, tell nothing.
    """

    value: float
    low: float
    high: float
    chance: float
    """Two-sided, of a change so far from 0 if nothing was done."""
    treated: int
    control: int
    paired: bool
    ways: int | None
    """Ways the lots could have fallen, where they were listed or drawn; None for many places."""
    reached: float
    """The figure of the treated places afterwards."""
    before: "Change | None" = None
    """The same, from the first half of the time before to the second: it should be around 0."""

    @property
    def lift(self) -> tuple[float, float, float]:
        """The change and its interval, as shares of what the treated places would have reached.

        What they did reach is known, so the ends of the interval are those of the change.
        """
        value, low, high = (self._of_otherwise(each) for each in (self.value, self.low, self.high))
        return value, low, high

    def _of_otherwise(self, change: float) -> float:
        """A change as a share of what would have been reached without it."""
        otherwise = self.reached - change
        if change == -inf:
            return -1.0
        return change / otherwise if otherwise > 0 else inf

    @property
    def drifted(self) -> bool:
        """Whether they changed apart already before: then the later change is not to be trusted."""
        return self.before is not None and self.before.chance < 0.05

    def sentence(self) -> str:
        """The change in words, with what it stands on."""
        of = f"{self.treated} pairs" if self.paired else f"{self.treated} and {self.control} places"
        span = f"{self.low:,.4g} to {self.high:,.4g}" if self.low > -inf else "anything"
        told = f"treated places changed by {self.value:,.4g} more than the others ({span}; {of})"
        if self.low == -inf:
            told += "; so few places leave every effect possible"
        return f"{told}; they drifted apart before: do not trust this" if self.drifted else told


def difference_in_differences(
    before: ArrayLike, after: ArrayLike, treated: ArrayLike, pair: ArrayLike | None = None
) -> Change:
    """How much more treated places changed from `before` to `after` than the others.

    A row a place, a column a period (or one figure a place). `pair` numbers the pair of each place;
    of each pair one was treated. With fewer than 20 pairs (or places in the smaller arm) the
    interval and the chance come from all the ways the lots could have fallen, else from Student's t
    (of arms without pairs: Welch 1947). Raises ValueError when figures are missing, an arm is empty
    or a pair does not have one place in each arm.
    """
    past, later, arm = _figures(before), _figures(after), np.asarray(treated, bool)
    order = _checked(past, later, arm, pair)
    return _changed(past, later, arm, order, _drift(past, arm, order))


def smallest_seen(
    before: ArrayLike, first: ArrayLike, second: ArrayLike, after: int | None = None
) -> float:
    """The least change that so many pairs show 4 times out of 5, told from the time before.

    `first` and `second` are the rows of each pair's places; from the first half of the periods to
    the second nothing was done, so pairs show how far they drift apart by themselves. With `after`,
    the change is from all of `before` to so many periods, each drifting by itself; else it is as
    from half to half. In units of the figures, a period. Raises Refused with fewer than six pairs
    or two periods.
    """
    past = _figures(before)
    one, other = np.asarray(first, np.intp), np.asarray(second, np.intp)
    if len(one) < 6 or past.shape[1] < 2:
        raise Refused(f"{len(one)} pairs over {past.shape[1]} periods: 6 and 2 are needed")
    halves = _halves(past)
    change = halves[1] - halves[0]
    drift = float(np.sqrt(((change[one] - change[other]) ** 2).mean()))
    reach = t_quantile(0.95, len(one) - 1) + NormalDist().inv_cdf(POWER)
    return reach * drift * _longer(past.shape[1], after) / sqrt(len(one))


def _longer(periods: int, after: int | None) -> float:
    """How much more a change to so many periods moves by itself than one from half to half."""
    if after is None:
        return 1.0
    half = periods // 2
    return sqrt((1 / after + 1 / periods) / (1 / half + 1 / (periods - half)))


def _changed(
    past: Floats, later: Floats, arm: Bools, order: Ints | None, before: Change | None
) -> Change:
    change = later.mean(axis=1) - past.mean(axis=1)
    reached = float(later[arm].mean())
    sides = int(arm.sum()), int((~arm).sum())
    if order is None:
        found = _of_groups(change[arm], change[~arm])
    else:
        found = _of_pairs(change[order[:, 0]] - change[order[:, 1]])
    ways = found.ways or None
    low, high, chance = found.low, found.high, found.chance
    paired = order is not None
    return Change(found.value, low, high, chance, *sides, paired, ways, reached, before)


def _of_pairs(apart: Floats) -> Exact:
    """By lots, or of many by Student's t."""
    count, value = len(apart), float(apart.mean())
    if count < MANY:
        return of_pairs(apart)
    error = float(apart.std(ddof=1)) / sqrt(count)
    if not error:
        return Exact(value, -inf, inf, 1.0, 0)
    reach = t_quantile(0.95, count - 1) * error
    return Exact(value, value - reach, value + reach, t_beyond(value / error, count - 1), 0)


def _of_groups(treated: Floats, control: Floats) -> Exact:
    """By lots, or of many by Welch's interval."""
    if min(len(treated), len(control)) < MANY:
        return of_groups(treated, control)
    found = effect(Sums.of(treated), Sums.of(control))
    return Exact(found.value, found.low, found.high, found.chance, 0)


def _drift(past: Floats, arm: Bools, order: Ints | None) -> Change | None:
    if past.shape[1] < 2:
        return None
    earlier, later = _halves(past)
    return _changed(earlier[:, None], later[:, None], arm, order, None)


def _halves(past: Floats) -> tuple[Floats, Floats]:
    half = past.shape[1] // 2
    return past[:, :half].mean(axis=1), past[:, half:].mean(axis=1)


def _figures(values: ArrayLike) -> Floats:
    found = np.asarray(values, np.float64)
    return found[:, None] if found.ndim == 1 else found


def _checked(past: Floats, later: Floats, arm: Bools, pair: ArrayLike | None) -> Ints | None:
    """Rows of the treated and the other place of each pair; None without pairs."""
    if not len(past) == len(later) == len(arm):
        raise ValueError("figures before, after and arms are not equally many")
    if not (np.isfinite(past).all() and np.isfinite(later).all()):
        raise ValueError("figures of a place are missing")
    if arm.all() or not arm.any():
        raise ValueError("no place was treated, or every place")
    if pair is None:
        return None
    numbers = np.unique(np.asarray(pair), return_inverse=True)[1]
    if len(numbers) != len(arm) or not (
        np.array_equal(np.sort(numbers[arm]), np.arange(numbers.max() + 1))
        and np.array_equal(np.sort(numbers[~arm]), np.arange(numbers.max() + 1))
    ):
        raise ValueError("a pair does not have one treated place and one that is not")
    rows = np.lexsort((~arm, numbers))
    found: Ints = rows.reshape(-1, 2).astype(np.int64)
    return found
