"""Rows of Python as a table with the columns that its contract names."""

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from carpel.tables import TABLES

KINDS: Mapping[str, pa.DataType] = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "BLOB": pa.binary(),
    "VARCHAR[]": pa.list_(pa.string()),
}
"""Arrow's kind of the engine's types."""


def as_table(name: str, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """The rows as the table `name`; a key its contract does not name is left out."""
    schema = pa.schema([(key, KINDS[kind]) for key, kind in TABLES[name].columns.items()])
    return pa.Table.from_pylist(list(rows), schema=schema)
