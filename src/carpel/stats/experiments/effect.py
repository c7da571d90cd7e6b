"""What was changed: the difference between who got it and who did not, and how sure it is."""

from dataclasses import dataclass, replace
from math import inf, nan, sqrt
from typing import Literal

from carpel.stats.experiments.sums import Sums
from carpel.stats.proportions import CONFIDENCE, Interval, differ, difference, ratio
from carpel.stats.tails import t_beyond, t_quantile

Kind = Literal["share", "mean", "ratio"]


@dataclass(frozen=True)
class Effect:
    """A difference between two groups, in the units of the outcome (shares: 0 to 1).

    `value` is `arm` less `base`; `low` and `high` are the ends of its interval, infinite where
    nothing can be told; `error` is its standard error, `chance` that of a difference at least so
    large, either way, if there were none (p). `n` and `m` are the treated and the others. `lift`
    is the difference as a share of `base`, NaN where `base` is 0 or less. `narrowed` is the share
    of the interval's width that the covariate took away.
    """

    kind: Kind
    n: float
    m: float
    arm: float
    base: float
    value: float
    low: float
    high: float
    error: float
    chance: float
    lift: float
    lift_low: float
    lift_high: float
    narrowed: float = 0.0
    confidence: float = CONFIDENCE

    @property
    def told(self) -> bool:
        """Whether there is an interval at all."""
        return self.error < inf


@dataclass(frozen=True)
class _Arm:
    """A group's figure, and its squared standard error."""

    n: float
    figure: float
    doubt: float


def effect(
    treated: Sums,
    control: Sums,
    *,
    share: bool = False,
    cuped: bool = False,
    confidence: float = CONFIDENCE,
) -> Effect:
    """What the treated have beyond the control.

    Shares (`share`: the outcome is 0 or 1 for everybody) by Newcombe 1998 (method 10) and the z
    test; means by Welch 1947; ratios of sums by the delta method and Welch's degrees of freedom.
    `cuped` takes away what the covariate foretold (Deng and others 2013), with one slope of both
    groups together; `arm` and `base` are then what they would be had both begun alike. The lift of
    a share by Katz and others 1978, of anything else by Fieller 1954: its interval is not
    symmetric, and has no end where the base itself might be 0. With fewer than two people in a
    group, or when nobody differs from anybody in either, nothing is told. A share of sums that
    cannot be those of 0 and 1 is a ValueError.
    """
    kind: Kind = "share" if share else "ratio" if (treated + control).is_ratio else "mean"
    if share and not cuped:
        return _of_shares(treated, control, confidence)
    plain = _of_arms(kind, _arm(treated), _arm(control), confidence)
    if not cuped or not plain.told:
        return plain
    slope, middle = _slope(treated + control)
    adjusted = [_adjusted(each, slope, middle) for each in (treated, control)]
    found = _of_arms(kind, adjusted[0], adjusted[1], confidence)
    return replace(found, narrowed=1 - found.error / plain.error) if found.told else plain


def by_account(treated: Sums, control: Sums, *, confidence: float = CONFIDENCE) -> Effect:
    """What the treated have beyond the control a person, where whole accounts were assigned.

    Each group is one of accounts: `y` an account's total, `d` its people. People of one account
    are alike, so accounts are what is counted: a ratio of totals by the delta method (Deng and
    others 2018), which is the cluster-robust difference of means. `n` and `m` are accounts.
    """
    if any(each.n and not each.is_ratio for each in (treated, control)):
        raise ValueError("sums of accounts need the people of each account as the denominator d")
    return effect(treated, control, confidence=confidence)


def _arm(group: Sums) -> _Arm:
    return _Arm(group.n, group.figure, group.variance / group.n if group.n > 1 else inf)


def _slope(both: Sums) -> tuple[float, float]:
    """How much outcome goes with one more of the covariate, and the covariate's mean."""
    spread = both.variance_x
    return (both.covariance / spread if spread > 0 else 0.0), both.mean_x


def _adjusted(group: Sums, slope: float, middle: float) -> _Arm:
    variance = group.variance - 2 * slope * group.covariance + slope * slope * group.variance_x
    figure = group.figure - slope * (group.mean_x - middle)
    return _Arm(group.n, figure, max(0.0, variance) / group.n)


def _of_arms(kind: Kind, one: _Arm, two: _Arm, confidence: float) -> Effect:
    doubt = one.doubt + two.doubt
    value = one.figure - two.figure
    if not 0 < doubt < inf:
        lift = _over(value, two.figure)
        ends = (-inf, inf, inf, 1.0, lift, -inf, inf)
        sides = (one.n, two.n, one.figure, two.figure)
        return Effect(kind, *sides, value, *ends, confidence=confidence)
    freedom = doubt * doubt / (one.doubt**2 / (one.n - 1) + two.doubt**2 / (two.n - 1))
    error, quantile = sqrt(doubt), t_quantile(confidence, freedom)
    chance = t_beyond(value / error, freedom)
    reach = quantile * error
    low, high = _fieller(one, two, quantile)
    return Effect(
        kind, one.n, two.n, one.figure, two.figure, value, value - reach, value + reach, error,
        chance, _over(value, two.figure), low, high, confidence=confidence,
    )  # fmt: skip


def _fieller(one: _Arm, two: _Arm, quantile: float) -> Interval:
    """Where the treated's figure over the control's lies, less 1; no ends where that may be 0."""
    square = quantile * quantile
    below = two.figure**2 - square * two.doubt
    if two.figure <= 0 or below <= 0:
        return -inf, inf
    inside = one.figure**2 * two.doubt + two.figure**2 * one.doubt
    reach = quantile * sqrt(max(0.0, inside - square * one.doubt * two.doubt))
    middle = one.figure * two.figure
    return (middle - reach) / below - 1, (middle + reach) / below - 1


def _over(value: float, base: float) -> float:
    return value / base if base > 0 else nan


def _of_shares(treated: Sums, control: Sums, confidence: float) -> Effect:
    having, n, other, m = treated.total, treated.n, control.total, control.n
    if not (0 <= having <= n and 0 <= other <= m):
        raise ValueError("a share needs an outcome of 0 or 1 for everybody")
    p, q = treated.figure, control.figure
    low, high = difference(having, n, other, m, confidence)
    lift, least, most = ratio(having, n, other, m, confidence)
    error = sqrt(p * (1 - p) / n + q * (1 - q) / m) if n and m else inf
    return Effect(
        "share", n, m, p, q, p - q, low, high, error, differ(having, n, other, m),
        lift - 1, least - 1, most - 1, confidence=confidence,
    )  # fmt: skip
