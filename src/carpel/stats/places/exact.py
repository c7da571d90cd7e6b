"""Exact tests of few places and the intervals they leave, by all the ways lots could have fallen.

The interval has every effect that the test at 5 % does not refute. For a mean of pairs and for a
difference of two means it ends at values that can be listed: one of each way the lots could fall.
"""

from dataclasses import dataclass
from itertools import combinations
from math import comb, floor, inf

import numpy as np

from carpel.stats.tails import Floats

MOST = 2**17
"""Ways that are listed; of more, as many are drawn, which is as exact (Hemerik, Goeman 2018)."""
LEVEL = 0.05


@dataclass(frozen=True)
class Exact:
    """An effect with its 95 % interval and the two-sided chance of one as far from 0 by lot."""

    value: float
    low: float
    high: float
    chance: float
    ways: int
    """Ways the lots could have fallen; the chance is never below 2 in so many."""


def of_pairs(apart: Floats, seed: int = 0) -> Exact:
    """The mean difference within pairs, of each of which one was drawn by lot (Fisher 1935).

    Had the lot of some pairs fallen the other way, an effect would look larger exactly if it is
    above the mean of those pairs; the interval ends at such means (Hartigan 1969).
    """
    count = len(apart)
    if 2**count <= MOST:
        turned = (np.arange(1, 2**count)[:, None] >> np.arange(count)) & 1
        drawn = turned.astype(bool)
    else:
        drawn = np.random.default_rng(seed).random((MOST - 1, count)) < 0.5
        drawn = drawn[drawn.any(axis=1)]
    return _inverted(float(apart.mean()), (drawn @ apart) / drawn.sum(axis=1))


def of_groups(treated: Floats, control: Floats, seed: int = 0) -> Exact:
    """The difference of means of places, so many of which were drawn by lot (Pitman 1937).

    Had some treated places been drawn as controls and as many controls as treated, an effect would
    look larger exactly if it is above the difference of those.
    """
    values = np.concatenate([treated, control])
    count, many = len(values), len(treated)
    if comb(count, many) <= MOST:
        rows = np.array(list(combinations(range(count), many)), np.intp)
    else:
        chance = np.random.default_rng(seed)
        rows = chance.random((MOST - 1, count)).argsort(axis=1)[:, :many]
    arm = np.zeros((len(rows), count), bool)
    np.put_along_axis(arm, rows, True, axis=1)
    swapped = (~arm[:, :many]).sum(axis=1)
    arm, swapped = arm[swapped > 0], swapped[swapped > 0]
    left, came = (~arm[:, :many]) @ treated, arm[:, many:] @ control
    return _inverted(float(treated.mean() - control.mean()), (left - came) / swapped)


def _inverted(value: float, ends: Floats) -> Exact:
    """From the effect above which each other way of the lots would look larger."""
    ways = len(ends) + 1
    inside = floor(ways * LEVEL / 2)
    below, above = (ends <= 0).sum() + 1, (ends >= 0).sum() + 1
    chance = min(1.0, 2 * float(min(below, above)) / ways)
    if not inside:
        return Exact(value, -inf, inf, chance, ways)
    ends = np.partition(ends, (inside - 1, len(ends) - inside))
    return Exact(value, float(ends[inside - 1]), float(ends[-inside]), chance, ways)
