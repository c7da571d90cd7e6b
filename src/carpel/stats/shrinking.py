"""Many figures of one kind, each drawn towards the middle by as much as it is uncertain."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from carpel.stats.tails import NORMAL_95, Floats

FEWEST = 4
"""Figures from which their spread can be told."""


@dataclass(frozen=True)
class Shrunk:
    """Figures with 95 % intervals, the middle, and how much they truly spread around it."""

    value: Floats
    low: Floats
    high: Floats
    middle: float
    spread: float


def shrunk(value: Floats, error: Floats) -> Shrunk:
    """Empirical Bayes: each figure and the middle, weighted by how sure each is.

    The spread by Paule and Mandel 1982; intervals with what is not known of middle and spread
    (Morris 1983). With fewer than four figures nothing is drawn anywhere.
    """
    count = len(value)
    if count < FEWEST:
        middle = float(np.average(value, weights=error**-2.0)) if count else np.nan
        return Shrunk(value, value - NORMAL_95 * error, value + NORMAL_95 * error, middle, np.nan)
    spread2 = _spread(value, error)
    weight = 1 / (error**2 + spread2)
    middle = float(np.average(value, weights=weight))
    towards = error**2 / (error**2 + spread2) * (count - 3) / (count - 1)
    found = value + towards * (middle - value)
    left = error**2 * (1 - towards) + towards**2 / weight.sum()
    left = left + 2 / (count - 3) * towards**2 * (value - middle) ** 2
    reach = NORMAL_95 * np.sqrt(left)
    return Shrunk(found, found - reach, found + reach, middle, float(np.sqrt(spread2)))


def together(value: Floats, known: Floats) -> tuple[Floats, Floats]:
    """The same for figures whose errors go together: `known` is their covariance.

    Returned are the figures and their covariance, with what is not known of middle and spread
    (Efron and Morris 1972; Morris 1983).
    """
    count = len(value)
    if count < FEWEST:
        return value, known

    def around(spread2: float) -> tuple[Floats, float]:
        weights = np.asarray(np.linalg.inv(known + spread2 * np.eye(count)), np.float64)
        return weights, float(weights.sum(axis=0) @ value / weights.sum())

    def beyond(spread2: float) -> float:
        weights, middle = around(spread2)
        return float((value - middle) @ weights @ (value - middle)) - (count - 1)

    weights, middle = around(_root(beyond, value))
    towards = known @ weights * (count - 3) / (count - 1)
    moved = towards @ (middle - value)
    common = np.outer(towards.sum(axis=1), towards.sum(axis=1)) / weights.sum()
    left = known - towards @ known + common + np.diag(2 / (count - 3) * moved**2)
    return value + moved, np.asarray(left, np.float64)


def _spread(value: Floats, error: Floats) -> float:
    """The variance between figures that makes them as far apart as they are."""

    def beyond(spread2: float) -> float:
        weight = 1 / (error**2 + spread2)
        middle = np.average(value, weights=weight)
        return float((weight * (value - middle) ** 2).sum() - (len(value) - 1))

    return _root(beyond, value)


def _root(beyond: Callable[[float], float], value: Floats) -> float:
    """Where what falls from above 0 is 0, up to the square of how far the values reach."""
    low, high = 0.0, float(np.ptp(value) ** 2 + 1e-12)
    if beyond(low) <= 0:
        return 0.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if beyond(middle) > 0 else (low, middle)
    return (low + high) / 2
