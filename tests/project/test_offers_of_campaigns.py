"""What versions of a campaign offer: each by its own people, messages that left and costs."""

from datetime import UTC, datetime

import numpy as np
import pytest

from carpel.evaluation.movements import EVERYBODY
from carpel.measuring.offers import advised, offers_of
from carpel.specs import Campaign, Definitions, Project
from carpel.stages.estimates.tested import Tested as Experimented
from carpel.stats.experiments.sums import Sums

MOMENT = datetime(2026, 3, 1, tzinfo=UTC).replace(tzinfo=None)
SPRING = Campaign(
    name="spring",
    goal={"metric": "order_rate", "target": 0.2, "by": "2026-12-31"},
    audience="everybody",
    channel="post",
    variants=[
        {"name": "a", "share": 0.5, "offer": {"name": "ten_off", "per_order": 3}},
        {"name": "b", "share": 0.5},
    ],
    holdout=0.2,
)
DEFINITIONS = Definitions(Project(name="trial"), campaigns={"spring": SPRING})


def made(draw: np.random.Generator, **about: object) -> tuple[Experimented, dict[str, np.ndarray]]:
    """A campaign whose people spent 20 an order, and each arm's orders; half of `a` were sent."""
    people = {"comparison": 400, "a": 800, "b": 800}
    orders = {arm: draw.binomial(2, 0.1 + 0.1 * (arm == "a"), n) for arm, n in people.items()}
    sums = {}
    for arm, many in orders.items():
        y, d = 20.0 * many, many.astype(float)
        sums[EVERYBODY, "average_order", arm] = Sums(
            len(y), y.sum(), y @ y, d=d.sum(), dd=d @ d, yd=y @ d
        )
    arms = [
        {"arm": arm, "people": n, "share": n / 2_000, "sent": n // 2} for arm, n in people.items()
    ]
    said = {"experiment": "spring", "comparison": "comparison", "over_at": MOMENT, "cost": 0.5}
    metrics = {"average_order": {"shown": "money"}}
    return Experimented({**said, **about}, arms, metrics, sums, MOMENT), orders


def test_an_offer_earns_what_is_left_after_messages_that_left_and_orders_it_was_taken_with():
    assert list(offers_of(DEFINITIONS, "spring")) == ["a"]
    found, orders = made(np.random.default_rng(2))
    advice, tests, people, left_out = advised([found], DEFINITIONS, EVERYBODY)
    (offer,) = advice.offers
    expected = (20 - 3) * orders["a"].mean() - 20 * orders["comparison"].mean() - 0.5 / 2
    assert offer.margin == pytest.approx(expected)
    assert (tests, people, left_out) == (["spring"], 1_200, {})


def test_a_test_that_cannot_tell_is_left_out_with_its_reason():
    later = MOMENT.replace(day=2)
    running, _ = made(np.random.default_rng(2), over_at=later)
    assert advised([running], DEFINITIONS, EVERYBODY)[3] == {"spring": "it is still running"}
    found, _ = made(np.random.default_rng(2))
    found.arms[0]["people"] = 900
    assert advised([found], DEFINITIONS, EVERYBODY)[3] == {"spring": "the groups came out uneven"}
    assert advised([found], DEFINITIONS, "lost")[3] == {"spring": "too few of them were in it"}
