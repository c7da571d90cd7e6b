"""One trait made comparable with the others: skew removed, outliers pulled in, scaled."""

from dataclasses import dataclass

import numpy as np

from carpel.stats.clusters.traits import Floats, Ints

SKEWED = 0.2
"""Octile skewness above which a trait is made symmetric; a log-normal with sigma .35 has it."""
NORMAL = 0.97
"""Correlation with normal quantiles that a power must reach."""
SPIKE = 0.05
POWERS = np.linspace(-2, 4, 61)
FAR = 5.0
"""Robust standard deviations from the median; what is farther is pulled in to there."""
OCTILES = 2.3007
"""Standard deviations between the first and the last octile of a normal distribution."""
TOLD = 0.02
"""Share of missing values from which on being missing is a column of its own."""
HALF = 0.5
"""Weight of being missing, against the trait's own."""


@dataclass(frozen=True)
class Number:
    """How a trait of numbers is prepared; `weight` is the root of what its square counts."""

    name: str
    criterion: str
    logged: bool
    power: float
    unit: float
    low: float
    high: float
    mean: float
    sd: float
    missing: float
    weight: float = 1.0

    @property
    def width(self) -> int:
        """How many columns it takes."""
        return 2 if self.missing >= TOLD else 1

    @property
    def tells_missing(self) -> bool:
        """Whether being missing is a column of its own."""
        return self.width == 2

    def scaled(self, values: Floats) -> Floats:
        """Symmetric, winsorised, mean 0 and variance 1; NaN where missing."""
        symmetric = _symmetric(values, self.logged, self.power, self.unit)
        return (np.clip(symmetric, self.low, self.high) - self.mean) / self.sd

    def columns(self, scaled: Floats) -> Floats:
        """The columns of distance: missing ones in the middle, and said where they are many."""
        gone = np.isnan(scaled)
        filled = np.where(gone, 0.0, scaled)[:, None]
        if not self.tells_missing:
            return self.weight * filled
        spread = max(self.missing * (1 - self.missing), 1e-9) ** 0.5
        said = HALF * (gone[:, None] - self.missing) / spread
        return self.weight * np.hstack([filled, said])


@dataclass(frozen=True)
class Category:
    """How a trait of levels is prepared: one column a level, all together as heavy as a number."""

    name: str
    criterion: str
    kept: tuple[int, ...]
    """The levels that stand alone, by their place; then all others, then missing."""
    labels: tuple[str, ...]
    shares: tuple[float, ...]
    weight: float = 1.0

    @property
    def width(self) -> int:
        """How many columns it takes."""
        return len(self.kept) + 2

    def scaled(self, values: Floats) -> Floats:
        """The place among the kept levels; one beyond for others, two beyond for missing."""
        known = len(self.kept)
        most = int(np.nanmax(values, initial=-1)) if np.isfinite(values).any() else -1
        places = np.full(max([most, *self.kept]) + 2, known, dtype=np.float64)
        places[list(self.kept)] = np.arange(known)
        places[-1] = known + 1
        return places[np.where(np.isnan(values), len(places) - 1, values).astype(np.int64)]

    def columns(self, scaled: Floats) -> Floats:
        """One column a level, so scaled that the trait's variance is 1."""
        spread = max(sum(p * (1 - p) for p in self.shares), 1e-9) ** 0.5
        here = scaled[:, None] == np.arange(self.width)
        return np.asarray(self.weight * (here - np.array(self.shares)) / spread)


def number(name: str, criterion: str, values: Floats) -> Number:
    """Fit the preparation of numbers; they are not all equal."""
    known = values[np.isfinite(values)]
    unit = float(np.median(np.abs(known[known != 0])))
    logged, power = _shape(known, unit)
    symmetric = _symmetric(known, logged, power, unit)
    low, high = _fences(symmetric)
    inside = np.clip(symmetric, low, high)
    return Number(
        name,
        criterion,
        logged,
        power,
        unit,
        low,
        high,
        float(inside.mean()),
        float(inside.std()) or 1.0,
        float(1 - len(known) / len(values)),
    )


def octile_skew(values: Floats) -> float:
    """How lopsided the octiles lie around the median, -1 to 1 (Hinkley 1975).

    A few per cent of the people far away do not count as skew.
    """
    low, middle, high = np.quantile(values, [0.125, 0.5, 0.875])
    return float((high + low - 2 * middle) / (high - low)) if high > low else 0.0


def _shape(known: Floats, unit: float) -> tuple[bool, float]:
    """Whether to take logs, and the power of Yeo and Johnson (2000), that make it most normal.

    Only of a trait whose octiles lie lopsided, and only where it is nearly normal then: two groups
    apart look lopsided too, and no power mends them. Those who all have the least (as nothing at
    all) are not looked at.
    """
    rest = known[known > known.min()]
    rest = rest if len(known) - len(rest) >= SPIKE * len(known) else known
    if abs(octile_skew(rest)) <= SKEWED or len(np.unique(rest)) <= 10:
        return False, 1.0
    some = np.quantile(rest, np.linspace(0.005, 0.995, 199))
    if known.min() > 0 and normality(np.log(some)) >= NORMAL:
        return True, 1.0
    fits = [normality(_symmetric(some, False, power, unit)) for power in POWERS]
    best = int(np.argmax(fits))
    return (False, float(POWERS[best])) if fits[best] >= NORMAL else (False, 1.0)


def normality(quantiles: Floats) -> float:
    """The correlation of evenly spaced quantiles with those of a normal distribution (Filliben
    1975), 0 to 1."""
    from scipy.special import ndtri

    if np.ptp(quantiles) <= 0:
        return 0.0
    at = (np.arange(len(quantiles)) + 0.5) / len(quantiles)
    return float(np.corrcoef(quantiles, ndtri(at))[0, 1])


def _symmetric(values: Floats, logged: bool, power: float, unit: float) -> Floats:
    if logged:
        # A later value at or below zero lies beyond any that the fit has seen.
        return np.log(np.where(values > 0, values, np.where(np.isnan(values), np.nan, 1e-300)))
    if power == 1.0:
        return values
    return yeo_johnson(values / unit, power)


def yeo_johnson(values: Floats, power: float) -> Floats:
    """The power transformation of Yeo and Johnson (2000), for numbers of either sign."""
    size = 1 + np.abs(values)
    up = np.log(size) if abs(power) < 1e-9 else (size**power - 1) / power
    down = np.log(size) if abs(power - 2) < 1e-9 else (size ** (2 - power) - 1) / (2 - power)
    return np.asarray(np.where(values >= 0, up, -down))


def _fences(values: Floats) -> tuple[float, float]:
    low, middle, high = np.quantile(values, [0.125, 0.5, 0.875])
    spread = (high - low) / OCTILES or float(values.std())
    return float(middle - FAR * spread), float(middle + FAR * spread)


def category(
    name: str, criterion: str, values: Floats, levels: tuple[str, ...], least: float
) -> Category:
    """Fit the preparation of levels; those that fewer than a share `least` have stand together."""
    gone = np.isnan(values)
    counts = np.bincount(values[~gone].astype(np.int64), minlength=len(levels)) / len(values)
    kept: Ints = np.flatnonzero(counts >= least)
    shares = [*counts[kept], counts.sum() - counts[kept].sum(), gone.mean()]
    labels = (*(levels[each] for each in kept), "others", "missing")
    return Category(name, criterion, tuple(map(int, kept)), labels, tuple(map(float, shares)))
