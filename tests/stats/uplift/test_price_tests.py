"""A price test says what a visitor brings at each price, and when it can't tell."""

import numpy as np
import pytest

from carpel.stats.averages import gap_interval, mean_interval
from carpel.stats.difference import Moments
from carpel.stats.likelihood import Refused
from carpel.stats.proportions import wilson
from carpel.stats.uplift import PriceArm, at_prices
from carpel.stats.uplift.prices import sentence


def test_margin_a_visitor_by_hand():
    found = at_prices([PriceArm.single(12, 4, 400, 40), PriceArm.single(10, 4, 500, 60)], today=10)
    low, high = found
    assert [each.price for each in found] == [10, 12]
    assert (low.bought, low.margin, low.more, low.more_interval) == (0.12, 0.72, 0.0, (0.0, 0.0))
    assert (high.bought, high.margin) == (0.1, 0.8)
    assert high.more == pytest.approx(0.08)
    ten, twelve = Moments(500, 0.72, 36 * 0.12 * 0.88), Moments(400, 0.8, 64 * 0.1 * 0.9)
    assert high.more_interval == pytest.approx(gap_interval(twelve, ten))
    assert high.margin_interval == pytest.approx(mean_interval(twelve))
    assert low.bought_interval == wilson(60, 500)
    assert low.best + high.best == pytest.approx(1.0) and 0.5 < high.best < 0.95
    assert sentence(found, 10) == "cannot tell between 10 and 12"


def test_baskets_of_any_size(rng):
    spent = np.where(rng.random(3_000) < 0.1, rng.lognormal(2, 1, 3_000), 0.0)
    bought = int((spent > 0).sum())
    arm = PriceArm(5.0, 3_000, bought, float(spent.sum()), float((spent**2).sum()))
    assert arm.moments.mean == pytest.approx(spent.mean())
    assert arm.moments.variance == pytest.approx(spent.var())


def test_the_best_price_is_named():
    higher = at_prices([PriceArm.single(10, 4, 5_000, 500), PriceArm.single(12, 4, 5_000, 490)], 10)
    assert higher[1].more_interval[0] > 0 and higher[1].best > 0.99
    assert sentence(higher, 10).startswith("12 brings 0.184 a visitor more than 10 (")
    assert sentence(higher, 12) == "12, the price of today, brings most, 0.784 a visitor"
    three = [PriceArm.single(*each, 5_000, 500) for each in ((10, 5), (10.1, 5), (6, 5))]
    assert sentence(at_prices(three, 6), 6) == "cannot tell between 10 and 10.1"


@pytest.mark.parametrize(
    ("arms", "today", "said"),
    [
        ([(10, 500, 60), (10, 500, 60)], 10, "comes twice"),
        ([(10, 500, 60), (12, 500, 60)], 11, "price of today, 11"),
        ([(10, 50, 60), (12, 500, 60)], 10, "at 10 more bought"),
        ([(10, 0, 0), (12, 500, 60)], 10, "nobody came"),
        ([(10, 500, 60)], 10, "only one price"),
        ([(10, 500, 29), (12, 500, 60)], 10, "29 bought at 10: at least 30 are needed, 1 more"),
    ],
)
def test_what_is_no_price_test_is_refused(arms, today, said):
    with pytest.raises(ValueError, match=said) as refusal:
        at_prices([PriceArm.single(price, 4, n, having) for price, n, having in arms], today)
    assert isinstance(refusal.value, Refused) == ("only" in said or "needed" in said)


@pytest.mark.prove
def test_a_price_told_as_best_is_hardly_ever_the_wrong_one(fresh_seed):
    """Of two prices with nearly the same margin, told with 95 %: wrong at most one in twenty."""
    chance, wrong = np.random.default_rng(fresh_seed), 0
    for _ in range(300):
        counts = chance.binomial(2_000, [0.12, 0.0901])
        arms = [
            PriceArm.single(price, 4, 2_000, int(n))
            for price, n in zip((10, 12), counts, strict=True)
        ]
        found = at_prices(arms, 10)
        wrong += found[1].best >= 0.95
    assert wrong <= 0.05 * 300 + 3 * (0.05 * 0.95 * 300) ** 0.5
