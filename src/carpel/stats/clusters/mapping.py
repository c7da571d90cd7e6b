"""New groups take the names of the old ones that they continue."""

import numpy as np

from carpel.stats.clusters.stability import jaccard
from carpel.stats.clusters.traits import Ints

CONTINUES = 0.2
"""Least Jaccard index with which a new group is an old one gone on."""


def continued(new: Ints, old: Ints) -> dict[int, int]:
    """By new group: the old group it continues, each at most once; those that don't are not in it.

    `new` and `old` are the groups of the same people, -1 for none. The assignment with the largest
    sum of Jaccard indices (Kuhn 1955).
    """
    from scipy.optimize import linear_sum_assignment

    alike = jaccard(new, old)
    rows, columns = linear_sum_assignment(alike, maximize=True)
    return {int(a): int(b) for a, b in zip(rows, columns, strict=True) if alike[a, b] >= CONTINUES}


def renumbered(labels: Ints, old: Ints) -> Ints:
    """The new groups under the old numbers that they continue; the others take free ones, lowest
    first."""
    kept = continued(labels, old)
    free = iter(at for at in range(10**6) if at not in set(kept.values()))
    numbers = {at: kept[at] if at in kept else next(free) for at in range(int(labels.max()) + 1)}
    return np.array([numbers.get(int(each), -1) for each in range(-1, len(numbers))])[labels + 1]
