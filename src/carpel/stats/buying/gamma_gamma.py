"""Gamma-Gamma: what an order of a person is worth, from the orders seen so far.

Fader and Hardie, "The Gamma-Gamma model of monetary value" (2013). An order of one person is
Gamma(p, nu) distributed, nu ~ Gamma(q, v) across people, and it does not depend on how often
they buy.
"""

from dataclasses import dataclass

import numpy as np

from carpel.stats.likelihood import Estimate, Refused, most_likely
from carpel.stats.tails import Floats

NAMES = ("p", "q", "v")
STARTS = ((5.0, 4.0, 1.0), (1.0, 2.0, 1.0), (20.0, 2.0, 0.2), (1.0, 10.0, 5.0))
FEWEST = 30


def log_likelihood(values: Floats, orders: Floats, mean: Floats) -> tuple[float, Floats]:
    """Log-likelihood of (p, q, v) for mean values of so many orders, and its gradient."""
    from scipy.special import digamma, gammaln

    p, q, v = values
    shape, spent = p * orders, orders * mean
    log = np.log(v + spent)
    value = (
        gammaln(shape + q)
        - gammaln(shape)
        - gammaln(q)
        + q * np.log(v)
        + (shape - 1) * np.log(mean)
        + shape * np.log(orders)
        - (shape + q) * log
    )
    both = digamma(shape + q)
    slope = [
        (orders * (both - digamma(shape) + np.log(spent) - log)).sum(),
        (both - digamma(q) + np.log(v) - log).sum(),
        (q / v - (shape + q) / (v + spent)).sum(),
    ]
    return float(value.sum()), np.array(slope)


@dataclass(frozen=True)
class GammaGamma:
    """A Gamma-Gamma model with its parameters; v is in money."""

    p: float
    q: float
    v: float

    @classmethod
    def fitted(cls, orders: Floats, mean: Floats) -> "tuple[GammaGamma, Estimate]":
        """The most likely model of people with at least one order of a positive mean value.

        Raises Refused for fewer than 30 of them, or where the mean of an order is not finite.
        """
        seen = (orders > 0) & (mean > 0)
        count = int(seen.sum())
        if count < FEWEST:
            raise Refused(f"{count} people with a value of orders are too few: at least {FEWEST}")
        unit = float(mean[seen].mean())
        of, worth = orders[seen].astype(np.float64), mean[seen] / unit
        found = most_likely(NAMES, lambda at: log_likelihood(at, of, worth), STARTS, count)
        values = found.values * np.array([1.0, 1.0, unit])
        if values[1] <= 1:
            raise Refused("the values of orders have so long a tail that their mean is not known")
        likely = found.log_likelihood - count * np.log(unit)
        estimate = Estimate(NAMES, values, found.covariance, likely, count)
        return cls(*(float(each) for each in values)), estimate

    def spread(self, orders: Floats, mean: Floats) -> tuple[Floats, Floats]:
        """Shape and scale of the distribution of 1/nu given the orders seen: inverse gamma."""
        return self.q + self.p * orders, self.v + orders * mean

    def order_value(self, orders: Floats, mean: Floats) -> Floats:
        """Expected value of a further order, given so many orders of this mean; 0 orders too."""
        shape, scale = self.spread(orders, mean)
        value: Floats = self.p * scale / (shape - 1)
        return value
