"""The ways to split people, each learned from a sample and able to place everybody."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from carpel.stats.clusters.means import CHUNK, Centres, k_means
from carpel.stats.clusters.mixture import floors, merged, mixture, moments
from carpel.stats.clusters.traits import Floats, Ints, drawn

SLOW = 5_000
"""People that the slow methods learn from."""
TREE = 2_000
"""People that Ward's tree is drawn of."""
NOWHERE = -1
"""The number of whoever is in no group."""


class Groups(Protocol):
    """A way to place people."""

    def assign(self, columns: Floats) -> Ints:
        """The group of each row, counted from 0; -1 for none."""


@dataclass(frozen=True)
class Dense:
    """Groups as dense regions: everybody is where the nearest of those learned from is."""

    points: Floats
    labels: Ints

    def assign(self, columns: Floats) -> Ints:
        """The group of each row's nearest neighbour; -1 where that is in none."""
        half = (self.points**2).sum(axis=1) / 2
        step = max(CHUNK // 20, 1)
        chunks = range(0, len(columns), step)
        near = [(columns[at : at + step] @ self.points.T - half).argmax(axis=1) for at in chunks]
        return np.asarray(self.labels[np.concatenate(near)])


def _means(columns: Floats, k: int, seed: int) -> Groups:
    return k_means(columns, k, seed)


def _ward(columns: Floats, k: int, seed: int) -> Groups:
    some = _some(columns, seed, TREE)
    return Centres(moments(some, _tree(some, k), floors(some))[0])


def _mixture(columns: Floats, k: int, seed: int) -> Groups:
    """Started from many of Ward's groups, put together in the metric of their own spread: that
    finds small groups, which random starts miss."""
    some = _some(columns, seed)
    part = _some(some, seed, TREE)
    many = _tree(part, max(min(3 * k + 6, len(part) // 4), k))
    return mixture(some, part, merged(part, many, k, floors(some)), floors(some))


def _tree(columns: Floats, k: int) -> Ints:
    from sklearn.cluster import AgglomerativeClustering

    labels = AgglomerativeClustering(k, linkage="ward").fit_predict(columns)
    return np.asarray(labels, dtype=np.int64)


def _density(columns: Floats, _: int, seed: int) -> Groups:
    """HDBSCAN finds the number of groups itself: dense regions of at least 2 % of the people."""
    from sklearn.cluster import HDBSCAN

    some = _some(columns, seed, TREE)
    model = HDBSCAN(min_cluster_size=max(len(some) // 50, 5), min_samples=5, copy=True)
    return Dense(some, np.asarray(model.fit_predict(some), dtype=np.int64))


METHODS: Mapping[str, Callable[[Floats, int, int], Groups]] = {
    "k_means": _means,
    "ward": _ward,
    "mixture": _mixture,
    "density": _density,
}
"""By name: columns, number of groups and seed give groups.

k-means and Ward's tree (nearest centre), a mixture of normal distributions, HDBSCAN. Categories
take part as weighted columns, so all of them take mixed traits.
"""


def _some(columns: Floats, seed: int, size: int = SLOW) -> Floats:
    return columns[drawn(len(columns), size, seed)]
