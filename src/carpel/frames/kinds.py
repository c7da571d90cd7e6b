"""The kinds of tables that people have at hand, to Arrow and back."""

from typing import Any

import narwhals as nw
import pyarrow as pa

from carpel.errors import CarpelError


def framed(data: Any) -> Any:
    """A table of any kind behind one face; raises CarpelError for what is none."""
    try:
        return nw.from_native(data)
    except TypeError:
        raise CarpelError(
            f"This is no table: {type(data).__name__}.",
            action="Give a pandas, Polars, Arrow or DuckDB table.",
        ) from None


def arrow(frame: Any) -> pa.Table:
    """A frame of any kind as an Arrow table."""
    eager = frame.collect("pyarrow") if isinstance(frame, nw.LazyFrame) else frame
    return eager.to_arrow()


def like(frame: Any, found: pa.Table) -> Any:
    """An Arrow table as the kind of table that was given."""
    if frame.implementation is nw.Implementation.DUCKDB:
        import duckdb

        return duckdb.from_arrow(found)
    eager = nw.from_arrow(found, backend=frame.implementation)
    return (eager.lazy() if isinstance(frame, nw.LazyFrame) else eager).to_native()
