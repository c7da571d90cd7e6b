"""RFM on the demo, person by person, against Polars over the raw purchases."""

from pathlib import Path

import polars as pl
import pytest

import carpel
from carpel.engine.query import query
from carpel.verbs.reader import reading

from .test_demo import demo  # noqa: F401  # the fixture

pytestmark = pytest.mark.slow


def independent(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Scores by household: 1 + floor(5 x share strictly below), over those who bought."""
    lines = pl.read_parquet(folder / "data" / "transactions.parquet")
    orders = lines.group_by("household_id", "basket_id").agg(
        pl.col("transaction_timestamp").min().alias("at"), pl.col("sales_value").sum()
    )
    people = orders.group_by("household_id").agg(
        pl.col("at").max(), pl.len().alias("orders"), pl.col("sales_value").sum().round(6)
    )
    size = people.height
    below = {
        name: pl.col(name).rank("min").cast(pl.Int64) - 1
        for name in ("at", "orders", "sales_value")
    }
    scored = people.select(
        pl.col("household_id").cast(pl.String),
        *((each * 5 // size + 1).alias(name) for name, each in below.items()),
    )
    return {row[0]: row[1:] for row in scored.rows()}


def test_scores_equal_those_of_another_library(demo):  # noqa: F811
    wanted = independent(demo[0])
    with reading(carpel.open(demo[0]).session) as reader:
        found = {
            card: scores
            for card, *scores in reader.engine.rows(
                query("""
            SELECT DISTINCT r.id_loyalty_card, s.r, s.f, s.m FROM rfm_rfm AS s
            JOIN identities AS i ON i.customer = s.customer
            JOIN records AS r ON r.ref = i.ref AND r.source = 'till'""")
            )
        }
    assert len(wanted) == 2_469
    assert {card: tuple(scores) for card, scores in found.items()} == wanted
