"""Price and demand: what was planted comes back, and neither seasons nor the mix fake it."""

import numpy as np
import pytest

from carpel.stats.demand import response
from carpel.stats.likelihood import Refused

pytest.importorskip("scipy")
Drawn = tuple[np.ndarray, np.ndarray]


def market(
    rng: np.random.Generator, products: int = 40, elasticity: float = -1.8, wander: float = 0.3
) -> Drawn:
    """Sales by product and week, and logs of prices: dear and cheap products, offers, a season,
    and demand that wanders for each product on its own."""
    weeks = 52
    level = rng.normal(2.5, 0.8, products)[:, None]
    season = 0.4 * np.sin(np.arange(weeks) / 8)
    offers = np.where(
        rng.random((products, weeks)) < 0.2, -rng.uniform(0.05, 0.4, (products, weeks)), 0
    )
    price = rng.normal(0, 0.5, products)[:, None] + offers
    drift = np.zeros((products, weeks))
    for week in range(1, weeks):
        drift[:, week] = 0.6 * drift[:, week - 1] + wander * rng.normal(size=products)
    sold = rng.poisson(np.exp(level + season + elasticity * price + drift)).astype(float)
    return sold, np.where(sold > 0, price, np.nan)


def test_the_elasticity_comes_back_within_its_interval(rng: np.random.Generator) -> None:
    sold, price = market(rng)
    found = response(sold, price[None])
    assert found.value[0] == pytest.approx(-1.8, abs=0.5)
    assert found.low[0] < found.value[0] < found.high[0] < found.low[0] + 1.2
    assert (found.products, found.weeks) == (40, 52)


def test_dear_products_that_sell_well_fake_nothing(rng: np.random.Generator) -> None:
    """Prices never move demand; products that cost more sell more."""
    level = rng.normal(3, 1, 40)[:, None]
    price = 0.5 * level + 0.15 * rng.normal(size=(40, 52))
    sold = rng.poisson(np.exp(level) * np.ones((40, 52))).astype(float)
    found = response(sold, price[None])
    assert abs(found.value[0]) < 0.2


def test_offers_in_a_busy_season_fake_nothing(rng: np.random.Generator) -> None:
    season = np.where(np.arange(52) > 44, 1.2, 0.0)
    price = -0.25 * (season > 0) * (rng.random((40, 52)) < 0.7) + 0.02 * rng.normal(size=(40, 52))
    sold = rng.poisson(np.exp(3 + season) * np.ones((40, 52))).astype(float)
    found = response(sold, price[None])
    assert abs(found.value[0]) < 0.15


def test_regular_price_and_discount_are_told_apart(rng: np.random.Generator) -> None:
    regular = np.cumsum(0.06 * rng.normal(size=(60, 52)), axis=1)
    off = -0.3 * (rng.random((60, 52)) < 0.2)
    sold = rng.poisson(np.exp(3 - 0.7 * regular + -2.5 * off)).astype(float)
    found = response(sold, np.stack([off, regular]))
    assert found.value == pytest.approx([-2.5, -0.7], abs=0.25)
    usual = found.usual[off == 0]
    assert np.nansum(usual) == pytest.approx(sold[off == 0].sum(), rel=0.25)


def test_what_tells_nothing_is_refused(rng: np.random.Generator) -> None:
    sold, price = market(rng, 4)
    with pytest.raises(Refused, match="4 products bought at prices that varied, 5"):
        response(sold, price[None])
    sold, price = market(rng, 10)
    with pytest.raises(Refused, match="0 products"):
        response(np.zeros_like(sold), price[None])
    alike = np.where(np.arange(52) % 5 == 0, -0.3, 0.0) * np.ones((10, 1))
    with pytest.raises(Refused):
        response(sold, alike[None])


@pytest.mark.prove
@pytest.mark.parametrize("products", [6, 40])
def test_intervals_cover_what_was_planted(products: int, rng: np.random.Generator) -> None:
    inside, found = 0, []
    for _ in range(200):
        sold, price = market(rng, products)
        told = response(sold, price[None])
        inside += told.low[0] <= -1.8 <= told.high[0]
        found.append(told.value[0])
    assert 180 <= inside <= 199
    assert np.mean(found) == pytest.approx(-1.8, abs=0.08)
