"""A line to try a stage on: tables given as data, outputs read back as data."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from carpel.engine.duckdb import DuckDB
from carpel.engine.query import query, table
from carpel.specs import Definitions, Project
from carpel.stages.base import Line, Output, Stage
from carpel.store.builds import Made
from carpel.store.files import Files

CLOCK = datetime(2026, 3, 1, 12, tzinfo=UTC)


def line_with(
    folder: Path,
    tables: Mapping[str, pa.Table] | None = None,
    *,
    definitions: Definitions | None = None,
    as_of: datetime = CLOCK,
    clock: datetime = CLOCK,
) -> Line:
    """Give a line on which these tables were already written by earlier stages."""
    files = Files(folder / "files")
    line = Line(
        folder,
        definitions or Definitions(Project(name="trial")),
        DuckDB(),
        files,
        clock,
        as_of=as_of,
    )
    for name, data in (tables or {}).items():
        fresh = files.fresh()
        pq.write_table(data, fresh)
        line.parts[f"given/{name}"] = Made(name, {name: (files.keep(fresh),)})
    line.bind()
    return line


def entries(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> pa.Table:
    """Give `records` with these texts, one a row, under the names that `columns` maps them to."""
    count = len(rows)
    texts = {
        stated: pa.array([(row.get(name) or "").strip() or None for row in rows], pa.string())
        for name, stated in columns.items()
    }
    return pa.table(
        {
            "ref": pa.array(range(1, count + 1), pa.uint64()),
            "source": ["given"] * count,
            "file": ["given.csv"] * count,
            "row": list(range(1, count + 1)),
            "seen_at": pa.nulls(count, pa.timestamp("us")),
            "first_seen_at": pa.nulls(count, pa.timestamp("us")),
            **texts,
        }
    )


def take(line: Line, stages: Iterable[Stage]) -> Line:
    """Run stages on a line, one after the other."""
    for stage in stages:
        for part in stage.parts(line):
            output = Output(line)
            part.make(output)
            line.parts[part.name] = Made("", output.tables, output.notes)
            line.bind(output.tables)
    return line


def read(line: Line, name: str) -> list[dict[str, Any]]:
    """The rows of a table on a line."""
    rows: list[dict[str, Any]] = line.engine.fetch(
        query("SELECT * FROM :t", t=table(name))
    ).to_pylist()
    return rows
