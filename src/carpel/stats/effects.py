"""How far many pairs of groups are apart, with intervals and chances, in one go."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from carpel.stats.difference import CLEAR
from carpel.stats.tails import NORMAL_95, Floats, t_two_sided


@dataclass(frozen=True)
class Groups:
    """Sizes, means and variances (divided by n) of many groups, one place an array each."""

    n: Floats
    mean: Floats
    variance: Floats

    def sample_variance(self) -> Floats:
        """The variance divided by n - 1; 0 where there is one person or none."""
        return np.where(self.n > 1, self.variance * self.n / np.maximum(self.n - 1, 1), 0.0)


@dataclass(frozen=True)
class Apart:
    """Standardised differences with 95 % intervals, and the chance of so much by luck."""

    effect: Floats
    low: Floats
    high: Floats
    chance: Floats
    """NaN where a group has fewer than two people or neither has any spread."""


def apart(inside: Groups, outside: Groups) -> Apart:
    """Compare groups pairwise: -10 to 10, in standard deviations.

    The difference of means over the root of the mean variance (Austin 2009), its interval by
    Bonett 2008 (equation 9, for two groups of unequal variance), the chance by Welch's test (1947).
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        n, m = inside.n, outside.n
        s, t = inside.sample_variance(), outside.sample_variance()
        gap = inside.mean - outside.mean
        mean_variance = (s + t) / 2
        usable = (n > 1) & (m > 1) & (mean_variance > 0) & np.isfinite(gap / mean_variance)
        safe = np.where(usable, mean_variance, 1.0)
        effect = np.where(usable, gap / np.sqrt(safe), np.sign(gap) * CLEAR * (n > 0) * (m > 0))
        error = np.sqrt(
            effect**2 * (s**2 / (n - 1) + t**2 / (m - 1)) / (8 * safe**2)
            + (s / (n - 1) + t / (m - 1)) / safe
        )
        between = s / n + t / m
        freedom = between**2 / ((s / n) ** 2 / (n - 1) + (t / m) ** 2 / (m - 1))
        statistic = gap / np.sqrt(between)
        fit = usable & np.isfinite(statistic) & (freedom > 0)
    chance = np.full(gap.shape, np.nan)
    chance[fit] = t_two_sided(statistic[fit], freedom[fit])
    reach = np.where(usable, NORMAL_95 * error, np.inf)
    return Apart(
        np.clip(np.nan_to_num(effect), -CLEAR, CLEAR), effect - reach, effect + reach, chance
    )


def detectable(n: Floats, m: Floats, level: float = 0.05, power: float = 0.8) -> Floats:
    """The least standardised difference that groups of such sizes show with the chance `power`.

    Two-sided at `level`: (1.96 + 0.84) * root(1/n + 1/m) by default (Cohen 1988, section 2.4);
    infinite for an empty group.
    """
    normal = NormalDist()
    with np.errstate(divide="ignore"):
        reach = normal.inv_cdf(1 - level / 2) + normal.inv_cdf(power)
        found: Floats = reach * np.sqrt(1 / n + 1 / m)
    return found
