"""Groups as normal distributions of one shape, of any sizes."""

from dataclasses import dataclass

import numpy as np

from carpel.stats.clusters.means import CHUNK
from carpel.stats.clusters.traits import Floats, Ints

RIDGE = 1e-3
"""Added to every variance, so that a trait that is the same within groups does no harm."""
SPIKE = 0.1
NEXT = 0.1
"""Share of those elsewhere that are next to a value many share."""
STEPS = 100
NEAR = 1e-5


@dataclass(frozen=True)
class Mixture:
    """Everybody is in the likeliest group: the largest of some linear functions."""

    slopes: Floats
    heights: Floats

    def assign(self, columns: Floats) -> Ints:
        """The likeliest group of each row."""
        chunks = range(0, len(columns), CHUNK)
        found = [self.heights_of(columns[at : at + CHUNK]).argmax(axis=1) for at in chunks]
        return np.asarray(np.concatenate(found), dtype=np.int64)

    def heights_of(self, columns: Floats) -> Floats:
        """By row and group the logarithm of how likely it is, up to what all groups share."""
        return np.asarray(columns @ self.slopes.T + self.heights)


def mixture(columns: Floats, part: Floats, start: Ints, floor: Floats) -> Mixture:
    """By expectation and maximisation, started from the groups of a part of the rows."""
    means, sizes, spread = moments(part, start, floor)
    model, before = _model(means, sizes / len(part), spread), -np.inf
    squares = columns.T @ columns / len(columns)
    for _ in range(STEPS):
        heights = model.heights_of(columns)
        top = heights.max(axis=1, keepdims=True)
        shares = np.exp(heights - top)
        total = shares.sum(axis=1, keepdims=True)
        shares /= total
        sizes = np.maximum(shares.sum(axis=0), 1e-9)
        means = shares.T @ columns / sizes[:, None]
        spread = squares - (means.T * sizes) @ means / len(columns) + np.diag(floor)
        model = _model(means, sizes / len(columns), spread)
        now = float((top + np.log(total)).mean())
        if abs(now - before) < NEAR:
            break
        before = now
    return model


def _model(means: Floats, shares: Floats, spread: Floats) -> Mixture:
    slopes: Floats = np.asarray(np.linalg.solve(spread, means.T).T, dtype=np.float64)
    return Mixture(slopes, np.log(shares) - (slopes * means).sum(axis=1) / 2)


def merged(columns: Floats, labels: Ints, k: int, floor: Floats) -> Ints:
    """Groups put together two by two until k are left, each time the two nearest.

    Near is as Ward says, but in the metric of the spread within groups, so that it is blind to
    how long and narrow groups are (the determinant criterion of Friedman and Rubin 1967).
    """
    labels = labels.copy()
    while labels.max() >= k:
        means, sizes, spread = moments(columns, labels, floor)
        apart = means[:, None] - means[None, :]
        metric = np.linalg.inv(spread)
        squares = np.einsum("abi,ij,abj->ab", apart, metric, apart)
        costs = squares * sizes[:, None] * sizes / (sizes[:, None] + sizes)
        np.fill_diagonal(costs, np.inf)
        one, other = sorted(np.unravel_index(int(np.argmin(costs)), costs.shape))
        labels[labels == other] = one
        labels[labels > other] -= 1
    return labels


def moments(columns: Floats, labels: Ints, floor: Floats) -> tuple[Floats, Floats, Floats]:
    """By group means and sizes, and the covariance within all of them."""
    here = np.eye(int(labels.max()) + 1)[labels]
    sizes = here.sum(axis=0)
    means = here.T @ columns / sizes[:, None]
    rest = columns - means[labels]
    spread = rest.T @ rest / len(columns) + np.diag(floor)
    return means, sizes, spread


def floors(columns: Floats) -> Floats:
    """By column, the variance that is added to what a normal distribution has.

    Where one in ten share a value (levels, counts, answers) the square of the step from it to the
    next ones, at most the column's variance: the many at one point would else look like a group of
    their own.
    """
    return np.array([_step(column) for column in columns.T]) + RIDGE


def _step(column: Floats) -> float:
    values, counts = np.unique(column, return_counts=True)
    if len(values) < 2 or counts.max() < SPIKE * len(column):
        return 0.0
    apart = np.abs(column - values[counts.argmax()])
    near = float(np.quantile(apart[apart > 0], NEXT))
    return min(float(column.var()), near * near)


def loosened(columns: Floats, seed: int) -> Floats:
    """The columns, those in which many share a value shaken by as much as they vary."""
    shaken = np.sqrt(np.maximum(floors(columns) - RIDGE, 0))
    return columns + np.random.default_rng(seed).standard_normal(columns.shape) * shaken
