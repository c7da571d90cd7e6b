"""k-means: to the end for the people, roughly for the many simulated populations."""

from dataclasses import dataclass

import numpy as np

from carpel.stats.clusters.traits import Floats, Ints

CHUNK = 100_000
"""People whose distances are held at a time."""
STEPS = 12


@dataclass(frozen=True)
class Centres:
    """Groups by the nearest of some centres."""

    centres: Floats

    def assign(self, columns: Floats) -> Ints:
        """The number of the nearest centre of each row."""
        half = (self.centres**2).sum(axis=1) / 2
        chunks = range(0, len(columns), CHUNK)
        found = [(columns[at : at + CHUNK] @ self.centres.T - half).argmax(axis=1) for at in chunks]
        return np.concatenate(found) if found else np.empty(0, dtype=np.int64)


def k_means(columns: Floats, k: int, seed: int, starts: int = 10) -> Centres:
    """The centres of the best of some starts (k-means++, Lloyd's algorithm)."""
    from sklearn.cluster import KMeans

    fitted = KMeans(k, n_init=starts, random_state=seed, tol=1e-6).fit(columns)
    return Centres(np.asarray(fitted.cluster_centers_))


def inertia(columns: Floats, labels: Ints) -> float:
    """The squared distances of everybody to the middle of their group, summed."""
    found = (columns[labels == each] for each in np.unique(labels))
    return float(sum(((group - group.mean(axis=0)) ** 2).sum() for group in found))


def within(columns: Floats, k: int, rng: np.random.Generator) -> float:
    """The squared distances left within k groups after a dozen steps of Lloyd's algorithm."""
    squares = (columns**2).sum(axis=1)
    centres = _spread(columns, squares, k, rng)
    for _ in range(STEPS):
        nearest = (columns @ centres.T - (centres**2).sum(axis=1) / 2).argmax(axis=1)
        here = (nearest[:, None] == np.arange(k)).astype(np.float64)
        sums, counts = here.T @ columns, here.sum(axis=0)
        centres = sums / np.maximum(counts, 1)[:, None]
    return float(squares.sum() - (sums**2).sum(axis=1) @ (1 / np.maximum(counts, 1)))


def _spread(columns: Floats, squares: Floats, k: int, rng: np.random.Generator) -> Floats:
    """Centres far from each other: k-means++ (Arthur and Vassilvitskii 2007)."""
    chosen = [int(rng.integers(len(columns)))]
    far = np.full(len(columns), np.inf)
    for _ in range(k - 1):
        last = columns[chosen[-1]]
        far = np.minimum(far, np.maximum(squares - 2 * columns @ last + last @ last, 0))
        places = np.cumsum(far)
        chosen.append(min(int(np.searchsorted(places, rng.random() * places[-1])), len(far) - 1))
    return columns[chosen]
