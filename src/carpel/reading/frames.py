"""Rows of a data frame that somebody hands in: pandas, Polars, Arrow, DuckDB."""

import hashlib
from typing import Any
from uuid import uuid4

import pyarrow as pa

from carpel.engine.base import Engine
from carpel.engine.query import query, table
from carpel.errors import SourceError
from carpel.reading.rows import ROW, Rows, distinct_names


def arrow(data: Any) -> pa.Table:
    """Any data frame as an Arrow table; SourceError for what is none."""
    import narwhals as nw

    if isinstance(data, pa.Table):
        return data
    try:
        lazy_or_eager = nw.from_native(data)
    except TypeError as error:
        raise SourceError(
            f"{type(data).__name__} is no data frame that can be read.",
            action="Hand in pandas, Polars, Arrow or DuckDB.",
        ) from error
    eager = lazy_or_eager.collect() if isinstance(lazy_or_eager, nw.LazyFrame) else lazy_or_eager
    return eager.to_arrow()


def frame(data: Any, shown: str, engine: Engine) -> Rows:
    """The rows of a data frame, columns in their own types."""
    name = f"frame_{uuid4().hex}"
    found = arrow(data)
    names = distinct_names(found.column_names)
    numbers = pa.array(range(1, found.num_rows + 1), pa.int64())
    engine.register(name, found.rename_columns(names).append_column(ROW, numbers))
    tree = query("SELECT *, :shown AS _file FROM :t", shown=shown, t=table(name))
    columns = {each: kind for each, kind in engine.columns(name).items() if each != ROW}
    return Rows(tree, columns, (), (shown,))


def fingerprint(data: Any) -> str:
    """Fingerprint of a data frame's columns and values."""
    found, sink = arrow(data), hashlib.sha256()
    for batch in found.combine_chunks().to_batches():
        sink.update(batch.serialize())
    return sink.hexdigest() + str(found.schema)
