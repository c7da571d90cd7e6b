"""Corrected rows are people's data like the builds: erased with a person, kept by a backup."""

import json
from pathlib import Path

import pytest

from carpel.engine.duckdb import DuckDB
from carpel.store.archive import backup, restore
from carpel.store.corrections import corrected
from carpel.store.erasure import REPORT, erase
from carpel.store.store import Store

from .conftest import Ticking

pytestmark = pytest.mark.slow

ROWS = (
    {"_file": "crm.csv", "_row": "1", "mail": "in the place of a record of Ada's"},
    {"_file": "crm.csv", "_row": "7", "mail": "x@home.example", "phone": "+442079460001"},
    {"_file": "crm.csv", "_row": "8", "mail": "bob@else.example", "note": "line\u2028break"},
)


def reports(folder: Path) -> list[Path]:
    """Where the report stands, and where former versions wrote it."""
    return [folder.parent / REPORT, folder / "report.html"]


@pytest.fixture
def loaded(shop: Store) -> Store:
    file = shop.folder / "corrected" / "crm" / "000001.jsonl"
    file.parent.mkdir(parents=True)
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS)
    file.write_text("".join(lines), encoding="utf-8")
    for report in reports(shop.folder):
        report.write_text("Ada")
    return shop


def kept(folder: Path) -> list[object]:
    return [
        json.loads(line)
        for file in corrected(folder)
        for line in file.read_text(encoding="utf-8").split("\n")[:-1]
    ]


def test_corrected_rows_of_the_person_are_erased(loaded: Store, engine: DuckDB) -> None:
    erase(loaded, engine, 1)
    assert kept(loaded.folder) == [ROWS[2]]
    assert not any(report.exists() for report in reports(loaded.folder))


def test_a_file_without_rows_goes(loaded: Store, engine: DuckDB) -> None:
    (file,) = corrected(loaded.folder)
    file.write_text(json.dumps(ROWS[0]) + "\n")
    erase(loaded, engine, 1)
    assert not corrected(loaded.folder)


def test_a_backup_brings_them_back(
    loaded: Store, engine: DuckDB, clock: Ticking, tmp_path: Path
) -> None:
    archive = backup(loaded, tmp_path / "shop.zip")
    restore(archive, tmp_path / "elsewhere", engine, clock)
    assert kept(tmp_path / "elsewhere" / ".carpel") == list(ROWS)


def test_a_restored_backup_has_those_of_the_erased_erased_again(
    loaded: Store, engine: DuckDB, clock: Ticking, tmp_path: Path
) -> None:
    archive = backup(loaded, tmp_path / "shop.zip")
    erase(loaded, engine, 1)
    (file,) = corrected(loaded.folder)
    file.unlink()
    restore(archive, loaded.folder.parent, engine, clock)
    assert kept(loaded.folder) == [ROWS[2]]
