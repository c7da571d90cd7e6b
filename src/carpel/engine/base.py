"""What an engine does for the rest of Carpel, whichever it is."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from carpel.engine.query import Tree


class BadData(Exception):  # noqa: N818 - says what is the case
    """A file that does not read as it should: damaged, or not in the form it was said to be."""


class Engine(Protocol):
    """Runs query trees over named tables. Not shared between threads: take a `session` each."""

    dialect: str

    def text(self, tree: Tree, *, pretty: bool = False) -> str:
        """The query as this engine reads it, every function in Carpel's own meaning."""

    def bind(self, name: str, files: Sequence[Path]) -> None:
        """Make the rows of these Parquet files readable under a table's name."""

    def register(self, name: str, data: pa.Table) -> None:
        """Make an Arrow table readable under a name."""

    def create(self, name: str, tree: Tree) -> None:
        """Compute a table once and keep it under a name until the engine closes."""

    def drop(self, name: str) -> None:
        """Forget a name, if it is there."""

    def tables(self) -> list[str]:
        """Names of all tables that can be read."""

    def columns(self, tree_or_name: Tree | str) -> dict[str, str]:
        """Column names and types of a table or a query, in order."""

    def fetch(self, tree: Tree) -> pa.Table:
        """Run a query and hand back all its rows."""

    def batches(self, tree: Tree) -> pa.RecordBatchReader:
        """Run a query and hand over its rows as they are made; ask nothing else until all came."""

    def rows(self, tree: Tree) -> list[tuple[Any, ...]]:
        """Run a query whose answer is small, as Python tuples."""

    def value(self, tree: Tree) -> Any:
        """Run a query whose answer is one cell; None when there is no row."""

    def write(self, tree: Tree, path: Path) -> int:
        """Run a query into one Parquet file; gives the number of rows."""

    def handle(self) -> Any:
        """The driver's own connection, for a library that speaks to it (Splink) and no one else."""

    def session(self) -> "Engine":
        """Another connection to the same tables, for another thread."""

    def close(self) -> None:
        """Give everything back."""


class Fetching:
    """Rows and single values of an engine whose answers are Arrow tables."""

    def fetch(self, tree: Tree) -> pa.Table:
        raise NotImplementedError

    def batches(self, tree: Tree) -> pa.RecordBatchReader:
        return self.fetch(tree).to_reader()

    def rows(self, tree: Tree) -> list[tuple[Any, ...]]:
        columns = [each.to_pylist() for each in self.fetch(tree).columns]
        return list(zip(*columns, strict=True))

    def value(self, tree: Tree) -> Any:
        rows = self.rows(tree)
        return rows[0][0] if rows else None
