"""BG/NBD: people buy at rates of their own until, after some purchase, they stop for good.

Fader, Hardie and Lee, "Counting your customers the easy way" (Marketing Science 2005). While
active a person buys at random with rate lambda ~ Gamma(r, alpha); after each repeat purchase they
leave with probability p ~ Beta(a, b). Who bought once only counts as active.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from carpel.stats.buying.beta_rule import beta_rule
from carpel.stats.buying.histories import Floats, Histories
from carpel.stats.buying.model import fit
from carpel.stats.likelihood import Estimate

STARTS = ((0.5, 0.5, 0.5, 2.0), (1.0, 1.0, 1.0, 1.0), (0.2, 0.1, 0.5, 5.0), (3.0, 0.3, 0.1, 3.0))


def log_likelihood(values: Floats, each: Histories) -> tuple[float, Floats]:
    """Log-likelihood of (r, alpha, a, b) and its gradient; equation 6 of the paper.

    What depends on the count alone is computed once a count, so that a million people cost a
    logarithm and an exponential each.
    """
    from scipy.special import digamma, gammaln

    r, alpha, a, b = values
    x, w = each.repeats, each.weight
    counts, which = np.unique(x, return_inverse=True)
    n = np.bincount(which, w)
    old, late = np.log(alpha + each.age), np.log(alpha + each.last)
    gone = np.where(x > 0, _log_odds_gone(values, x, old - late), -np.inf)
    dead = w * _share(gone)
    people = n.sum()
    value = (
        (n * (gammaln(r + counts) + gammaln(b + counts) - gammaln(a + b + counts))).sum()
        + people * (r * np.log(alpha) - gammaln(r) + gammaln(a + b) - gammaln(b))
        - (w * (r + x) * old).sum()
        + (w * np.logaddexp(0, gone)).sum()
    )
    both = people * digamma(a + b) - (n * digamma(a + b + counts)).sum()
    after = np.where(x > 0, b + x - 1, 1.0)
    slope = [
        (n * digamma(r + counts)).sum()
        + people * (np.log(alpha) - digamma(r))
        - (w * old).sum()
        + (dead * (old - late)).sum(),
        people * r / alpha
        - (w * (r + x) * np.exp(-old)).sum()
        + (dead * (r + x) * (np.exp(-old) - np.exp(-late))).sum(),
        both + dead.sum() / a,
        both + (n * digamma(b + counts)).sum() - people * digamma(b) - (dead / after).sum(),
    ]
    return float(value), np.array(slope)


def _log_odds_gone(values: Floats, x: Floats, apart: Floats) -> Floats:
    """Log odds of having left after the last purchase, `apart` being ln((alpha+T)/(alpha+t_x))."""
    r, _, a, b = values
    odds: Floats = np.log(a) - np.log(np.maximum(b + x - 1, b)) + (r + x) * apart
    return odds


def _share(odds: Floats) -> Floats:
    """Log odds as a share, without overflow."""
    from scipy.special import expit

    share: Floats = expit(odds)
    return share


@dataclass(frozen=True)
class BgNbd:
    """A BG/NBD model with its parameters: r, alpha (a time), a and b."""

    values: tuple[float, float, float, float]
    name: ClassVar[str] = "BG/NBD"
    parameters: ClassVar[tuple[str, ...]] = ("r", "alpha", "a", "b")

    @classmethod
    def fitted(cls, each: Histories) -> "tuple[BgNbd, Estimate]":
        """The most likely model of histories and its estimate; raises Refused."""
        found = fit(log_likelihood, each, cls.parameters, STARTS, (False, True, False, False))
        return cls.of(found.values), found

    @classmethod
    def of(cls, values: Floats) -> "BgNbd":
        """The model with these parameters."""
        r, alpha, a, b = (float(each) for each in values)
        return cls((r, alpha, a, b))

    def alive(self, each: Histories) -> Floats:
        """Probability, 0 to 1, that a person still buys at all."""
        alpha = self.values[1]
        apart = np.log((alpha + each.age) / (alpha + each.last))
        gone = _log_odds_gone(np.array(self.values), each.repeats, apart)
        return np.where(each.repeats > 0, _share(-gone), 1.0)

    def moments(self, each: Histories, ahead: float) -> tuple[Floats, Floats]:
        """Mean and variance of the orders in the time `ahead`, given the history.

        Given p, orders follow from a gamma rate cut off by a geometric number; the mean over
        p ~ Beta(a, b + x) is taken by Gauss-Jacobi nodes. Equal to equation 10 of the paper,
        without its hypergeometric function, whose two large terms cancel for frequent buyers.
        """
        r, alpha, a, b = self.values
        counts, which = np.unique(each.repeats, return_inverse=True)
        nodes, weights = beta_rule(a, b + counts)
        shape, step = r + each.repeats, ahead / (alpha + each.age)
        mean, pairs = np.zeros_like(shape), np.zeros_like(shape)
        for p, w in zip(nodes.T, weights.T, strict=True):
            once, twice = _given_leaving(p[which], shape, step)
            mean += w[which] * once
            pairs += w[which] * twice
        alive = self.alive(each)
        mean, pairs = alive * mean, alive * pairs
        return mean, np.maximum(pairs + mean - mean**2, 0.0)

    def unconditional(self, ages: Floats) -> Floats:
        """Expected repeat purchases of somebody new by each age; equation 9 of the paper."""
        at = np.asarray(ages, dtype=np.float64)
        new = Histories(np.zeros(1), np.zeros(1), np.zeros(1), np.ones(1))
        return np.array([self.moments(new, float(age))[0][0] for age in at])

    def next_order(self, each: Histories, share: float) -> Floats:
        """Time from now by which an active person has bought again with probability `share`."""
        r, alpha, _, _ = self.values
        within: Floats = (alpha + each.age) * np.expm1(-np.log1p(-share) / (r + each.repeats))
        return within

    def chances(self, each: Histories, ahead: float) -> "Chances":
        """The distribution of the number of orders in the time `ahead`, count by count."""
        return Chances(self, each, ahead)


def _given_leaving(p: Floats, shape: Floats, step: Floats) -> tuple[Floats, Floats]:
    """Mean of Y and of Y(Y - 1) of active people who leave with p after each order."""
    far = p * step
    kept = np.exp(-shape * np.log1p(far))
    once = -np.expm1(-shape * np.log1p(far)) / p
    reach = shape * far
    direct = 1 - kept * (1 + reach / (1 + far))
    series = (shape + 1) * shape * far**2 * (0.5 - (shape + 2) * far / 3)
    late = np.where(reach < 1e-5, series, direct)
    return once, 2 * (1 - p) * late / p**2


class Chances:
    """P(Y = 0), P(Y = 1), ... of people, given one after the other.

    Y = k if the person is active, k orders happen and they stay, or at least k happen and they
    leave after the k-th: products of beta ratios with negative binomial masses and tails.
    """

    def __init__(self, model: BgNbd, each: Histories, ahead: float) -> None:
        r, alpha, self.a, self.b = model.values
        self.alive = model.alive(each)
        self.x, self.shape = each.repeats, r + each.repeats
        self.log_more = np.log(ahead) - np.log(alpha + each.age + ahead)
        self.k = 0
        self.log_mass = self.shape * (np.log(alpha + each.age) - np.log(alpha + each.age + ahead))
        self.tail = -np.expm1(self.log_mass)  # of the negative binomial beyond k
        self.stays = np.ones_like(self.shape)  # E[(1 - p)^k]

    def first(self) -> Floats:
        """P(Y = 0)."""
        none: Floats = 1 - self.alive + self.alive * np.exp(self.log_mass)
        return none

    def next(self) -> Floats:
        """P(Y = k + 1) after P(Y = k)."""
        self.k += 1
        k, total = self.k, self.a + self.b + self.x + self.k - 1
        leaves = self.stays * self.a / total
        self.stays = self.stays * (self.b + self.x + k - 1) / total
        self.log_mass = self.log_mass + np.log((self.shape + k - 1) / k) + self.log_more
        mass, at_least = np.exp(self.log_mass), self.tail
        self.tail = np.maximum(self.tail - mass, 0.0)
        chance: Floats = self.alive * (self.stays * mass + leaves * at_least)
        return chance

    def keep(self, still: Floats) -> None:
        """Go on with those people only that a mask picks."""
        for name in ("alive", "x", "shape", "log_more", "log_mass", "tail", "stays"):
            setattr(self, name, getattr(self, name)[still])
