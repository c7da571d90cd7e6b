"""How people respond to prices, from files to the screen: planted, thin, and prices that stay."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from carpel.cli.main import app
from carpel.errors import CarpelError, NotFound
from carpel.project import Project

from .written import run

pytestmark = pytest.mark.slow

pytest.importorskip("scipy")
CLOCK = datetime(2026, 1, 20, 12, tzinfo=UTC)
MONDAY = date(2025, 1, 6)
PRODUCTS, WEEKS = 24, 40
FILES = {
    "carpel.yml": "name: shop\ncurrency: EUR\ntimezone: UTC\nas_of: 2026-01-15\n",
    "sources/till.yml": (
        "read: till.csv\nidentifiers: {card: card}\ntraits: {kind: kind}\ntrack:\n"
        "  - event: product_purchased\n    at: day\n    properties:\n"
        "      {product_id: product, quantity: units, amount: amount, discount: off,\n"
        "       order_id: basket, category: aisle}\n"
    ),
    "segments/keen.yml": "label: Keen\nwhere: {trait: kind, is: keen}\n",
    "segments/calm.yml": "label: Calm\nwhere: {trait: kind, is: calm}\n",
    "segments/few.yml": "label: Few\nwhere: {trait: kind, is: few}\n",
}
RESPONSE = {"keen": -3.0, "calm": -0.8, "few": -1.0}
PEOPLE = {"keen": 60, "calm": 60, "few": 8}


def shop(folder: Path, offers: bool = True) -> Project:
    """Two thirds of the products are of tea; prices change by offers, or not at all."""
    rng = np.random.default_rng(4)
    lines = ["card,kind,day,product,units,amount,off,basket,aisle"]
    price = rng.uniform(2, 9, PRODUCTS)
    level = rng.uniform(4, 9, PRODUCTS)
    off = np.where(
        rng.random((PRODUCTS, WEEKS)) < 0.3, rng.uniform(0.1, 0.35, (PRODUCTS, WEEKS)), 0
    )
    off *= offers
    for kind, elasticity in RESPONSE.items():
        rate = level[:, None] * (1 - off) ** elasticity * PEOPLE[kind] / 60
        for product, week in np.ndindex(PRODUCTS, WEEKS):
            for _ in range(rng.poisson(rate[product, week])):
                person, units = rng.integers(PEOPLE[kind]), rng.choice([1, 1, 1, 2])
                day = MONDAY + timedelta(days=7 * week + int(rng.integers(7)))
                paid = price[product] * (1 - off[product, week]) * units
                lines.append(
                    f"{kind}{person},{kind},{day},p{product},{units},{paid:.2f},"
                    f"{price[product] * units - paid:.2f},b{len(lines)},"
                    f"{'tea' if product % 3 else 'cake'}"
                )
    return run(folder, FILES | {"till.csv": "\n".join(lines)}, CLOCK)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Project:
    return shop(tmp_path_factory.mktemp("priced"))


def test_what_was_planted_is_told_of_everybody_and_by_segment(made):
    found = made.price()
    assert (found.offered, found.varied, found.weeks) == (PRODUCTS, PRODUCTS, WEEKS)
    assert -2.8 < found.everybody.value < -1.3
    told = {each.name: each for each in found.segments}
    assert told["keen"].alone == pytest.approx(-3.0, abs=0.4)
    assert told["calm"].alone == pytest.approx(-0.8, abs=0.4)
    assert told["keen"].high < told["calm"].low
    assert told["few"].reason == "8 people, 30 are needed"
    assert {each.name for each in found.kinds} == {"tea", "cake"}
    assert found.discount is None or found.discount.value == pytest.approx(-2.0, abs=0.7)
    cheap, usual = found.curve[0], next(row for row in found.curve if row["from"] == -0.03)
    assert cheap["sold"] > 1.2 * usual["sold"] > 1.0


def test_it_stands_on_the_screen_and_names_are_looked_up(made):
    text = (
        CliRunner()
        .invoke(
            app, ["price", "keen", "--project", str(made.session.folder)], catch_exceptions=False
        )
        .output
    )
    assert "Where a price is 10 % lower," in text
    assert "Keen" in text and "Calm" not in text
    with pytest.raises(NotFound):
        made.price(["nobody_of_that_name"])
    with pytest.raises(CarpelError, match="of which product"):
        made.price(product="colour")


def test_prices_that_stay_tell_nothing_and_say_so(tmp_path):
    found = shop(tmp_path, offers=False).price()
    assert found.everybody.value is None
    assert "prices varied in 0" in found.everybody.reason
    assert found.segments == ()
