"""Rows of `price_estimates`: what each price earns, where arms differ by it."""

from collections.abc import Iterator
from typing import Any

from carpel.evaluation.movements import EVERYBODY
from carpel.specs import Experiment
from carpel.specs.metric import AVERAGE_ORDER, ORDER_RATE
from carpel.stages.estimates.tested import Tested
from carpel.stats.likelihood import Refused
from carpel.stats.uplift import PriceArm, at_prices


def prices(tested: Tested, spec: Experiment | None) -> Iterator[dict[str, Any]]:
    """By arm that has a price, once its time is over; figures are NULL where too few ordered."""
    if spec is None or not spec.prices or not tested.over:
        return
    if not {AVERAGE_ORDER, ORDER_RATE} <= tested.metrics.keys():
        return
    arms = {
        arm: _arm(tested, arm, price, spec.cost_per_order) for arm, price in spec.prices.items()
    }
    try:
        found = {each.price: each for each in at_prices(list(arms.values()), _today(spec))}
    except Refused:
        found = {}
    for arm, each in arms.items():
        row = {"experiment": tested.name, "arm": arm, "price": each.price}
        row |= {"people": each.visitors, "buyers": each.buyers}
        if (at := found.get(each.price)) is not None:
            row |= {"bought": at.bought, "margin": at.margin, "more": at.more, "best": at.best}
            row |= dict(zip(("bought_low", "bought_high"), at.bought_interval, strict=True))
            row |= dict(zip(("margin_low", "margin_high"), at.margin_interval, strict=True))
            row |= dict(zip(("more_low", "more_high"), at.more_interval, strict=True))
        yield row


def _today(spec: Experiment) -> float:
    return spec.prices[spec.comparison]


def _arm(tested: Tested, arm: str, price: float, cost: float) -> PriceArm:
    """Revenue less what orders cost: its sum and that of its squares, over everybody who saw it."""
    sums = tested.of(EVERYBODY, AVERAGE_ORDER, arm)
    squares = sums.yy - 2 * cost * sums.yd + cost**2 * sums.dd
    buyers = round(tested.of(EVERYBODY, ORDER_RATE, arm).y)
    return PriceArm(price, round(sums.n), buyers, sums.y - cost * sums.d, squares)
