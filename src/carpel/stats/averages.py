"""Averages and medians: where they lie, and how far two of them are apart."""

from math import ceil, floor, sqrt

from carpel.stats.difference import Moments
from carpel.stats.tails import NORMAL_95, t_about

Interval = tuple[float, float]


def mean_interval(group: Moments) -> Interval:
    """Where the mean lies behind that of some people (Student 1908); at least 6 of them."""
    reach = t_about(NORMAL_95, group.n - 1) * sqrt(_error(group))
    return group.mean - reach, group.mean + reach


def gap_interval(inside: Moments, outside: Moments) -> Interval:
    """Where the difference of two means lies, spreads unequal (Welch 1947); at least 6 each."""
    gap, one, two = inside.mean - outside.mean, _error(inside), _error(outside)
    if one + two == 0:
        return gap, gap
    freedom = (one + two) ** 2 / (one**2 / (inside.n - 1) + two**2 / (outside.n - 1))
    reach = t_about(NORMAL_95, freedom) * sqrt(one + two)
    return gap - reach, gap + reach


def median_ranks(n: int) -> tuple[int, int]:
    """Which of `n` values in order, from 1, are the ends of the 95 % interval of the median.

    The binomial taken as normal (Conover 1999, section 3.2); outermost values where there are
    too few.
    """
    low = floor((n - NORMAL_95 * sqrt(n)) / 2)
    high = ceil((n + NORMAL_95 * sqrt(n)) / 2) + 1
    return max(1, low), min(n, high)


def combined(value: float, ends: Interval, other: float, other_ends: Interval) -> Interval:
    """Where a difference lies, from where its two sides do (Zou and Donner 2008)."""
    gap = value - other
    return (
        gap - sqrt((value - ends[0]) ** 2 + (other_ends[1] - other) ** 2),
        gap + sqrt((ends[1] - value) ** 2 + (other - other_ends[0]) ** 2),
    )


def share_of_total(inside: Moments, outside: Moments) -> tuple[float, float, float]:
    """What part of a sum is a group's, and where it lies (by the delta method), 0 to 1.

    Both sums have to be above 0.
    """
    mine, others = inside.n * inside.mean, outside.n * outside.mean
    whole = mine + others
    spread = others**2 * inside.n**2 * _error(inside) + mine**2 * outside.n**2 * _error(outside)
    share, reach = mine / whole, NORMAL_95 * sqrt(spread) / whole**2
    return share, max(0.0, share - reach), min(1.0, share + reach)


def _error(group: Moments) -> float:
    """The squared standard error of the mean."""
    return group.variance / (group.n - 1)
