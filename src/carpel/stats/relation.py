"""How closely columns go with each other where both are known."""

import numpy as np

from carpel.stats.tails import Floats


def correlations(some: Floats, others: Floats) -> Floats:
    """Pearson's correlation of each column of `some` with each of `others`, -1 to 1.

    Rows with a NaN in either column are left out pair by pair; 0 where either does not vary
    or fewer than three rows are left. On ranks this is Spearman's.
    """
    first, second = ~np.isnan(some), ~np.isnan(others)
    x, y = np.where(first, some, 0.0), np.where(second, others, 0.0)
    one, two = first.astype(float), second.astype(float)
    n, sx, sy = one.T @ two, x.T @ two, one.T @ y
    with np.errstate(divide="ignore", invalid="ignore"):
        between = x.T @ y - sx * sy / n
        spread = ((x**2).T @ two - sx**2 / n) * (one.T @ (y**2) - sy**2 / n)
        found = between / np.sqrt(spread)
    return np.where((n > 2) & (spread > 0) & np.isfinite(found), np.clip(found, -1, 1), 0.0)


def rank_correlation(one: Floats, other: Floats) -> float:
    """Spearman's correlation of two columns, -1 to 1, each ranked among its own known values."""
    return float(correlations(ranks(one)[:, None], ranks(other)[:, None])[0, 0])


def ranks(values: Floats) -> Floats:
    """Ranks among the known, equal values at the middle of theirs; NaN where not known."""
    found = np.full(values.shape, np.nan)
    known = ~np.isnan(values)
    _, places, counts = np.unique(values[known], return_inverse=True, return_counts=True)
    if len(counts):
        found[known] = (np.cumsum(counts) - (counts - 1) / 2)[places]
    return found
