"""From money read to revenue: every step counted by hand, adding up to the cent."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from carpel import Project
from carpel.reports.content import gather
from carpel.verbs.reader import reading

pytestmark = pytest.mark.slow

NOW = datetime(2026, 3, 1, tzinfo=UTC)
HEAD = "no,who,day,state,cost,money,back\n"
STANDS = {"state": {"not_in": ["cancelled"]}}
ORDERS: dict[str, Any] = {
    "read": "orders.csv",
    "identifiers": {"crm_id": "who"},
    "track": [
        {"event": "order_completed", "at": "day", "when": STANDS,
         "properties": {"order_id": "no", "amount": "cost", "currency": "money"}},
        {"event": "order_cancelled", "at": "day", "when": {"state": "cancelled"},
         "properties": {"order_id": "no", "amount": "cost", "currency": "money"}},
        {"event": "product_returned", "at": "day", "when": {"back": {"ne": 0}, **STANDS},
         "properties": {"order_id": "no", "amount": "back", "currency": "money"}},
    ],
}  # fmt: skip
ROWS = """1,ann,2026-01-05,paid,100.10,EUR,0
2,bob,2026-01-06,paid,50,EUR,5.05
3,bob,2026-01-07,cancelled,30,EUR,0
4,eve,2026-01-08,paid,20,USD,0
5,eve,2024-01-08,paid,7,EUR,0
6,,2026-01-09,paid,3,EUR,0
"""
STEPS = {
    "Money read": 210.10,
    "Set aside": -3.0,
    "Orders cancelled or paid back": -30.0,
    "Other currencies, left out or converted": -20.0,
    "Returned and refunded": -5.05,
    "Before the last 365 days": -7.0,
    "Revenue of the last 365 days": 145.05,
}


def steps(folder: Path, rows: str, **files: Any) -> dict[str, float]:
    (folder / "sources").mkdir(parents=True)
    spec = {"name": "shop", "currency": "EUR", "as_of": "2026-03-01"}
    (folder / "carpel.yml").write_text(json.dumps(spec))
    for name, data in {"orders": ORDERS, **files}.items():
        (folder / f"sources/{name}.yml").write_text(json.dumps(data))
    (folder / "orders.csv").write_text(HEAD + rows)
    project = Project(folder, clock=lambda: NOW)
    project.run()
    with reading(project.session) as reader:
        found = gather(reader.engine, reader.definitions, reader.build).bridge
    assert found[-1].amount == pytest.approx(sum(each.amount for each in found[:-1]), abs=0.001)
    return {each.label: round(each.amount, 2) for each in found}


def test_cancelled_returned_abroad_aside_and_long_ago(tmp_path: Path) -> None:
    assert steps(tmp_path, ROWS) == STEPS


def test_lines_beside_their_orders_count_once(tmp_path: Path) -> None:
    lines = {
        "read": "lines.csv",
        "identifiers": {"crm_id": "who"},
        "track": [{"event": "product_purchased", "at": "day",
                   "properties": {"order_id": "no", "amount": "cost"}}],
    }  # fmt: skip
    (tmp_path / "lines.csv").write_text(
        "no,who,day,cost\n1,ann,2026-01-05,60\n1,ann,2026-01-05,40.1\n"
    )
    found = steps(tmp_path, ROWS, lines=lines)
    assert found["Money read"] == STEPS["Money read"] + 100.10
    assert found["Orders told of in two ways, counted once"] < 0
    assert found["Revenue of the last 365 days"] == STEPS["Revenue of the last 365 days"]
    assert "Not explained by these" not in found


def test_an_orders_discount_on_the_first_of_its_lines(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text(
        "no,who,day,cost,off\n1,ann,2026-01-05,60,10\n1,ann,2026-01-05,40,\n2,bob,2026-02-01,5,\n"
    )
    spec = {
        "read": "l.csv",
        "identifiers": {"crm_id": "who"},
        "track": [{"event": "product_purchased", "at": "day",
                   "properties": {"order_id": "no", "amount": "cost", "shared_discount": "off"}}],
    }  # fmt: skip
    assert steps(tmp_path, "", orders=spec) == {
        "Money read": 105.0,
        "Discounts of whole orders, spread over their lines": -10.0,
        "Revenue of the last 365 days": 95.0,
    }
