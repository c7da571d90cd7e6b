"""A file of exchange rates is no file of people: amounts are summed in the currency it tells."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from carpel.engine.duckdb import DuckDB
from carpel.inference import Proposal, propose

CLOCK = datetime(2026, 6, 1, tzinfo=UTC)
ORDERS = "order_id,date,email,total,currency\n" + "".join(
    f"{n},2026-01-{n % 27 + 1:02d},p{n % 9}@x.example,{n}.50,{('EUR', 'USD', 'GBP')[n % 3]}\n"
    for n in range(60)
)


def proposed(folder: Path, rates: str) -> Proposal:
    for name, text in (("orders", ORDERS), ("table", rates)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    paths = [folder / "orders.csv", folder / "table.csv"]
    return propose(paths, engine=DuckDB(), clock=CLOCK)


@pytest.mark.parametrize(
    ("head", "code", "rate"),
    [
        ("currency,rate", "currency", "rate"),
        ("Waehrung;Kurs", "Waehrung", "Kurs"),
        ("currency,exchange rate", "currency", "exchange rate"),
        ("devise,taux", "devise", "taux"),
    ],
)
def test_rates_describe_currencies(tmp_path: Path, head: str, code: str, rate: str) -> None:
    sep = ";" if ";" in head else ","
    rows = [("USD", "0.9"), ("GBP", "1.2"), ("EUR", "1")]
    found = proposed(tmp_path, "\n".join([head, *(sep.join(each) for each in rows)]) + "\n")
    orders, table = found.sources
    assert (orders.kind, table.kind) == ("orders", "rates")
    assert table.spec.describes == {"currency": code}
    assert {name: each.column for name, each in table.spec.properties.items()} == {"rate": rate}
    assert not table.spec.identifiers and not table.spec.traits
    assert found.project.currency == "EUR"


def test_the_currency_with_rate_1_is_the_projects(tmp_path: Path) -> None:
    found = proposed(tmp_path, "currency,rate\nUSD,1\nGBP,1.31\nEUR,1.1\n")
    assert found.project.currency == "USD"
    assert any("USD, which has rate 1" in note for note in found.sources[1].notes)


def test_several_rates_of_a_currency_are_said(tmp_path: Path) -> None:
    found = proposed(tmp_path, "currency,rate\nUSD,0.9\nUSD,0.91\nGBP,1.2\nGBP,1.21\nEUR,1\n")
    assert found.sources[1].kind == "rates"
    assert any("several rates" in note for note in found.sources[1].notes)


def test_one_rate_a_currency_is_not_several(tmp_path: Path) -> None:
    found = proposed(tmp_path, "currency,rate\nUSD,0.92\n")
    assert found.sources[1].kind == "rates"
    assert not any("several rates" in note for note in found.sources[1].notes)
