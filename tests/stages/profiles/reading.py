"""Reading profiles back the way the list of traits says."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from carpel.engine.query import aliased, query, table
from carpel.specs import Definitions, Project
from carpel.stages.profiles import Profiles
from carpel.testing.line import Line, line_with, read, take

Row = dict[str, Any]


def utc(*parts: int) -> datetime:
    """An instant as tables store it."""
    return datetime(*parts, tzinfo=UTC).replace(tzinfo=None)  # type: ignore[arg-type,misc]


def ago(**span: float) -> datetime:
    """So long before NOON."""
    return NOON - timedelta(**span)


NOON = utc(2026, 3, 1, 12)
AS_OF = NOON.replace(tzinfo=UTC)


def values(line: Line, moment: datetime | None = None) -> dict[int, Row]:
    """Every trait of everybody, expressions for the build's moment or another."""
    people: dict[int, Row] = {row["customer"]: {} for row in read(line, "customers")}
    for home in ("profiles", "contacts"):
        cells = [
            aliased(query(row["expression"], as_of=moment or line.moment), row["trait"])
            for row in read(line, "traits")
            if row["table"] == home
        ]
        if cells:
            tree = query("SELECT customer, :cells FROM :t AS t", cells=cells, t=table(home))
            for row in line.engine.fetch(tree).to_pylist():
                people[row.pop("customer")].update(row)
    return people


def traits(line: Line) -> dict[str, Row]:
    """The rows of the list of traits, by name."""
    return {row["trait"]: row for row in read(line, "traits")}


def profiled(
    folder: Path,
    tables: Mapping[str, Sequence[Row]],
    *,
    as_of: datetime = AS_OF,
    people: int = 3,
    definitions: Definitions | None = None,
    **project: Any,
) -> Line:
    """A line on which profiles were made from these rows."""
    customers = [
        {"customer": key, "known_since": utc(2020, 1, 1), "records": 1}
        for key in range(1, people + 1)
    ]
    given = {
        name: pa.Table.from_pylist(list(rows))
        for name, rows in {"customers": customers, **tables}.items()
    }
    said = definitions or Definitions(Project(name="trial", **project))
    return take(line_with(folder, given, definitions=said, as_of=as_of), [Profiles()])


def happened(customer: int, at: datetime, **properties: Any) -> Row:
    """One event, its zone UTC."""
    return {
        "customer": customer,
        "event_key": hash((customer, at, str(properties))) % 2**63,
        "at": at,
        "local_date": at.date(),
        "local_hour": at.hour,
        "loaded_at": at,
        "source": "s",
        **properties,
    }
