"""The default engine: DuckDB, embedded, offline."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
from sqlglot import exp

from carpel.engine.base import BadData
from carpel.engine.columns import nothing
from carpel.engine.meanings import written
from carpel.engine.query import Tree, query, table
from carpel.errors import StoreError

if TYPE_CHECKING:
    import pyarrow as pa

SETTINGS = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": True,
    "TimeZone": "UTC",
    "preserve_insertion_order": True,
    "enable_progress_bar": False,
    "parquet_metadata_cache": True,
}
ROW_GROUP = 122_880
"""Rows of a group in a file; so many `batches` hands over at a time."""
PARQUET = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP}"

ON_THE_WAY = {
    "Out of Memory Error": duckdb.OutOfMemoryException,
    "IO Error": duckdb.IOException,
}
"""What DuckDB calls it while rows are on their way, and what it raises before."""


class DuckDB:
    """DuckDB behind the engine's verbs; spills to `scratch` when memory runs short.

    `memory` is a size, or a part of what the machine or its container has.
    """

    dialect = "duckdb"

    def __init__(
        self,
        scratch: Path | None = None,
        *,
        memory: str = "40%",
        threads: int = 2,
        _connection: duckdb.DuckDBPyConnection | None = None,
    ) -> None:
        self.connection = _connection or duckdb.connect(":memory:")
        if _connection is None:
            settings = {**SETTINGS, "memory_limit": memory, "threads": threads}
            if scratch is not None:
                settings["temp_directory"] = str(scratch)
            for key, setting in settings.items():
                self.connection.execute(f"SET {key} = ?", [setting])

    def text(self, tree: Tree, *, pretty: bool = False) -> str:
        return written(tree, "duckdb", pretty=pretty)

    def bind(self, name: str, files: Sequence[Path]) -> None:
        self.connection.execute(
            f"CREATE OR REPLACE VIEW {self.text(table(name))} AS {self.text(stored(name, files))}"
        )

    def register(self, name: str, data: "pa.Table") -> None:
        self.connection.register(name, data)

    def create(self, name: str, tree: Tree) -> None:
        with _bad_data():
            self.connection.execute(
                f"CREATE OR REPLACE TEMP TABLE {self.text(table(name))} AS {self.text(tree)}"
            )

    def drop(self, name: str) -> None:
        quoted = self.text(table(name))
        self.connection.unregister(name)
        self.connection.execute(f"DROP TABLE IF EXISTS temp.{quoted}")
        self.connection.execute(f"DROP VIEW IF EXISTS {quoted}")

    def tables(self) -> list[str]:
        return [
            str(row[0])
            for row in self.rows(query("SELECT DISTINCT table_name FROM information_schema.tables"))
        ]

    def columns(self, tree_or_name: Tree | str) -> dict[str, str]:
        tree = (
            query("SELECT * FROM :t", t=table(tree_or_name))
            if isinstance(tree_or_name, str)
            else tree_or_name
        )
        with _bad_data():
            described = self.connection.execute(f"DESCRIBE {self.text(tree)}").fetchall()
        return {row[0]: row[1] for row in described}

    def fetch(self, tree: Tree) -> "pa.Table":
        with _disk():
            return self.connection.sql(self.text(tree)).to_arrow_table()

    def batches(self, tree: Tree) -> "pa.RecordBatchReader":
        import pyarrow as pa

        with _disk():
            reader = self.connection.sql(self.text(tree)).to_arrow_reader(ROW_GROUP)
        return pa.RecordBatchReader.from_batches(reader.schema, _as_they_come(reader))

    def rows(self, tree: Tree) -> list[tuple[Any, ...]]:
        with _disk():
            return self.connection.execute(self.text(tree)).fetchall()

    def value(self, tree: Tree) -> Any:
        rows = self.rows(tree)
        return rows[0][0] if rows else None

    def write(self, tree: Tree, path: Path) -> int:
        target = exp.Literal.string(str(path)).sql(dialect="duckdb")
        with _disk():
            done = self.connection.execute(f"COPY ({self.text(tree)}) TO {target} ({PARQUET})")
            rows = done.fetchall()
        return int(rows[0][0]) if rows else 0

    def handle(self) -> duckdb.DuckDBPyConnection:
        return self.connection

    def session(self) -> "DuckDB":
        return DuckDB(_connection=self.connection.cursor())

    def close(self) -> None:
        self.connection.close()


@contextmanager
def _bad_data() -> Iterator[None]:
    try:
        with _room():
            yield
    except (duckdb.InvalidInputException, duckdb.IOException) as error:
        if "No space left" in str(error):
            raise
        raise BadData(str(error)) from error


@contextmanager
def _disk() -> Iterator[None]:
    """Say what to do when there is no room left to write or to spill to."""
    try:
        with _room():
            yield
    except duckdb.IOException as error:
        if "Could not write file" not in str(error):
            raise
        raise StoreError(
            "Cannot store what was computed: the disk is full.",
            action="Free some space and run again; the former build is still current.",
        ) from error


def _as_they_come(reader: "pa.RecordBatchReader") -> Iterator["pa.RecordBatch"]:
    """Its batches; what fails on the way is told as it is everywhere else."""
    with _disk():
        try:
            yield from reader
        except OSError as error:  # Arrow's word for whatever DuckDB could not do
            kind = next((k for said, k in ON_THE_WAY.items() if str(error).startswith(said)), None)
            raise (kind or duckdb.Error)(str(error)) from error


@contextmanager
def _room() -> Iterator[None]:
    """Say what to do when there is not enough memory, nor room on the disk in its place."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise StoreError(
            "There is not enough memory for this, nor room on the disk in its place.",
            action="Close other programs, free some space, or take a machine with more memory, and "
            "run again; the former build is still current.",
        ) from error


def stored(name: str, files: Sequence[Path]) -> Tree:
    """The rows of a table that stands in these Parquet files; no rows where there is no file."""
    if not files:
        return nothing(name)
    listed = exp.array(*(exp.Literal.string(str(file)) for file in files))
    return query("SELECT * FROM read_parquet(:files, union_by_name = true)", files=listed)
