"""Amounts in several currencies: summed where rates are known, said to be unknown elsewhere."""

from pathlib import Path
from typing import Any

import pytest

from carpel.specs import Definitions, Project, Source
from carpel.stages.base import Line
from carpel.stages.events import Events
from carpel.stages.identity import Identity
from carpel.stages.sources import Sources
from carpel.testing.line import line_with, read, take

ORDERS = """who,at,paid,unit
ann,2025-01-01,10,EUR
ann,2025-01-02,10,USD
bob,2025-01-03,10,
bob,2025-01-04,10,Euro
cyd,2025-01-05,10,CHF
cyd,2025-01-06,10,n/a
cyd,2025-01-07,10,Taler
"""
OTHERS = [(None, 10), (10, 10), (None, 10)]
TILL: dict[str, Any] = {
    "name": "till",
    "read": "orders.csv",
    "identifiers": {"login": "who"},
    "track": [
        {
            "event": "order_completed",
            "at": "at",
            "properties": {"amount": "paid", "currency": {"column": "unit"}},
        }
    ],
}
RATES: dict[str, Any] = {
    "name": "rates",
    "read": "rates.csv",
    "describes": {"currency": "code"},
    "properties": {"rate": "rate"},
}


def run(folder: Path, *specs: dict[str, Any]) -> Line:
    (folder / "orders.csv").write_text(ORDERS)
    (folder / "rates.csv").write_text("code,rate\nUSD,0.9\n")
    sources = {spec["name"]: Source.model_validate(spec) for spec in specs}
    definitions = Definitions(Project(name="trial", currency="EUR"), sources=sources)
    return take(line_with(folder, definitions=definitions), [Sources(), Identity(), Events()])


def amounts(line: Line) -> list[tuple[float | None, float]]:
    rows = sorted(read(line, "event_order_completed"), key=lambda row: row["at"])
    return [(row["amount"], row["original_amount"]) for row in rows]


def test_without_rates_only_the_projects_own_currency_counts(tmp_path: Path) -> None:
    line = run(tmp_path, TILL)
    assert amounts(line) == [(10, 10), (None, 10), (10, 10), (10, 10), *OTHERS]
    assert line.notes("events")["unconverted/order_completed"] == 3


def test_with_rates_those_that_have_one_are_converted(tmp_path: Path) -> None:
    line = run(tmp_path, TILL, RATES)
    assert amounts(line) == [
        (10, 10),
        (pytest.approx(9), 10),
        (10, 10),
        (10, 10),
        *OTHERS,
    ]
    assert line.notes("events")["unconverted/order_completed"] == 2
