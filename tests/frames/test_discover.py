"""Groups of the people in a table; the same kind of table comes back."""

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

import carpel
from carpel.errors import CarpelError

pytestmark = pytest.mark.slow

pytest.importorskip("sklearn")


@pytest.fixture(scope="module")
def people(rng_of_module: np.random.Generator) -> pa.Table:
    """Three ways to shop; nothing is known of the first; the town means nothing."""
    ways = rng_of_module.integers(3, size=400)
    visits = np.array([2.0, 20.0, 2.0])[ways] + rng_of_module.normal(size=400)
    spend = np.array([20.0, 20.0, 300.0])[ways] + 5 * rng_of_module.normal(size=400)
    return pa.table(
        {
            "way": ways,
            "visits": pa.array(visits, mask=np.arange(400) == 0),
            "spend": pa.array(spend, mask=np.arange(400) == 0),
            "town": rng_of_module.choice(["Bern", "Rome"], 400),
            "since": [date(2026, 1, 1)] * 400,
        }
    )


def test_groups_of_a_table(people: pa.Table) -> None:
    frame = pl.DataFrame(people)
    found = carpel.discover(frame, ["visits", "spend"], method="k_means", serve=4)
    assert isinstance(found.table, pl.DataFrame) and not found.refused
    rows = found.table.rows(named=True)
    assert rows[0]["group"] is None
    pairs = {(row["way"], row["group"]) for row in rows[1:]}
    assert len(pairs) == 3
    group_of = dict(pairs)
    high = {way: found.groups[group_of[way]].marks[0] for way in (1, 2)}
    assert high[1].trait == "visits" and high[1].effect > 0
    assert high[2].trait == "spend" and high[2].effect > 0
    assert sum(each.people for each in found.groups) == 399
    assert all(each.rule.agreement > 0.9 for each in found.groups)
    assert sum(reason.startswith("taken") for reason in found.reasons) == 1


@pytest.mark.parametrize(
    ("traits", "said"), [(["visitz"], "visitz"), (["since"], "no trait to look in")]
)
def test_what_cannot_be_a_trait_is_refused(people: pa.Table, traits: Any, said: str) -> None:
    with pytest.raises(CarpelError, match=said):
        carpel.discover(people, traits)


def test_too_few_are_no_groups(people: pa.Table) -> None:
    found = carpel.discover(people.slice(0, 10), ["visits"])
    assert found.refused == "Only 9 people have any of the traits; groups are sought among 50."
    assert found.table.column("group").null_count == 10
    assert found.groups == ()
