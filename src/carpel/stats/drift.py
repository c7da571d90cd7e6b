"""Where a figure is on its way to: a walk with a steady drift, and how far it may stray."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from carpel.stats.proportions import CONFIDENCE
from carpel.stats.tails import t_quantile

FEWEST = 4
"""Steps that have to be known to say anything of those to come."""


@dataclass(frozen=True)
class Ahead:
    """The figure that is expected, and between what it is likely to be."""

    value: float
    low: float
    high: float


def ahead(path: Sequence[float], steps: float, confidence: float = CONFIDENCE) -> Ahead | None:
    """Where a path, one figure a step, will be so many steps after its last one.

    A random walk with drift (Hyndman and Athanasopoulos 2021, section 5.2): changes from step to
    step are taken to be independent, alike and normal, and both their spread and the doubt about
    the drift count. None where fewer than 4 changes are known.
    """
    changes = np.diff(np.asarray(path, np.float64))
    if len(changes) < FEWEST:
        return None
    drift, spread = float(changes.mean()), float(changes.std(ddof=1))
    value = float(path[-1]) + steps * drift
    reach = t_quantile(confidence, len(changes) - 1) * spread
    reach *= sqrt(max(0.0, steps) * (1 + max(0.0, steps) / len(changes)))
    return Ahead(value, value - reach, value + reach)
