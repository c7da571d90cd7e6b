"""Shifted beta-geometric: everybody has a chance of their own to leave at each renewal.

Fader and Hardie, "How to project customer retention" (Journal of Interactive Marketing 2007). A
person leaves at each renewal with the same probability theta ~ Beta(alpha, beta); those likely to
leave go first, so that the retention of a cohort rises although nobody's does.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from carpel.stats.likelihood import Estimate, Refused, most_likely
from carpel.stats.tails import Floats

STARTS = ((1.0, 1.0), (0.5, 5.0), (5.0, 5.0), (10.0, 1.0))
FEWEST, FEWEST_ENDED = 50, 10


@dataclass(frozen=True)
class Renewals:
    """Contracts by how often they came up for renewal.

    `periods` is the number of renewals decided so far: with `ended` the last of them was a no;
    without it all were a yes. `weight` is how many contracts share the row.
    """

    periods: Floats
    ended: Floats
    weight: Floats

    @property
    def contracts(self) -> float:
        """How many contracts there are."""
        return float(self.weight.sum())

    @classmethod
    def of_survivors(cls, survivors: Floats) -> "Renewals":
        """From how many of one cohort were left after 0, 1, 2, ... renewals."""
        left = np.asarray(survivors, dtype=np.float64)
        if (np.diff(left) > 0).any():
            raise ValueError("nobody comes back into a cohort: survivors cannot grow")
        last = len(left) - 1
        periods = np.append(np.arange(1, last + 1), last)
        ended = np.append(np.ones(last), 0.0)
        return cls(periods, ended, np.append(-np.diff(left), left[-1])).some()

    def some(self) -> "Renewals":
        """Without rows that nobody is in or that say nothing yet."""
        kept = (self.weight > 0) & (self.periods > 0)
        return Renewals(self.periods[kept], self.ended[kept], self.weight[kept])


def log_likelihood(values: Floats, each: Renewals) -> tuple[float, Floats]:
    """Log-likelihood of (alpha, beta), equations 5 and 6 of the paper, and its gradient."""
    from scipy.special import betaln, digamma

    alpha, beta = values
    t, gone, w = each.periods, each.ended, each.weight
    value = w * (betaln(alpha + gone, beta + t - gone) - betaln(alpha, beta))
    both = digamma(alpha + beta) - digamma(alpha + beta + t)
    slope = [
        (w * (digamma(alpha + gone) - digamma(alpha) + both)).sum(),
        (w * (digamma(beta + t - gone) - digamma(beta) + both)).sum(),
    ]
    return float(value.sum()), np.array(slope)


@dataclass(frozen=True)
class ShiftedBetaGeometric:
    """A shifted beta-geometric model with its parameters."""

    alpha: float
    beta: float
    parameters: ClassVar[tuple[str, ...]] = ("alpha", "beta")

    @classmethod
    def fitted(cls, each: Renewals) -> "tuple[ShiftedBetaGeometric, Estimate]":
        """The most likely model of contracts and its estimate.

        Raises Refused for fewer than 50 contracts that came up for renewal, fewer than 10 that
        ended, or where all decisions are of the first renewal: one share is not a shape.
        """
        some = each.some()
        _enough(some)
        found = most_likely(
            cls.parameters, lambda at: log_likelihood(at, some), STARTS, some.contracts
        )
        return cls(*(float(value) for value in found.values)), found

    def survival(self, renewals: Floats) -> Floats:
        """Share of a new cohort that is left after so many renewals."""
        from scipy.special import betaln

        alpha, beta = self.alpha, self.beta
        left: Floats = np.exp(betaln(alpha, beta + np.asarray(renewals)) - betaln(alpha, beta))
        return left

    def renewing(self, renewed: Floats) -> Floats:
        """Probability that who renewed so many times says yes the next time."""
        sure = self.beta + np.asarray(renewed, dtype=np.float64)
        share: Floats = sure / (self.alpha + sure)
        return share

    def staying(self, renewed: Floats, more: float) -> Floats:
        """Probability that who renewed so many times says yes `more` times in a row."""
        from scipy.special import betaln

        sure = self.beta + np.asarray(renewed, dtype=np.float64)
        left: Floats = np.exp(betaln(self.alpha, sure + more) - betaln(self.alpha, sure))
        return left

    def expected_periods(self, renewed: Floats, most: int, discount: float = 0.0) -> Floats:
        """Expected further paid periods out of the next `most`, each discounted by its distance.

        The first of them is paid if the coming renewal is a yes. `discount` is a period's.
        """
        chance = np.ones_like(np.asarray(renewed, dtype=np.float64))
        paid = np.zeros_like(chance)
        for more in range(most):
            chance = chance * self.renewing(renewed + more)
            paid += chance / (1 + discount) ** (more + 1)
        return paid


def _enough(each: Renewals) -> None:
    ended = float(each.weight[each.ended > 0].sum())
    if each.contracts < FEWEST:
        raise Refused(
            f"{each.contracts:.0f} contracts came up for renewal: at least {FEWEST} are needed"
        )
    if ended < FEWEST_ENDED:
        raise Refused(f"only {ended:.0f} contracts ended: at least {FEWEST_ENDED} are needed")
    if each.periods.max() < 2:
        raise Refused("all contracts came up for renewal once: a second renewal is needed")
