"""One population without segments that has some people's margins and correlations."""

import numpy as np

from carpel.stats.clusters.margins import Margin
from carpel.stats.clusters.preparation import Preparation
from carpel.stats.clusters.scaling import Category, Number
from carpel.stats.clusters.traits import Floats, Ints


class Population:
    """A Gaussian copula over one-peaked margins, fitted to scaled traits.

    Levels are ordered along the people's main direction; being missing is an axis of its own
    where the preparation tells it.
    """

    def __init__(self, preparation: Preparation, scaled: Floats) -> None:
        self.parts = preparation.parts
        main = _main(preparation.columns(scaled))
        self.orders = [
            _order(scaled[:, at], main, part.width) if isinstance(part, Category) else None
            for at, part in enumerate(self.parts)
        ]
        self.telling = [
            at for at, p in enumerate(self.parts) if isinstance(p, Number) and p.tells_missing
        ]
        axes = [_placed(scaled[:, at], order) for at, order in enumerate(self.orders)]
        axes += [np.isnan(scaled[:, at]).astype(np.float64) for at in self.telling]
        self.margins = [Margin.of(axis[~np.isnan(axis)]) for axis in axes]
        self.root = _root(_correlations(axes))

    def draw(self, people: int, rng: np.random.Generator) -> Floats:
        """The scaled traits of so many new people."""
        from scipy.special import ndtr

        at = ndtr(rng.standard_normal((people, len(self.root))) @ self.root)
        drawn = [margin.at(at[:, axis]) for axis, margin in enumerate(self.margins)]
        for axis, order in enumerate(self.orders):
            if order is not None:
                drawn[axis] = order[drawn[axis].astype(np.int64)].astype(np.float64)
        for axis, gone in zip(self.telling, drawn[len(self.parts) :], strict=True):
            drawn[axis] = np.where(gone > 0, np.nan, drawn[axis])
        return np.column_stack(drawn[: len(self.parts)])


def _main(columns: Floats) -> Floats:
    """Where everybody stands along the direction of the largest variance."""
    centred = columns - columns.mean(axis=0)
    directions = np.linalg.svd(centred[:ENOUGH], full_matrices=False)[2]
    return np.asarray(centred @ directions[0])


ENOUGH = 5_000
"""People from whom the main direction is taken."""


def _order(places: Floats, main: Floats, width: int) -> Ints:
    """The levels from one end of the main direction to the other."""
    means = [
        main[places == level].mean() if (places == level).any() else 0 for level in range(width)
    ]
    return np.asarray(np.argsort(means, kind="stable"))


def _placed(values: Floats, order: Ints | None) -> Floats:
    return values if order is None else np.argsort(order)[values.astype(np.int64)].astype(float)


def _correlations(axes: list[Floats]) -> Floats:
    """Correlations of normal scores, of those who have both, corrected for shared ranks.

    Shared ranks shrink scores towards each other; dividing by both variances undoes it to the
    first order.
    """
    scores = np.column_stack([_scores(axis) for axis in axes])
    known = np.column_stack([~np.isnan(axis) for axis in axes]).astype(np.float64)
    together = scores.T @ scores / np.maximum(known.T @ known, 1)
    spread = np.maximum(np.diag(together), 1e-9)
    found = np.clip(together / np.outer(spread, spread), -0.99, 0.99)
    np.fill_diagonal(found, 1.0)
    return np.asarray(found)


def _scores(values: Floats) -> Floats:
    """Normal scores of ranks with variance 1 where no ranks are shared; 0 where missing."""
    from scipy.special import ndtri
    from scipy.stats import rankdata

    known = ~np.isnan(values)
    scores = np.zeros(len(values))
    scores[known] = ndtri((rankdata(values[known]) - 0.5) / known.sum())
    return scores


def _root(correlations: Floats) -> Floats:
    """A matrix whose square is the nearest possible correlation matrix with unit variances."""
    values, vectors = np.linalg.eigh(correlations)
    root = (vectors * np.sqrt(np.maximum(values, 1e-6))) @ vectors.T
    return np.asarray(root / np.linalg.norm(root, axis=0))
