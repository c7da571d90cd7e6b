"""Whether items measure one thing: correlations with missing answers, and Cronbach's alpha."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LEAST = 1e-6
"""Smallest eigenvalue that a matrix of pairwise correlations is given."""


@dataclass(frozen=True)
class Reliability:
    """Of a scale: alpha up to 1, which items are reversed, and alpha without each item."""

    alpha: float
    reversed: tuple[bool, ...]
    without: tuple[float, ...]
    n: int


def correlations(answers: Floats) -> Floats:
    """Correlations of each pair of items, of those who answered both (NaN is no answer).

    Made positive definite where pairs contradict each other. Raises ValueError for items that
    all answer alike, or that nobody answers together.
    """
    found = _from(_covariances(answers))
    values, vectors = np.linalg.eigh(found)
    if values[0] >= LEAST:
        return found
    return _from((vectors * np.maximum(values, LEAST)) @ vectors.T)


def reliability(answers: Floats) -> Reliability:
    """Cronbach's alpha (1951) of the items as one scale, those that run against it turned round.

    From pairwise covariances; an item is reversed when it loads negatively on the first component.
    The direction is that of most items. `n` is how many answered any.
    """
    if answers.shape[1] < 2:
        raise ValueError("a scale needs at least two items")
    covariances = _covariances(answers)
    signs = np.sign(np.linalg.eigh(_from(covariances))[1][:, -1])
    signs *= np.sign(signs.sum()) or signs[0]
    turned = covariances * np.outer(signs, signs)
    items = len(signs)
    left = [np.delete(np.delete(turned, at, 0), at, 1) for at in range(items)]
    return Reliability(
        _alpha(turned),
        tuple(bool(each < 0) for each in signs),
        tuple(_alpha(each) for each in left) if items > 2 else (),
        int((~np.isnan(answers)).any(axis=1).sum()),
    )


def alpha(answers: Floats) -> float:
    """Cronbach's alpha of the items as they stand, up to 1; from pairwise covariances."""
    return _alpha(_covariances(answers))


def _alpha(covariances: Floats) -> float:
    items = len(covariances)
    return float(items / (items - 1) * (1 - np.trace(covariances) / covariances.sum()))


def _covariances(answers: Floats) -> Floats:
    """Of each pair, of those who answered both."""
    known = ~np.isnan(answers)
    filled = np.where(known, answers, 0.0)
    here = known.astype(np.float64)
    both = here.T @ here
    if both.min() < 3:
        raise ValueError("some items are never answered by the same people")
    means = filled.T @ here / both
    found = (filled.T @ filled / both - means * means.T) * both / (both - 1)
    if np.diag(found).min() <= 0:
        raise ValueError("everybody answers one of the items alike")
    return np.asarray(found)


def _from(covariances: Floats) -> Floats:
    spread = np.sqrt(np.diag(covariances))
    return np.asarray(np.clip(covariances / np.outer(spread, spread), -1, 1))
