"""An engine by what a project says of it."""

from collections.abc import Mapping
from pathlib import Path

from carpel.engine.abilities import Kind
from carpel.engine.base import Engine


def open_engine(
    kind: Kind,
    url: str | None = None,
    tables: Mapping[str, str] | None = None,
    *,
    scratch: Path | None = None,
) -> Engine:
    """Open an engine; close it afterwards. `url` may hold secrets already filled in.

    Raises MissingExtra or EngineError when it cannot be used here.
    """
    if kind == "postgres":
        from carpel.engine.postgres import Postgres

        return Postgres(str(url), tables)
    if kind == "spark":
        from carpel.engine.spark import LOCAL, Spark

        return Spark(url or LOCAL, tables, scratch=scratch)
    from carpel.engine.duckdb import DuckDB

    return DuckDB(scratch)
