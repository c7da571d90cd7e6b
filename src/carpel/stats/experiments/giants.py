"""The few whose figures outweigh everybody else's: found, named, and drawn in."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import ArrayLike, NDArray

from carpel.stats.tails import Floats

SHARE = 0.99
ALONE = 10.0
"""Times the threshold beyond which somebody is more likely a mistake than a good customer."""


@dataclass(frozen=True)
class DrawnIn:
    """A group's values, none beyond the threshold; where the giants are and what they were.

    `where` counts places from 0, the largest giant first, as `were` does.
    """

    values: Floats
    where: NDArray[np.intp]
    were: Floats


@dataclass(frozen=True)
class Giants:
    """The threshold, and each group drawn in to it; infinite where everybody has 0."""

    threshold: float
    arms: Mapping[str, DrawnIn]

    @property
    def count(self) -> int:
        """How many were drawn in."""
        return sum(len(each.where) for each in self.arms.values())

    @property
    def alone(self) -> dict[str, DrawnIn]:
        """The giants more than ten times beyond the threshold, by group: look at them one by one.

        Groups without any are left out.
        """
        found = {}
        for arm, each in self.arms.items():
            far = np.abs(each.were) > ALONE * self.threshold
            if far.any():
                found[arm] = DrawnIn(each.values, each.where[far], each.were[far])
        return found


def giants(arms: Mapping[str, ArrayLike], share: float = SHARE) -> Giants:
    """Values of each group, drawn in to the figure that `share` of all non-zero ones stay within.

    Winsorising (Dixon 1960), both ways from 0: a giant refund too. The threshold is a value that
    was seen, of all groups together, so that it cannot favour one. What is changed is what is
    asked: the effect on people as if nobody counted for more than the threshold.
    """
    if not 0 < share <= 1:
        raise ValueError("the share of values left as they are lies above 0 and up to 1")
    groups = {arm: np.asarray(values, np.float64) for arm, values in arms.items()}
    sizes = np.abs(np.concatenate([*groups.values(), np.empty(0)]))
    sizes = sizes[sizes > 0]
    threshold = float(np.quantile(sizes, share, method="inverted_cdf")) if len(sizes) else inf
    return Giants(threshold, {arm: _drawn_in(each, threshold) for arm, each in groups.items()})


def _drawn_in(values: Floats, threshold: float) -> DrawnIn:
    sizes = np.abs(values)
    order = np.argsort(-sizes, kind="stable")
    where = order[: int((sizes > threshold).sum())]
    return DrawnIn(np.clip(values, -threshold, threshold), where, values[where])
