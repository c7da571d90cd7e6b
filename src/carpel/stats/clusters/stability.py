"""Whether groups come again when other people of the same kind are looked at."""

from collections.abc import Callable

import numpy as np

from carpel.stats.clusters.methods import Groups
from carpel.stats.clusters.traits import Floats, Ints

RESAMPLES = 10
DISSOLVED = 0.6
"""Below it a group is not there in most resamples (Hennig 2007)."""


def stability(
    columns: Floats, labels: Ints, fit: Callable[[Floats, int], Groups], seed: int
) -> Floats:
    """By group: the mean share, over bootstrap resamples, of it that comes again, 0 to 1.

    The share is the Jaccard index with the most alike group of the refit (Hennig 2007).
    """
    rng = np.random.default_rng(seed)
    found = []
    for each in range(RESAMPLES):
        again = fit(columns[rng.integers(len(columns), size=len(columns))], seed + each + 1)
        found.append(jaccard(labels, again.assign(columns)).max(axis=1, initial=0.0))
    return np.asarray(np.mean(found, axis=0))


def overlaps(a: Ints, b: Ints) -> Ints:
    """How many are in each group of one split and each of another; those in none are left out."""
    both = (a >= 0) & (b >= 0)
    shape = (int(a.max(initial=-1)) + 1, int(b.max(initial=-1)) + 1)
    counts = np.zeros(shape, dtype=np.int64)
    np.add.at(counts, (a[both], b[both]), 1)
    return counts


def jaccard(a: Ints, b: Ints) -> Floats:
    """Of each group of one split and each of another: those in both over those in either."""
    both = overlaps(a, b)
    sizes_a = np.bincount(a[a >= 0], minlength=both.shape[0])
    sizes_b = np.bincount(b[b >= 0], minlength=both.shape[1])
    return np.asarray(both / np.maximum(sizes_a[:, None] + sizes_b[None, :] - both, 1))
