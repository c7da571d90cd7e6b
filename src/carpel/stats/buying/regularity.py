"""Whether purchases come at random or by the calendar.

The counting models need gaps that are random: with fixed ones, somebody who is a day late on a
monthly renewal has left, and a model that waits for chance does not see it.
"""

from dataclasses import dataclass

import numpy as np

from carpel.stats.buying.histories import Floats, Numbers
from carpel.stats.likelihood import Refused
from carpel.stats.tails import NORMAL_95

FEWEST = 30
REGULAR = 6.0
"""Gaps that vary less than those of the sixth purchase of a Poisson process are no chance."""


@dataclass(frozen=True)
class Regularity:
    """Shape of the gaps between purchases: 1 is chance, many is a clock; with its interval."""

    shape: float
    low: float
    high: float
    gap: float
    """Median gap."""
    pairs: int

    @property
    def fixed(self) -> bool:
        """Whether the gaps are too regular for chance."""
        return self.pairs >= FEWEST and self.low > REGULAR


def regularity(people: Numbers, at: Floats) -> Regularity:
    """The regularity of purchases, one pair of neighbouring gaps after the other.

    Wheat and Morrison (1990): of two gaps of one person, gamma distributed with shape k, the
    first is Beta(k, k) of their sum whatever the person's rate: its variance about one half is
    1 / (4 (2k + 1)). Purchases at one moment are one. Nobody's rate need be known.
    """
    order = np.lexsort((at, people))
    who, when = people[order], at[order]
    fresh = np.ones(len(who), dtype=bool)
    fresh[1:] = (who[1:] != who[:-1]) | (when[1:] != when[:-1])
    who, when = who[fresh], when[fresh]
    gap = np.diff(when)
    same = who[1:] == who[:-1]
    neighbours = same[1:] & same[:-1]
    first, second = gap[:-1][neighbours], gap[1:][neighbours]
    squares = (first / (first + second) - 0.5) ** 2
    if len(squares) == 0:
        return Regularity(1.0, 0.0, np.inf, float(np.median(gap[same])) if same.any() else 0.0, 0)
    owner = np.unique(who[2:][neighbours], return_inverse=True)[1]
    mean, error = _clustered(squares, owner)
    shape, low, high = (_shape(each) for each in (mean, mean + error, mean - error))
    return Regularity(shape, low, high, float(np.median(gap[same])), len(squares))


def _clustered(values: Floats, owner: Numbers) -> tuple[float, float]:
    """Mean and half the width of its interval, where the values of one person go together."""
    mean = float(values.mean())
    apart = np.bincount(owner, values - mean)
    return mean, NORMAL_95 * float(np.sqrt((apart**2).sum())) / len(values)


def _shape(variance: float) -> float:
    return (1 - 4 * variance) / (8 * variance) if variance > 0 else np.inf


def refuse_fixed(found: Regularity, unit: str = "days") -> None:
    """Raise Refused where purchases are renewals: they have a model of their own."""
    if found.fixed:
        raise Refused(
            f"purchases come every {found.gap:.4g} {unit} as by the calendar (regularity "
            f"{found.shape:.3g}, chance is 1): these are renewals, for a model of contracts"
        )
