"""Pareto/NBD: people buy at rates of their own until they leave, at any time, unseen.

Schmittlein, Morrison and Colombo, "Counting your customers" (Management Science 1987). While
active a person buys at random with rate lambda ~ Gamma(r, alpha), and leaves at a rate mu ~
Gamma(s, beta), purchase or none.

The hypergeometric functions of the paper are integrals over the moment of leaving; they are taken
here as such, by Gauss-Legendre nodes on a log scale, where nothing overflows or cancels.
"""

from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import numpy as np

from carpel.stats.buying.histories import Floats, Histories
from carpel.stats.buying.model import fit
from carpel.stats.likelihood import Estimate

STARTS = ((0.5, 0.5, 0.5, 0.5), (1.0, 1.0, 1.0, 1.0), (0.3, 0.1, 0.3, 0.1), (2.0, 0.3, 1.0, 3.0))
NODES = 24
SPAN = 36.0
"""Of an integrand that has fallen by e^-36 the rest is nothing in double precision."""
BLOCK = 50_000
"""Rows whose nodes are held at once."""


@cache
def _legendre() -> tuple[Floats, Floats]:
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    return (1 + nodes) / 2, weights / 2


@dataclass(frozen=True)
class Leaving:
    """The integral over [from, to] of (alpha+y)^-m (beta+y)^-n: its log and means under it."""

    log: Floats
    near: Floats
    """Mean of ln(alpha + y)."""
    far: Floats
    """Mean of ln(beta + y)."""
    per_near: Floats
    """Mean of 1 / (alpha + y)."""
    per_far: Floats


def leaving(
    scales: tuple[float, float], m: Floats, n: Floats, low: Floats, high: Floats
) -> Leaving:
    """The integral for every row; its log is minus infinity where `low` equals `high`."""
    parts = [
        _leaving(
            scales, m[i : i + BLOCK], n[i : i + BLOCK], low[i : i + BLOCK], high[i : i + BLOCK]
        )
        for i in range(0, len(m), BLOCK)
    ]
    return Leaving(*(np.concatenate(each) for each in zip(*parts, strict=True)))


def _leaving(
    scales: tuple[float, float], m: Floats, n: Floats, low: Floats, high: Floats
) -> tuple[Floats, ...]:
    alpha, beta = scales
    least, apart = min(scales), abs(alpha - beta)
    start = least + low
    end = np.minimum.reduce(
        [
            high,
            low + (alpha + low) * np.expm1(np.minimum(SPAN / m, 50)),
            low + (beta + low) * np.expm1(np.minimum(SPAN / n, 50)),
        ]
    )
    width = np.log1p((end - low) / start)  # of u = ln(least + y)
    nodes, weights = _legendre()
    u = np.log(start)[:, None] + width[:, None] * nodes
    other = u + np.log1p(apart * np.exp(-u))
    near, far = (u, other) if alpha <= beta else (other, u)
    height = u - m[:, None] * near - n[:, None] * far
    top = height.max(axis=1)
    share = weights * np.exp(height - top[:, None])
    total = share.sum(axis=1)
    share /= total[:, None]
    with np.errstate(divide="ignore"):
        log = top + np.log(total) + np.log(width)
    means = [(share * each).sum(axis=1) for each in (near, far, np.exp(-near), np.exp(-far))]
    return (log, *means)


def log_likelihood(values: Floats, each: Histories) -> tuple[float, Floats]:
    """Log-likelihood of (r, alpha, s, beta) and its gradient, by leaving before or after now."""
    from scipy.special import digamma, gammaln

    r, alpha, s, beta = values
    x, w = each.repeats, each.weight
    gone = leaving((alpha, beta), r + x, np.full_like(x, s + 1), each.last, each.age)
    near, far = np.log(alpha + each.age), np.log(beta + each.age)
    here, left = -(r + x) * near - s * far, np.log(s) + gone.log
    both = np.logaddexp(here, left)
    dead, alive = w * np.exp(left - both), w * np.exp(here - both)
    counts, which = np.unique(x, return_inverse=True)
    n = np.bincount(which, w)
    people = n.sum()
    value = (
        (n * gammaln(r + counts)).sum()
        + people * (r * np.log(alpha) + s * np.log(beta) - gammaln(r))
        + (w * both).sum()
    )
    slope = [
        (n * digamma(r + counts)).sum()
        + people * (np.log(alpha) - digamma(r))
        - (alive * near + dead * gone.near).sum(),
        people * r / alpha - ((r + x) * (alive / (alpha + each.age) + dead * gone.per_near)).sum(),
        people * np.log(beta) + dead.sum() / s - (alive * far + dead * gone.far).sum(),
        people * s / beta - (s * alive / (beta + each.age) + (s + 1) * dead * gone.per_far).sum(),
    ]
    return float(value), np.array(slope)


