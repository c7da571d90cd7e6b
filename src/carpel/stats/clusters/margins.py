"""One trait as it would be in a single population: with one peak at most."""

from dataclasses import dataclass

import numpy as np

from carpel.stats.clusters.traits import Floats

BINS = 60
SPIKE = 0.05
"""Share of people at one value from which on values are kept as they are."""


@dataclass(frozen=True)
class Margin:
    """Quantiles at evenly spaced probabilities; between them there are values where `smooth`."""

    quantiles: Floats
    smooth: bool

    @classmethod
    def of(cls, values: Floats) -> "Margin":
        """The nearest one-peaked margin; where many share a value (counts, answers, levels), the
        values themselves."""
        if int(np.unique(values, return_counts=True)[1].max()) >= max(SPIKE * len(values), 2):
            return cls(np.sort(values), smooth=False)
        return cls(_one_peaked(values), smooth=True)

    def at(self, probability: Floats) -> Floats:
        """The values at these probabilities, 0 to 1."""
        if self.smooth:
            at = np.linspace(0, 1, len(self.quantiles))
            return np.asarray(np.interp(probability, at, self.quantiles))
        places = (probability * len(self.quantiles)).astype(np.int64)
        return self.quantiles[np.minimum(places, len(self.quantiles) - 1)]


def _one_peaked(values: Floats) -> Floats:
    """Quantiles of the density, nearest to the histogram, that rises and then falls.

    Isotonic regression on both sides of the best mode.
    """
    counts, edges = np.histogram(values, BINS)
    fits = [_peaking_at(counts.astype(np.float64), mode) for mode in range(BINS + 1)]
    density = min(fits, key=lambda fit: float(((fit - counts) ** 2).sum()))
    steps = np.concatenate([[0.0], np.cumsum(density)]) / density.sum()
    return np.asarray(np.interp(np.linspace(0, 1, 2001), steps, edges))


def _peaking_at(counts: Floats, mode: int) -> Floats:
    from scipy.optimize import isotonic_regression

    rising = [isotonic_regression(counts[:mode]).x] if mode else []
    falling = [isotonic_regression(counts[mode:], increasing=False).x] if mode < BINS else []
    return np.asarray(np.maximum(np.concatenate([*rising, *falling]), 1e-12))
