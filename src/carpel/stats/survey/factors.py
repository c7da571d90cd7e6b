"""What a survey's items measure: loadings by minimum residuals, rotated, and scores."""

from dataclasses import dataclass

import numpy as np

from carpel.stats.survey.reliability import Floats, correlations
from carpel.stats.survey.rotation import ROTATIONS


@dataclass(frozen=True)
class Factors:
    """`loadings` (items x factors), `between` the factors' correlations, `uniqueness` by item.

    Factors are ordered by how much they explain and point to where most of their items do.
    """

    loadings: Floats
    between: Floats
    uniqueness: Floats
    correlation: Floats
    mean: Floats
    sd: Floats

    @property
    def key(self) -> tuple[tuple[int, int], ...]:
        """By item: the factor it loads on most, and 1 or -1 when it is reversed."""
        largest = np.abs(self.loadings).argmax(axis=1)
        return tuple(
            (int(factor), 1 if self.loadings[item, factor] >= 0 else -1)
            for item, factor in enumerate(largest)
        )

    def scores(self, answers: Floats) -> Floats:
        """Everybody's factor scores by regression (Thurstone 1935) on the answers they gave.

        Mean 0 and spread below 1, the less so the fewer answers; NaN for who gave none.
        """
        given = (answers - self.mean) / self.sd
        known = ~np.isnan(given)
        structure = self.loadings @ self.between
        found = np.full((len(given), structure.shape[1]), np.nan)
        patterns, which = np.unique(known, axis=0, return_inverse=True)
        for at, items in enumerate(patterns):
            if items.any():
                weights = np.linalg.solve(self.correlation[np.ix_(items, items)], structure[items])
                rows = which.reshape(-1) == at
                found[rows] = given[np.ix_(rows, items)] @ weights
        return found


def factors(answers: Floats, count: int, rotation: str = "oblimin") -> Factors:
    """Fit so many factors to answers (NaN is none), on pairwise correlations.

    Minimum residuals (Harman and Jones 1966), rotated by oblimin (factors may be correlated) or
    varimax. Raises ValueError for more factors than half the items carry.
    """
    found = correlations(answers)
    if not 1 <= count <= len(found) // 2:
        raise ValueError(f"{len(found)} items carry 1 to {len(found) // 2} factors, not {count}")
    loadings, uniqueness = minimum_residuals(found, count)
    turned, between = ROTATIONS[rotation](loadings) if count > 1 else (loadings, np.eye(1))
    order = np.argsort(-np.diag(between @ turned.T @ turned), kind="stable")
    signs = np.where((turned[:, order] ** 3).sum(axis=0) < 0, -1.0, 1.0)
    return Factors(
        turned[:, order] * signs,
        between[np.ix_(order, order)] * np.outer(signs, signs),
        uniqueness,
        found,
        np.nanmean(answers, axis=0),
        np.nanstd(answers, axis=0, ddof=1),
    )


def minimum_residuals(correlation: Floats, count: int) -> tuple[Floats, Floats]:
    """Loadings and uniquenesses with the least squared residuals outside the diagonal.

    Over the uniquenesses, half the sum of the squared eigenvalues that so many factors leave of the
    reduced matrix is made least; its gradient is known.
    """
    from scipy.optimize import minimize

    def left(unique: Floats) -> tuple[float, Floats]:
        values, vectors = np.linalg.eigh(correlation - np.diag(unique))
        rest = values[:-count]
        return float((rest**2).sum() / 2), -(vectors[:, :-count] ** 2) @ rest

    start = np.minimum(1 / np.diag(np.linalg.inv(correlation)), 0.95)
    bounds = [(0.005, 1.0)] * len(correlation)
    unique = np.asarray(minimize(left, start, jac=True, bounds=bounds, method="L-BFGS-B").x)
    values, vectors = np.linalg.eigh(correlation - np.diag(unique))
    largest = np.sqrt(np.maximum(values[: -count - 1 : -1], 0))
    return np.asarray(vectors[:, : -count - 1 : -1] * largest), unique
