"""How rare a test statistic is: two-sided tails of the normal and of Student's t, for arrays."""

from math import erfc, lgamma, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
NORMAL_95 = 1.959963984540054
"""How far from 0 a standard normal lies 19 times out of 20: the reach of 95 % intervals."""

_erfc = np.vectorize(erfc, otypes=[np.float64])
_lgamma = np.vectorize(lgamma, otypes=[np.float64])
TERMS = 400
"""Terms of the continued fraction at most; it settles within a few dozen."""
TINY = 1e-300


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
