"""Loadings turned so that each item says one thing, by gradient projection.

Jennrich 2001 (orthogonal) and 2002 (oblique).
"""

from collections.abc import Callable, Mapping

import numpy as np

from carpel.stats.survey.reliability import Floats

STEPS = 1000
NEAR = 1e-6
Criterion = Callable[[Floats], tuple[float, Floats]]


def oblimin(loadings: Floats) -> tuple[Floats, Floats]:
    """Pattern loadings and the factors' correlations; direct oblimin with gamma 0 (quartimin)."""
    turn = np.eye(loadings.shape[1])
    step, size = 1.0, np.inf
    value, gradient = _oblique(loadings, turn, _quartimin)
    for _ in range(STEPS):
        tangent = gradient - turn * (turn * gradient).sum(axis=0)
        size = float(np.linalg.norm(tangent))
        if size < NEAR:
            break
        step *= 2
        for _ in range(12):
            tried = turn - step * tangent
            tried = tried / np.linalg.norm(tried, axis=0)
            found, slope = _oblique(loadings, tried, _quartimin)
            if found < value - step * size**2 / 2:
                break
            step /= 2
        turn, value, gradient = tried, found, slope
    return np.asarray(loadings @ np.linalg.inv(turn).T), np.asarray(turn.T @ turn)


def varimax(loadings: Floats) -> tuple[Floats, Floats]:
    """Loadings of uncorrelated factors whose squares vary most (Kaiser 1958)."""
    turn = np.eye(loadings.shape[1])
    for _ in range(STEPS):
        rotated = loadings @ turn
        slope = loadings.T @ (rotated**3 - rotated * (rotated**2).mean(axis=0))
        left, _, right = np.linalg.svd(slope)
        before, turn = turn, left @ right
        if float(np.abs(turn - before).max()) < NEAR:
            break
    return np.asarray(loadings @ turn), np.eye(loadings.shape[1])


def _oblique(loadings: Floats, turn: Floats, criterion: Criterion) -> tuple[float, Floats]:
    inverse = np.linalg.inv(turn)
    rotated = loadings @ inverse.T
    value, slope = criterion(rotated)
    return value, -(rotated.T @ slope @ inverse).T


def _quartimin(rotated: Floats) -> tuple[float, Floats]:
    squares = rotated**2
    others = squares.sum(axis=1, keepdims=True) - squares
    return float((squares * others).sum() / 4), rotated * others


ROTATIONS: Mapping[str, Callable[[Floats], tuple[Floats, Floats]]] = {
    "oblimin": oblimin,
    "varimax": varimax,
}
