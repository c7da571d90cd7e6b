"""A refund is no order, whoever asks: rules, RFM, lifecycle, traits, goals, summary, report."""

import json
from datetime import UTC, datetime

import pytest

from carpel import Project
from carpel.reports.content import gather
from carpel.verbs.reader import reading

from .written import run

pytestmark = pytest.mark.slow

ORDERS = """order_id,customer_id,ordered_on,amount
1,ann,2026-03-01,50
2,bob,2026-03-02,30
3,bob,2026-03-20,20
4,bob,2026-03-25,-5
5,eve,2026-03-10,-9
"""
FILES = {
    "carpel.yml": {"name": "shop", "currency": "EUR", "as_of": "2026-04-01"},
    "sources/orders.yml": {
        "read": "orders.csv",
        "identifiers": {"customer_id": "customer_id"},
        "track": [
            {
                "event": "order_completed",
                "at": "ordered_on",
                "properties": {"amount": {"column": "amount", "type": "number"}},
            }
        ],
    },
    "segmentations/rfm.yml": {"kind": "rfm"},
    "segmentations/life.yml": {"kind": "lifecycle"},
    "segments/buyers.yml": {"where": {"did": "order_completed"}},
    "segments/twice.yml": {"where": {"did": "order_completed", "at_least": 2}},
    "segments/three.yml": {"where": {"did": "order_completed", "at_least": 3}},
    "segments/nobody.yml": {"where": {"not": {"did": "order_completed"}}},
    "segments/lately.yml": {"where": {"did": "order_completed", "within": "10 days"}},
    "segments/ordered.yml": {"where": {"trait": "orders_total", "at_least": 1}},
    "goals/active.yml": {"metric": "active_customers", "target": 9, "by": "2027-01-01"},
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("refunds")
    files = {name: json.dumps(data) for name, data in FILES.items()}
    return run(folder, files | {"orders.csv": ORDERS}, datetime(2026, 4, 1, tzinfo=UTC))


def test_a_refund_is_no_order_whoever_asks(shop: Project) -> None:
    members = {row["segment"]: row["people"] for row in shop.ls("segments")}
    assert [members[name] for name in ("buyers", "twice", "three", "nobody", "lately")] == [
        2, 1, 0, 1, 0,
    ]  # fmt: skip
    assert members["ordered"] == members["buyers"]
    assert members["rfm.none_yet"] == members["life.lead"] == 1
    assert shop.summary()["buyers"] == 2
    assert [(row["value"], row["n"]) for row in shop.ls("goals")] == [(2.0, 2)]


def test_one_person_and_the_sql_say_the_same(shop: Project) -> None:
    with reading(shop.session) as reader:
        for name in ("buyers", "twice", "nobody", "lately"):
            rule = reader.definitions.segments[name].rule
            found = reader.engine.connection.execute(reader.evaluator.sql(rule)).fetchall()
            assert [row[0] for row in found] == list(reader.sets[name])
            for key in reader.evaluator.universe:
                told = reader.evaluator.explain(rule, key)
                assert (told.verdict == "yes") == (key in reader.sets[name])


def test_the_report_counts_orders_and_takes_refunds_off_the_money(shop: Project) -> None:
    with reading(shop.session) as reader:
        content = gather(reader.engine, reader.definitions, reader.build)
    assert (content.totals["orders"], content.totals["buyers"]) == (3, 2)
    assert content.totals["revenue"] == 50 + 30 + 20 - 5 - 9
    assert [(row["buyers"], row["revenue"]) for row in content.months] == [(2, 86.0)]
