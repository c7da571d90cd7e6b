"""Every behavioural and value trait against an independent reckoning, person by person."""

from typing import Any

import numpy as np
import pytest

from carpel.stages.profiles import Profiles
from carpel.stages.profiles.catalogue import CATALOGUE
from carpel.testing.line import line_with, read, take

from . import reckoned
from . import shop as shops
from .reading import values


@pytest.fixture(scope="module", params=["known", "drawn"])
def case(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    rng_of_module: np.random.Generator,
) -> Any:
    seed = 1 if request.param == "known" else int(rng_of_module.integers(10**6))
    shop = shops.make(seed)
    line = line_with(tmp_path_factory.mktemp("line"), shop.tables(), as_of=shops.AS_OF)
    return shop, take(line, [Profiles()]), seed


def test_every_figure_of_everybody(case: Any) -> None:
    shop, line, seed = case
    found = values(line)
    for who in range(1, shops.PEOPLE + 1):
        for name, wanted in reckoned.reckon(shop, who).items():
            got = found[who][name]
            same = (
                got == wanted
                if not isinstance(wanted, float)
                else got is not None and (got == pytest.approx(wanted, rel=1e-9, abs=1e-6))
            )
            assert same, f"seed {seed}, customer {who}, {name}: {got!r}, not {wanted!r}"


def test_no_trait_goes_unreckoned(case: Any) -> None:
    shop, line, _ = case
    listed = {row["trait"] for row in read(line, "traits")}
    assert listed - set(reckoned.reckon(shop, 1)) == {"known_since", "known_days"}
    elsewhere = {"contacts", "contracts", "accounts", "places", "customers"}
    over = {each.name for each in CATALOGUE if each.rows in elsewhere}
    missing = {each.name for each in CATALOGUE if each.name not in over | listed}
    assert missing <= {
        "subscribed",
        "trial_days_left",
        "days_to_renewal",
        "favourite_store",
        "favourite_store_share",
    }


def test_coverage_is_counted(case: Any) -> None:
    _, line, _ = case
    found = values(line)
    for row in read(line, "traits"):
        assert row["of"] == shops.PEOPLE
        assert row["known"] == sum(each[row["trait"]] is not None for each in found.values())


def test_one_row_a_customer_and_zero_for_those_who_did_nothing(case: Any) -> None:
    _, line, _ = case
    rows = read(line, "profiles")
    assert [row["customer"] for row in rows] == list(range(1, shops.PEOPLE + 1))
    quiet = rows[-1]
    assert quiet["orders_total"] == 0
    assert quiet["spend_total"] == 0
    assert quiet["last_order_at"] is None
    assert quiet["average_order_value"] is None
