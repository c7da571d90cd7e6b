"""Public files read against a table of what each column is, one row a column."""

import csv
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from carpel.engine.duckdb import DuckDB
from carpel.inference import SourceProposal, propose
from carpel.inference.reading import OWN
from carpel.inference.roles import roles

TABLES = sorted((Path(__file__).parent / "readings").glob("*.csv"))
KINDS = {
    "superstore.csv": "order_lines", "CDNOW_master.txt": "orders", "CDNOW_sample.txt": "orders",
    "hillstrom.csv": "people", "telco_churn.parquet": "people", "febrl3.csv": "contacts",
    "fake_1000.csv": "contacts", "cookie_cats.csv": "people", "mall_customers.csv": "people",
    "bfi.parquet": "people"}  # fmt: skip
NAMED = 0.9
CLOCK = datetime(2026, 1, 1, tzinfo=UTC)


def rows(table: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(table.read_text("utf-8").splitlines()))


def data(name: str) -> Path:
    folder = os.environ.get("CARPEL_DATA")
    if not folder:
        pytest.skip("CARPEL_DATA names no folder of public data")
    return Path(folder) / name


def read(name: str) -> SourceProposal:
    return propose([data(name)], engine=DuckDB(), clock=CLOCK).sources[0]


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_a_public_file_is_read_as_people_read_it(table: Path) -> None:
    source = read(table.stem)
    expected = {row["column"]: (row["role"], row["use"]) for row in rows(table)}
    found = {each.column: (each.role, each.use) for each in source.columns}
    assert found.keys() == expected.keys()
    known = {name: reading for name, reading in found.items() if reading[0] != "unknown"}
    assert known == {name: expected[name] for name in known}, "a column was read wrongly"
    assert len(known) >= NAMED * len(expected)
    assert source.kind == KINDS[table.stem]


def test_the_tables_name_roles_that_exist() -> None:
    said = {row["role"] for table in TABLES for row in rows(table)}
    assert said <= {*roles(), *OWN, "unknown"}


def test_nothing_in_the_code_names_a_file() -> None:
    import carpel.inference

    folder = Path(carpel.inference.__file__).parent
    text = "\n".join(
        path.read_text("utf-8").lower() for path in folder.glob("*.*") if path.is_file()
    )
    for table in TABLES:
        assert table.stem.split(".")[0].lower() not in text


def test_without_a_person_id_the_row_is_the_person_and_that_is_said() -> None:
    source = read("hillstrom.csv")
    assert not source.spec.identifiers
    assert any("each row is taken as one person" in note for note in source.notes)


def test_figures_of_a_person_wide_file_are_traits_not_events() -> None:
    source = read("hillstrom.csv")
    assert {"recency", "history", "spend", "visit", "urbanity"} <= source.spec.traits.keys()
    assert not source.spec.track
