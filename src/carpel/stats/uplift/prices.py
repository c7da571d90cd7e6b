"""Price tests: what a visitor brings at each price, and which price is the best."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from carpel.stats.averages import gap_interval, mean_interval
from carpel.stats.difference import Moments
from carpel.stats.likelihood import Refused
from carpel.stats.proportions import Interval, wilson
from carpel.stats.uplift.offers import chances_of_best

SURE = 0.95
FEWEST = 30
"""Buyers at a price, from which the mean of its visitors can be taken as normal."""


@dataclass(frozen=True)
class PriceArm:
    """People who saw one price: how many, how many bought, their margin and its squares, summed.

    A visitor who did not buy has a margin of 0 and counts.
    """

    price: float
    visitors: int
    buyers: int
    margin: float
    squares: float

    @staticmethod
    def single(price: float, cost: float, visitors: int, buyers: int) -> "PriceArm":
        """Where everybody who buys buys one, at one cost."""
        each = price - cost
        return PriceArm(price, visitors, buyers, buyers * each, buyers * each**2)

    @property
    def moments(self) -> Moments:
        """Of the margin a visitor."""
        mean = self.margin / self.visitors
        return Moments(self.visitors, mean, max(self.squares / self.visitors - mean**2, 0.0))


@dataclass(frozen=True)
class AtPrice:
    """What happened at a price, with 95 % intervals; differences are to the price of today."""

    price: float
    visitors: int
    bought: float
    bought_interval: Interval
    margin: float
    margin_interval: Interval
    more: float
    """Margin a visitor beyond that at the price of today; 0 at that price itself."""
    more_interval: Interval
    best: float
    """The chance that this price brings most, 0 to 1."""


def at_prices(arms: Sequence[PriceArm], today: float) -> tuple[AtPrice, ...]:
    """Margin a visitor at each price, the lowest price first, held against the price of `today`.

    Means and their differences by Student's t, spreads unequal (Welch 1947). Raises ValueError when
    a price comes twice, `today` is none of them or counts are impossible, Refused with fewer than
    two prices or 30 buyers at one.
    """
    ordered = sorted(arms, key=lambda each: each.price)
    _check(ordered, today)
    moments = [each.moments for each in ordered]
    base = next(at for at, each in enumerate(ordered) if each.price == today)
    means = np.array([each.mean for each in moments])
    errors = np.array([each.variance / (each.n - 1) for each in moments])
    best, _ = chances_of_best(means, np.diag(errors))
    return tuple(
        AtPrice(
            each.price,
            each.visitors,
            each.buyers / each.visitors,
            wilson(each.buyers, each.visitors),
            here.mean,
            mean_interval(here),
            here.mean - moments[base].mean,
            gap_interval(here, moments[base]) if at != base else (0.0, 0.0),
            float(best[at]),
        )
        for at, (each, here) in enumerate(zip(ordered, moments, strict=True))
    )


def sentence(found: Sequence[AtPrice], today: float) -> str:
    """The verdict in words: a price is named where it is the best with 95 %, or what is left."""
    ordered = sorted(found, key=lambda each: -each.best)
    first = ordered[0]
    low, high = first.more_interval
    if first.best >= SURE and first.price == today:
        return f"{first.price:,.6g}, the price of today, brings most, {first.margin:,.4g} a visitor"
    if first.best >= SURE:
        return (
            f"{first.price:,.6g} brings {first.more:,.4g} a visitor more than {today:,.6g} "
            f"({low:,.4g} to {high:,.4g})"
        )
    left = [each for each in ordered if each.best > 1 - SURE]
    names = " and ".join(f"{each.price:,.6g}" for each in sorted(left, key=lambda each: each.price))
    return f"cannot tell between {names}"


def _check(ordered: Sequence[PriceArm], today: float) -> None:
    prices = [each.price for each in ordered]
    if len(set(prices)) < len(prices):
        raise ValueError("a price comes twice")
    if today not in prices:
        raise ValueError(f"nobody saw the price of today, {today:,.6g}")
    for each in ordered:
        if not 0 <= each.buyers <= each.visitors or not each.visitors or each.squares < 0:
            raise ValueError(f"at {each.price:,.6g} more bought than came, or nobody came")
    if len(prices) < 2:
        raise Refused("only one price was tried")
    fewest = min(ordered, key=lambda each: each.buyers)
    if fewest.buyers < FEWEST:
        raise Refused(
            f"{fewest.buyers:,} bought at {fewest.price:,.6g}: at least {FEWEST} are needed, "
            f"{FEWEST - fewest.buyers:,} more"
        )
