"""Shares of people: their intervals, their differences and ratios, and what a test can see."""

from math import exp, inf, log, sqrt
from statistics import NormalDist

NORMAL = NormalDist()
CONFIDENCE = 0.95

Interval = tuple[float, float]


def _z(confidence: float) -> float:
    return NORMAL.inv_cdf(0.5 + confidence / 2)


def wilson(having: float, n: float, confidence: float = CONFIDENCE) -> Interval:
    """Where the share behind `having` of `n` lies, 0 to 1; everything when n is 0.

    The score interval of Wilson 1927.
    """
    if n <= 0:
        return (0.0, 1.0)
    z, share = _z(confidence), having / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return (max(0.0, middle - reach), min(1.0, middle + reach))


def difference(
    having: float, n: float, other: float, m: float, confidence: float = CONFIDENCE
) -> Interval:
    """Where the difference of two shares lies, -1 to 1 (Newcombe 1998, method 10)."""
    if n <= 0 or m <= 0:
        return (-1.0, 1.0)
    p, q = having / n, other / m
    (low, high), (lower, higher) = wilson(having, n, confidence), wilson(other, m, confidence)
    return (
        p - q - sqrt((p - low) ** 2 + (higher - q) ** 2),
        p - q + sqrt((high - p) ** 2 + (q - lower) ** 2),
    )


def differ(having: float, n: float, other: float, m: float) -> float:
    """The chance of two shares at least so different if there were one behind both.

    The two-sided z test with a common share; 1 where all or none have it in both groups.
    """
    if n <= 0 or m <= 0:
        return 1.0
    common = (having + other) / (n + m)
    spread = sqrt(common * (1 - common) * (1 / n + 1 / m))
    if spread == 0:
        return 1.0
    return 2 * NORMAL.cdf(-abs(having / n - other / m) / spread)


def ratio(
    having: float, n: float, other: float, m: float, confidence: float = CONFIDENCE
) -> tuple[float, float, float]:
    """The ratio of two shares and where it lies, 0 to infinity (Katz and others 1978).

    Half a person is added to each count when one of them is 0, and half to each group.
    """
    if n <= 0 or m <= 0:
        return (1.0, 0.0, inf)
    plain = (having / n) / (other / m) if other else inf if having else 1.0
    if not having or not other:
        having, n, other, m = having + 0.5, n + 0.5, other + 0.5, m + 0.5
    middle = log((having / n) / (other / m))
    reach = _z(confidence) * sqrt(max(0.0, 1 / having - 1 / n + 1 / other - 1 / m))
    return (plain, exp(middle - reach), exp(middle + reach))


def smallest_lift(
    base: float, treated: int, held_out: int, *, power: float = 0.8, level: float = 0.05
) -> float | None:
    """The least that must be added to a share for a test to see it; None when not even all would.

    `base` is the share without a campaign, 0 to 1. Two-sided test of two shares at `level`, seen
    with the chance `power`; the spread under "no difference" is that of the common share, under
    the difference that of both (Fleiss, Levin and Paik 2003, section 4.3, without correction for
    continuity). Rises are looked for, not falls.
    """
    if treated < 1 or held_out < 1 or base >= 1:
        return None
    critical, quantile = NORMAL.inv_cdf(1 - level / 2), NORMAL.inv_cdf(power)

    def seen(lift: float) -> bool:
        raised = base + lift
        common = (treated * raised + held_out * base) / (treated + held_out)
        none = common * (1 - common) * (1 / treated + 1 / held_out)
        both = raised * (1 - raised) / treated + base * (1 - base) / held_out
        return lift >= critical * sqrt(none) + quantile * sqrt(max(0.0, both))

    low, high = 0.0, 1 - base
    if not seen(high):
        return None
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if seen(middle) else (middle, high)
    return high