@dataclass(frozen=True)
class ParetoNbd:
    """A Pareto/NBD model with its parameters: r, alpha (a time), s and beta (a time)."""

    values: tuple[float, float, float, float]
    name: ClassVar[str] = "Pareto/NBD"
    parameters: ClassVar[tuple[str, ...]] = ("r", "alpha", "s", "beta")

    @classmethod
    def fitted(cls, each: Histories) -> "tuple[ParetoNbd, Estimate]":
        """The most likely model of histories and its estimate; raises Refused."""
        found = fit(log_likelihood, each, cls.parameters, STARTS, (False, True, False, True))
        return cls.of(found.values), found

    @classmethod
    def of(cls, values: Floats) -> "ParetoNbd":
        """The model with these parameters."""
        r, alpha, s, beta = (float(each) for each in values)
        return cls((r, alpha, s, beta))

    def alive(self, each: Histories) -> Floats:
        """Probability, 0 to 1, that a person still buys at all."""
        from scipy.special import expit

        r, alpha, s, beta = self.values
        m = r + each.repeats
        gone = leaving((alpha, beta), m, np.full_like(m, s + 1), each.last, each.age)
        here = -m * np.log(alpha + each.age) - s * np.log(beta + each.age)
        alive: Floats = expit(here - gone.log - np.log(s))
        return alive

    def moments(self, each: Histories, ahead: float) -> tuple[Floats, Floats]:
        """Mean and variance of the orders in the time `ahead`, given the history."""
        r, alpha, s, beta = self.values
        alive = self.alive(each)
        rate = (r + each.repeats) / (alpha + each.age)
        once, twice = _time_active(s, beta + each.age, ahead)
        mean = alive * rate * once
        pairs = alive * rate * (rate + 1 / (alpha + each.age)) * twice
        return mean, np.maximum(pairs + mean - mean**2, 0.0)

    def unconditional(self, ages: Floats) -> Floats:
        """Expected repeat purchases of somebody new by each age."""
        r, alpha, s, beta = self.values
        at = np.asarray(ages, dtype=np.float64)
        return np.array([r / alpha * _time_active(s, np.full(1, beta), age)[0][0] for age in at])

    def next_order(self, each: Histories, share: float) -> Floats:
        """Time from now by which who orders again at all has done so with probability `share`.

        By bisection on the probability to order before a time, which is an integral over it.
        """
        r, alpha, s, beta = self.values
        m, n = r + each.repeats + 1, np.full_like(each.age, s)

        def ever(until: Floats) -> Floats:
            return leaving((alpha, beta), m, n, each.age, until).log

        wanted = ever(each.age + 1e9 * (alpha + beta)) + np.log(share)
        low, high = np.full_like(m, -30.0), np.full_like(m, 22.0)
        for _ in range(45):
            middle = (low + high) / 2
            late = ever(each.age + (alpha + each.age) * np.exp(middle)) >= wanted
            low, high = np.where(late, low, middle), np.where(late, middle, high)
        within: Floats = (alpha + each.age) * np.exp(high)
        return within

    def chances(self, each: Histories, ahead: float) -> "Chances":
        """The distribution of the number of orders in the time `ahead`, count by count."""
        return Chances(self, each, ahead)


def _time_active(s: float, scale: Floats, ahead: float) -> tuple[Floats, Floats]:
    """Mean of the time active within `ahead`, and of its square, of somebody active now.

    Leaving has a Pareto distribution of shape `s`; both are smooth in `s` through 1 and 2.
    """
    from scipy.special import exprel

    width = np.log1p(ahead / scale)
    shorter, longer = (width * exprel(-(s - power) * width) for power in (1, 2))
    return scale * shorter, 2 * scale**2 * np.maximum(longer - shorter, 0.0)


class Chances:
    """P(Y = 0), P(Y = 1), ... of people, given one after the other.

    Of somebody active, a negative binomial for every moment of leaving, in the mean over them.
    """

    def __init__(self, model: ParetoNbd, each: Histories, ahead: float) -> None:
        r, alpha, s, beta = model.values
        self.alive = model.alive(each)
        self.shape = (r + each.repeats)[:, None]
        nodes, weights = _legendre()
        width = np.minimum(np.log1p(ahead / (beta + each.age)), SPAN / s)
        u = width[:, None] * nodes
        leaves = np.exp(-s * u) * s * weights * width[:, None]
        stays = np.exp(-s * width)[:, None]
        self.share = np.hstack([leaves, stays])
        until = np.hstack([(beta + each.age)[:, None] * np.expm1(u), np.full((len(u), 1), ahead)])
        near = (alpha + each.age)[:, None]
        self.k = 0
        self.log_more = np.log(until) - np.log(near + until)
        self.log_mass = -self.shape * np.log1p(until / near)

    def first(self) -> Floats:
        """P(Y = 0)."""
        return 1 - self.alive * (1 - self._mean())

    def next(self) -> Floats:
        """P(Y = k + 1) after P(Y = k)."""
        self.k += 1
        self.log_mass = self.log_mass + np.log((self.shape + self.k - 1) / self.k) + self.log_more
        return self.alive * self._mean()

    def _mean(self) -> Floats:
        mean: Floats = (self.share * np.exp(self.log_mass)).sum(axis=1)
        return mean

    def keep(self, still: Floats) -> None:
        """Go on with those people only that a mask picks."""
        for name in ("alive", "shape", "share", "log_more", "log_mass"):
            setattr(self, name, getattr(self, name)[still])
