"""Rows that come as Python values, into the engine as text, a batch at a time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any
from uuid import uuid4

import pyarrow as pa

from carpel.engine.base import Engine
from carpel.engine.query import query, table
from carpel.reading.rows import FILE, ROW, Rows

BATCH = 50_000


def held(
    engine: Engine,
    shown: str,
    names: Sequence[str],
    numbered: Iterable[tuple[int, Sequence[str | None]]],
    renamed: Mapping[str, str] | None = None,
) -> Rows:
    """Keep rows (number, cells as text) in the engine."""
    name = f"rows_{uuid4().hex}"
    schema = pa.schema(
        [*((each, pa.string()) for each in names), (FILE, pa.string()), (ROW, pa.int64())]
    )
    batches = pa.Table.from_batches(_batches(shown, names, iter(numbered), schema), schema)
    engine.register(f"{name}_arriving", batches)
    engine.create(name, query("SELECT * FROM :t", t=table(f"{name}_arriving")))
    engine.drop(f"{name}_arriving")
    tree = query("SELECT * FROM :t", t=table(name))
    columns = dict.fromkeys(names, "VARCHAR")
    return Rows(tree, columns, (), (shown,), renamed or {})


def _batches(
    shown: str,
    names: Sequence[str],
    numbered: Iterator[tuple[int, Sequence[str | None]]],
    schema: pa.Schema,
) -> Iterator[pa.RecordBatch]:
    while some := list(islice(numbered, BATCH)):
        columns = list(zip(*(cells for _, cells in some), strict=True)) or [()] * len(names)
        yield pa.record_batch(
            [
                *(pa.array(each, pa.string()) for each in columns),
                pa.array([shown] * len(some), pa.string()),
                pa.array([row for row, _ in some], pa.int64()),
            ],
            schema=schema,
        )


def as_text(value: Any) -> str | None:
    """A value as a person would type it; whole numbers without a fraction, instants in ISO form."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return str(value.date()) if value.time() == time() else value.isoformat(" ")
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if isinstance(value, date | time | timedelta | int | float):
        return str(value)
    return str(value)
