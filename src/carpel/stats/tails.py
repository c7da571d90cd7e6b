"""How rare a test statistic is: two-sided tails of the normal and of Student's t, for arrays."""

from math import erfc, exp, lgamma, log, log1p, pi, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
NORMAL_95 = 1.959963984540054
"""How far from 0 a standard normal lies 19 times out of 20: the reach of 95 % intervals."""
MANY = 200
"""Degrees of freedom from which Student's t is told by the normal (Hill 1970, algorithm 395)."""

_erfc = np.vectorize(erfc, otypes=[np.float64])
_lgamma = np.vectorize(lgamma, otypes=[np.float64])
TERMS = 400
"""Terms of the continued fraction at most; it settles within a few dozen."""
TINY = 1e-300
NORMAL = NormalDist()
ROUGH = 60
"""Degrees of freedom from which the expansion of Student's t is good to eight figures."""


def normal_reach(confidence: float) -> float:
    """How far from 0 a standard normal stays with that chance, either way; between 0 and 1."""
    return NORMAL.inv_cdf(0.5 + confidence / 2)


def normal_two_sided(z: ArrayLike) -> Floats:
    """The chance of a standard normal at least as far from 0 as `z`, either way; NaN for NaN."""
    found: Floats = _erfc(np.abs(np.asarray(z, np.float64)) / sqrt(2.0))
    return found


def t_two_sided(t: ArrayLike, freedom: ArrayLike) -> Floats:
    """The chance of Student's t with so many degrees of freedom (above 0) at least as far from 0.

    By the incomplete beta function: I of v / (v + t^2) with v/2 and 1/2 (Abramowitz and Stegun
    1964, 26.7.1).
    """
    far, free = np.broadcast_arrays(np.asarray(t, np.float64), np.asarray(freedom, np.float64))
    with np.errstate(over="ignore", invalid="ignore"):
        share = np.where(np.isinf(far), 0.0, free / (free + far * far))
    return beta_share(share, free / 2, np.full(free.shape, 0.5))


def t_about(z: float, freedom: float) -> float:
    """What Student's t stays below as often as a standard normal stays below `z`.

    The expansion around the normal (Abramowitz and Stegun 1964, 26.7.5): three figures with 5
    degrees of freedom, eight with 100.
    """
    v = freedom
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / v**power for power, term in enumerate(terms, 1))


def t_beyond(t: float, freedom: float) -> float:
    """What `t_two_sided` says, of one value: quickly and to eight figures."""
    if freedom < MANY:
        return float(t_two_sided(t, freedom))
    a = freedom - 0.5
    b = 48 * a * a
    y = a * log1p(t * t / freedom)
    inner = (((-0.4 * y - 3.3) * y - 24) * y - 85.5) / (0.8 * y * y + 100 + b)
    return erfc(((inner + y + 3) / b + 1) * sqrt(y / 2))


def t_quantile(confidence: float, freedom: float) -> float:
    """How far from 0 Student's t stays with that chance, either way; 0 to 1, `freedom` 1 and more.

    The expansion, and where that is rough Newton's steps between logarithms, in which the tail
    falls nearly straight.
    """
    found = t_about(normal_reach(confidence), freedom)
    step = 1.0 if freedom < ROUGH else 0.0
    while abs(step) > 1e-10:
        above = float(t_two_sided(found, freedom))
        slope = 2 * _t_density(found, freedom) * found / above
        step = log(above / (1 - confidence)) / slope
        found *= exp(step)
    return found


def _t_density(t: float, freedom: float) -> float:
    front = lgamma((freedom + 1) / 2) - lgamma(freedom / 2) - log(freedom * pi) / 2
    return exp(front - (freedom + 1) / 2 * log1p(t * t / freedom))


def chi_squared_above(statistic: float, freedom: int) -> float:
    """The chance of a chi-squared at least so large; `freedom` 1 and more, `statistic` from 0.

    The finite sums of Abramowitz and Stegun 1964, 26.4.4 and 26.4.5.
    """
    half, odd = statistic / 2, freedom % 2
    above, term = (erfc(sqrt(half)), 2 * sqrt(half / pi)) if odd else (1.0, 1.0)
    above, term = (above, term * exp(-half)) if odd else (0.0, exp(-half))
    for step in range((freedom - odd) // 2):
        above += term
        term *= half / (step + 1 + odd / 2)
    return min(1.0, above)


def beta_share(x: ArrayLike, a: ArrayLike, b: ArrayLike) -> Floats:
    """The regularised incomplete beta function I_x(a, b), 0 to 1; a and b above 0.

    By its continued fraction (Abramowitz and Stegun 1964, 26.5.8), on the side where it settles
    quickly; I_x(a, b) is 1 - I_(1-x)(b, a).
    """
    x, a, b = np.broadcast_arrays(
        np.asarray(x, np.float64), np.asarray(a, np.float64), np.asarray(b, np.float64)
    )
    turned = x > (a + 1) / (a + b + 2)
    low, first, second = np.where(turned, 1 - x, x), np.where(turned, b, a), np.where(turned, a, b)
    inner = np.where((low > 0) & (low < 1), low, 0.5)
    front = np.exp(
        _lgamma(first + second)
        - _lgamma(first)
        - _lgamma(second)
        + first * np.log(inner)
        + second * np.log1p(-inner)
    )
    share = front * _fraction(inner, first, second) / first
    share = np.where(low <= 0, 0.0, np.where(low >= 1, 1.0, share))
    return np.where(np.isnan(x), np.nan, np.where(turned, 1 - share, share))


def _fraction(x: Floats, a: Floats, b: Floats) -> Floats:
    """1 / (1 + d1 / (1 + d2 / ...)), evaluated from the front (Lentz 1976)."""
    upper = np.ones_like(x)
    lower = 1 / _apart(1 - (a + b) * x / (a + 1))
    value = lower.copy()
    for m in range(1, TERMS):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            lower = 1 / _apart(1 + term * lower)
            upper = _apart(1 + term / upper)
            step = lower * upper
            value = value * step
        if np.all(np.abs(step - 1) < 1e-14):
            break
    return value


def _apart(value: Floats) -> Floats:
    """The same, never quite 0."""
    return np.where(np.abs(value) < TINY, TINY, value)
