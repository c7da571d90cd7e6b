"""How many things a survey's items measure."""

from dataclasses import dataclass

import numpy as np

from carpel.stats.survey.reliability import Floats, correlations

SIMULATED = 50
QUANTILE = 0.95


@dataclass(frozen=True)
class Number:
    """The number of factors taken, what parallel analysis says, and why.

    `partials` are the mean squared partial correlations left after 0, 1, 2… components.
    """

    factors: int
    parallel: int
    partials: tuple[float, ...]
    said: str


def number_of_factors(answers: Floats, seed: int = 0) -> Number:
    """The number by Velicer's minimum average partial (1976), beside Horn's parallel analysis.

    MAP stops where what is left is no longer shared; parallel analysis (the eigenvalues against the
    95th percentile of those of noise) counts with many people small factors too that nobody can
    name: MAP is taken, at least one.
    """
    found = correlations(answers)
    partials = average_partials(found)
    most = max(int(np.argmin(partials)), 1)
    beside = parallel(found, len(answers), seed)
    return Number(most, beside, tuple(partials), _said(most, beside, partials))


def average_partials(correlation: Floats) -> list[float]:
    """The mean squared correlation of items after 0, 1, 2… components are taken out."""
    values, vectors = np.linalg.eigh(correlation)
    loadings = (vectors * np.sqrt(np.maximum(values, 0)))[:, ::-1]
    items = len(correlation)
    found = []
    for taken in range(items - 1):
        left = correlation - loadings[:, :taken] @ loadings[:, :taken].T
        spread = np.sqrt(np.maximum(np.diag(left), 1e-12))
        squares = (left / np.outer(spread, spread)) ** 2
        found.append(float((squares.sum() - np.trace(squares)) / (items * (items - 1))))
    return found


def parallel(correlation: Floats, people: int, seed: int) -> int:
    """How many eigenvalues are larger than those of as many people's independent answers."""
    rng = np.random.default_rng(seed)
    items = len(correlation)
    noise = [
        np.linalg.eigvalsh(np.corrcoef(rng.standard_normal((people, items)).T))[::-1]
        for _ in range(SIMULATED)
    ]
    larger = np.linalg.eigvalsh(correlation)[::-1] > np.quantile(noise, QUANTILE, axis=0)
    return items if larger.all() else int(np.argmin(larger))


def _said(most: int, beside: int, partials: list[float]) -> str:
    left = f"{partials[most]:.4f} is left shared on average, the least of all numbers"
    if beside == most:
        return f"{most} factors: {left}; parallel analysis says the same."
    return (
        f"{most} factors: {left}. Parallel analysis says {beside}: it counts whatever is larger "
        "than noise, with many people also what is too small to mean anything."
    )
