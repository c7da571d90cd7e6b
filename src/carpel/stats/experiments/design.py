"""Before an experiment: how many people, how many days, and what they would be able to see.

Two-sided tests. The `spread` of a mean is the standard deviation of one person's outcome; of a
ratio it is the root of `Sums.variance`; a covariate that correlates with the outcome by r makes it
root(1 - r^2) as large. A `design_effect` above 1 says how many people assigned as whole accounts
count for one assigned alone.
"""

from dataclasses import dataclass
from math import ceil, sqrt
from statistics import NormalDist

import numpy as np

from carpel.stats.effects import detectable
from carpel.stats.proportions import smallest_lift

NORMAL = NormalDist()
POWER = 0.8
LEVEL = 0.05


@dataclass(frozen=True)
class People:
    """People needed in each of two arms."""

    treated: int
    control: int

    def days(self, people_a_day: float) -> int:
        """Days until they are there, given new people a day in both arms together (above 0)."""
        return ceil((self.treated + self.control) / people_a_day)


def design_effect(size: float, alike: float, variation: float = 0.0) -> float:
    """How many people of accounts count for one, 1 and more.

    `size` is the mean of people an account, `variation` the standard deviation of that over its
    mean, `alike` the intraclass correlation, 0 to 1 (Eldridge, Ashby and Kerry 2006).
    """
    return 1 + ((1 + variation * variation) * size - 1) * alike


def people_for_mean(
    lift: float,
    spread: float,
    *,
    treated_share: float = 0.5,
    power: float = POWER,
    level: float = LEVEL,
    design_effect: float = 1.0,
) -> People:
    """People needed to see that a mean or a ratio moves by `lift` (not 0), with the chance `power`.

    The normal approximation (Cohen 1988, section 2.4): with fewer than 30 an arm some two more
    are needed.
    """
    sides = spread * sqrt(1 / treated_share + 1 / (1 - treated_share))
    return _people(sides, sides, lift, treated_share, power, level, design_effect)


def people_for_share(
    base: float,
    lift: float,
    *,
    treated_share: float = 0.5,
    power: float = POWER,
    level: float = LEVEL,
    design_effect: float = 1.0,
) -> People:
    """People needed to see that a share moves from `base` by `lift` (not 0), both 0 to 1.

    As `stats.proportions.smallest_lift`: Fleiss, Levin and Paik 2003, section 4.3.
    """
    none, both = _share_spreads(base, lift, treated_share, 1 - treated_share)
    return _people(none, both, lift, treated_share, power, level, design_effect)


def power_for_mean(
    lift: float,
    spread: float,
    treated: float,
    control: float,
    *,
    level: float = LEVEL,
    design_effect: float = 1.0,
) -> float:
    """The chance of seeing that a mean or a ratio moves by `lift`, 0 to 1."""
    error = spread * sqrt(design_effect * (1 / treated + 1 / control))
    return _power(error, error, lift, level)


def power_for_share(
    base: float,
    lift: float,
    treated: float,
    control: float,
    *,
    level: float = LEVEL,
    design_effect: float = 1.0,
) -> float:
    """The chance of seeing that a share moves from `base` by `lift`, 0 to 1."""
    none, both = _share_spreads(base, lift, treated, control)
    return _power(none * sqrt(design_effect), both * sqrt(design_effect), lift, level)


def smallest_for_mean(
    spread: float,
    treated: float,
    control: float,
    *,
    power: float = POWER,
    level: float = LEVEL,
    design_effect: float = 1.0,
) -> float:
    """The least move of a mean or a ratio that so many people show; infinite for an empty arm."""
    n, m = (np.array(each / design_effect) for each in (treated, control))
    return float(spread * detectable(n, m, level, power))


def smallest_for_share(
    base: float,
    treated: float,
    control: float,
    *,
    power: float = POWER,
    level: float = LEVEL,
    design_effect: float = 1.0,
) -> float | None:
    """The least rise of a share that so many people show; None when not even all would."""
    n, m = (int(each / design_effect) for each in (treated, control))
    return smallest_lift(base, n, m, power=power, level=level)


def _share_spreads(base: float, lift: float, n: float, m: float) -> tuple[float, float]:
    """The standard error of a difference of shares, if there is none and if it is `lift`.

    `n` and `m` are people, or shares of people for the error of one person.
    """
    moved = base + lift
    if not 0 <= moved <= 1:
        raise ValueError(f"a share of {base:g} cannot move by {lift:g}")
    common = (n * moved + m * base) / (n + m)
    both = moved * (1 - moved) / n + base * (1 - base) / m
    return sqrt(common * (1 - common) * (1 / n + 1 / m)), sqrt(both)


def _people(
    none: float, both: float, lift: float, share: float, power: float, level: float, effect: float
) -> People:
    """People so that `lift` is as many errors away from 0 as level and power ask for."""
    reach = NORMAL.inv_cdf(1 - level / 2) * none + NORMAL.inv_cdf(power) * both
    people = effect * (reach / lift) ** 2
    return People(ceil(people * share), ceil(people * (1 - share)))


def _power(none: float, both: float, lift: float, level: float) -> float:
    """The chance of a difference beyond what luck reaches, on either side."""
    reach = NORMAL.inv_cdf(1 - level / 2) * none
    return NORMAL.cdf((abs(lift) - reach) / both) + NORMAL.cdf((-abs(lift) - reach) / both)
