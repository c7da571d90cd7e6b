"""Parquet files as tables of PostgreSQL: how each is called, and how several become one."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
from sqlglot import exp

from carpel.engine.postgres_tables import exchanged
from carpel.engine.query import Tree, name

LOADED = "file_"
"""How the names of tables that were loaded from files begin."""


def content_name(file: Path) -> str:
    """The name of a file's table: that of the file, which the store names by content, or a digest
    of its content where it has another."""
    stem = file.stem
    if not re.fullmatch(r"[0-9a-f]{32,56}", stem):
        with file.open("rb") as opened:
            stem = hashlib.file_digest(opened, "sha256").hexdigest()[:32]
    return f"{LOADED}{stem}"


def ready(batch: pa.RecordBatch, wanted: pa.Schema) -> pa.RecordBatch:
    """A batch as the driver takes it."""
    given = exchanged(wanted)
    cells = [
        column.cast(kind.type, safe=False).cast(driver.type)
        for column, kind, driver in zip(batch.columns, wanted, given, strict=True)
    ]
    return pa.RecordBatch.from_arrays(cells, schema=given)


def together(parts: Sequence[exp.Table], columns: Sequence[Mapping[str, str]]) -> Tree:
    """The rows of all tables, column by column by name; what one has not is unknown there.

    `columns` are the names and types of each table's.
    """
    every = dict(item for each in reversed(columns) for item in each.items())
    ordered = list(dict.fromkeys(key for each in columns for key in each))
    selects = [
        exp.select(
            *(
                exp.column(name(key))
                if key in own
                else exp.alias_(exp.cast(exp.null(), every[key], dialect="duckdb"), name(key))
                for key in ordered
            )
        ).from_(part)
        for part, own in zip(parts, columns, strict=True)
    ]
    return selects[0] if len(selects) == 1 else exp.union(*selects, distinct=False)
