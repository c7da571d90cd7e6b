"""Predictions with intervals: of each person and of a whole cohort.

A person's interval is of the orders that will happen, not of their mean: the model's own
distribution of the count, in the mean over what is uncertain of the parameters. It holds at
least its level, and more where a count is small: there is nothing between 0 and 1 order.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from carpel.stats.buying.histories import Floats, Histories, grouped
from carpel.stats.buying.model import Model
from carpel.stats.likelihood import Estimate
from carpel.stats.tails import NORMAL_95

BLOCK = 100_000
"""Rows whose counts are followed at once; those who order alike stand together."""


@dataclass(frozen=True)
class Total:
    """What people will order together: mean and the ends of its interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Expected:
    """Orders in a time ahead: mean, variance, chance of none, and ends of the interval."""

    mean: Floats
    variance: Floats
    none: Floats
    low: Floats
    high: Floats
    together: Total
    """Of all people together."""


def around(model: Model, estimate: Estimate | None) -> list[Model]:
    """Models that stand for what is uncertain; the model alone where nothing is said to be."""
    return [model] if estimate is None else [model.of(each) for each in estimate.around()]


def expected(
    model: Model, estimate: Estimate | None, each: Histories, ahead: float, level: float = 0.95
) -> Expected:
    """Orders of every person in the time `ahead`, with the interval that holds `level`."""
    from scipy.special import ndtri

    some, group = grouped(each)
    models = around(model, estimate)
    mean = model.moments(some, ahead)[0]
    moments = [one.moments(some, ahead) for one in models]
    none, low, high = np.empty_like(mean), np.empty_like(mean), np.empty_like(mean)
    order = np.argsort(mean)
    for start in range(0, len(order), BLOCK):
        rows = order[start : start + BLOCK]
        none[rows], low[rows], high[rows] = _counted(models, some.where(rows), ahead, level)
    variance = mixed(moments)[1]
    together = _together(some.weight, mean, moments, float(ndtri((1 + level) / 2)))
    mean, variance, none = mean[group], variance[group], none[group]
    return Expected(mean, variance, none, low[group], high[group], together)


def mixed(moments: Sequence[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    """Mean and variance of a mixture of equal parts with these means and variances."""
    means = np.array([mean for mean, _ in moments])
    within = np.array([variance for _, variance in moments])
    return means.mean(axis=0), within.mean(axis=0) + means.var(axis=0)


def _counted(
    models: list[Model], each: Histories, ahead: float, level: float
) -> tuple[Floats, Floats, Floats]:
    """Chance of no order, and the ends of the interval, by counting up until it is full."""
    tail = (1 - level) / 2
    chances = [one.chances(each, ahead) for one in models]
    mass = np.mean([one.first() for one in chances], axis=0)
    none = mass.copy()
    low, high = np.full(len(mass), -1.0), np.zeros(len(mass))
    left, below, reached = np.arange(len(mass)), mass * 0, mass
    k = 0
    while len(left):
        begins = (low[left] < 0) & (reached > tail)
        low[left[begins]] = k
        below = np.where(begins, reached - mass, below)
        full = (low[left] >= 0) & (reached - below >= level)
        high[left[full]] = k
        still = ~full
        left, below, reached = left[still], below[still], reached[still]
        if not len(left):
            break
        for one in chances:
            one.keep(still)
        k += 1
        mass = np.mean([one.next() for one in chances], axis=0)
        reached = reached + mass
    return none, low, high


def total(
    model: Model, estimate: Estimate | None, each: Histories, ahead: float, z: float = NORMAL_95
) -> Total:
    """What all people will order together in the time `ahead`."""
    some, _ = grouped(each)
    moments = [one.moments(some, ahead) for one in around(model, estimate)]
    return _together(some.weight, model.moments(some, ahead)[0], moments, z)


def _together(
    weight: Floats, mean: Floats, moments: Sequence[tuple[Floats, Floats]], z: float
) -> Total:
    """The sum and its interval: gamma distributed, which has no negative part.

    People differ by chance, which averages out, and by what is uncertain of the parameters, which
    does not.
    """
    from scipy.special import gammaincinv, ndtr

    middle = float(np.dot(weight, mean))
    sums = [(np.dot(weight, one), np.dot(weight, spread)) for one, spread in moments]
    variance = float(mixed(sums)[1])
    if variance <= 0 or middle <= 0:
        return Total(middle, middle, middle)
    shape = middle**2 / variance
    low, high = (float(gammaincinv(shape, ndtr(side)) * variance / middle) for side in (-z, z))
    return Total(middle, low, high)
