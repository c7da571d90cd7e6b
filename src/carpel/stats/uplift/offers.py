"""Which offer to make next: what each earned a person in past tests, and how sure that is.

An offer's figure is its incremental margin a person: what the people who got it brought, less what
its comparison group brought, its own cost taken off.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt

import numpy as np

from carpel.stats.likelihood import Refused
from carpel.stats.shrinking import together
from carpel.stats.tails import NORMAL_95, Floats

DRAWS = 20_000
"""Chances are told to 0.7 per cent."""


@dataclass(frozen=True)
class Tried:
    """An offer in one past test: margin a person above the comparison group, and its errors."""

    offer: str
    margin: float
    error: float
    """Of the mean of those who got it, above 0."""
    people: int
    test: str = ""
    """Offers of one test share its comparison group; empty for a test of its own."""
    control_error: float = 0.0
    """Of the mean of the comparison group."""


@dataclass(frozen=True)
class Offer:
    """What an offer earns a person, with its 95 % interval, drawn to the others as it is unsure."""

    offer: str
    margin: float
    low: float
    high: float
    raw: float
    """What its tests alone say."""
    raw_low: float
    raw_high: float
    people: int
    best: float
    """The chance that it is the best, 0 to 1, making no offer at all among the choices."""
    widened: float
    """By how much its errors grew since its tests differ more than they should; 1 where not."""


@dataclass(frozen=True)
class Advice:
    """Offers, the one that earns most first; the chance that none of them earns anything."""

    offers: tuple[Offer, ...]
    none_best: float
    rivals: tuple[str, ...]
    """Offers that can't be told from the first."""
    times: float
    """How many times the people would tell the first from its nearest rival, if they are as seen.

    Infinite for equals, 1 where there is no rival.
    """

    @property
    def told(self) -> bool:
        """Whether the first is better than every other and than no offer, at 95 %."""
        return not self.rivals and self.offers[0].low > 0

    def sentence(self) -> str:
        """The advice in words."""
        first = self.offers[0]
        span = f"{first.margin:,.4g} a person ({first.low:,.4g} to {first.high:,.4g})"
        if self.told:
            return f"{first.offer} earns most: {span}; the best with {first.best:.0%}"
        if first.high <= 0:
            return f"no offer earns anything: the best of them is {first.offer} with {span}"
        if self.rivals:
            names = " and ".join([first.offer, *self.rivals])
            more = f"; about {self.times:,.1f} times the people would" if self.times < 100 else ""
            return f"cannot tell between {names}: {first.offer} has {span}{more}"
        return f"cannot tell whether {first.offer} earns anything: {span}"


def next_best(tried: Sequence[Tried], *, seed: int = 0) -> Advice:
    """Rank offers by what they earn, with what past tests leave open.

    Tests of one offer are put together by what they know (least squares; where they differ by more
    than they should, errors grow by as much, Birge 1932). With four offers or more each is drawn
    towards their middle by as much as it is unsure, allowing for a comparison group that some
    share; with fewer the best of them looks a little too good. Raises Refused without any,
    ValueError for an error that is not above 0.
    """
    if not tried:
        raise Refused("no offer has been tried")
    if any(not (each.error > 0 and each.control_error >= 0) for each in tried):
        raise ValueError("an error of an offer is not above 0")
    names = sorted({each.offer for each in tried})
    raw, known, widened = _by_offer(tried, names)
    margin, left = together(raw, known)
    best, none = chances_of_best(margin, left, floor=0.0, seed=seed)
    people = [sum(each.people for each in tried if each.offer == name) for name in names]
    offers = [
        Offer(
            name,
            *_span(margin[at], left[at, at]),
            *_span(raw[at], known[at, at]),
            people[at],
            float(best[at]),
            float(widened[at]),
        )
        for at, name in enumerate(names)
    ]
    order = sorted(range(len(names)), key=lambda at: (-margin[at], names[at]))
    rivals, times = _rivals(margin[order], left[np.ix_(order, order)])
    ranked = tuple(offers[at] for at in order)
    return Advice(ranked, none, tuple(ranked[at].offer for at in rivals), times)


def _span(value: float, variance: float) -> tuple[float, float, float]:
    """A figure with its 95 % interval."""
    reach = NORMAL_95 * sqrt(variance)
    return float(value), float(value - reach), float(value + reach)


def _by_offer(tried: Sequence[Tried], names: list[str]) -> tuple[Floats, Floats, Floats]:
    """Each offer's margin over all its tests, their covariance, and how much errors grew."""
    margin, known = np.array([each.margin for each in tried]), _errors(tried)
    of = np.array([[each.offer == name for name in names] for each in tried], np.float64)
    inverse = np.linalg.inv(known)
    covariance = np.linalg.inv(of.T @ inverse @ of)
    found: Floats = covariance @ of.T @ inverse @ margin
    grown = np.ones(len(names))
    for at in range(len(names)):
        mine = np.flatnonzero(of[:, at])
        left, weight = margin[mine] - found[at], np.linalg.inv(known[np.ix_(mine, mine)])
        if len(mine) > 1:
            grown[at] = sqrt(max(1.0, float(left @ weight @ left) / (len(mine) - 1)))
    return found, covariance * np.outer(grown, grown), grown


def _errors(tried: Sequence[Tried]) -> Floats:
    """How errors of tests go together: those of one test by its comparison group."""
    found = np.diag([each.error**2 for each in tried])
    for row, each in enumerate(tried):
        for column, other in enumerate(tried):
            if row == column or (each.test and each.test == other.test):
                found[row, column] += each.control_error * other.control_error
    return found


def chances_of_best(
    margin: Floats, covariance: Floats, *, floor: float = -inf, seed: int = 0
) -> tuple[Floats, float]:
    """How often each is the highest among figures that could be the true ones, and none is.

    None is where all are below the `floor`.
    """
    drawn = np.random.default_rng(seed).multivariate_normal(margin, covariance, DRAWS)
    most = np.where(drawn.max(axis=1) > floor, drawn.argmax(axis=1), len(margin))
    shares = np.bincount(most, minlength=len(margin) + 1) / DRAWS
    return shares[:-1], float(shares[-1])


def _rivals(margin: Floats, left: Floats) -> tuple[list[int], float]:
    """Places of those that may be as good as the first, and the people that would tell."""
    gap = margin[0] - margin
    spread = np.sqrt(np.maximum(left[0, 0] + np.diag(left) - 2 * left[0], 0.0))
    rivals = [at for at in range(1, len(margin)) if gap[at] <= NORMAL_95 * spread[at]]
    if not rivals:
        return rivals, 1.0
    near = rivals[0]
    return rivals, float((NORMAL_95 * spread[near] / gap[near]) ** 2) if gap[near] else inf
