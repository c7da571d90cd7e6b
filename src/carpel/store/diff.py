"""What is different between two builds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from carpel.engine.base import Engine
from carpel.engine.query import query
from carpel.store.builds import Build
from carpel.store.files import Files
from carpel.tables.segments import MEMBERS

if TYPE_CHECKING:
    from pyroaring import BitMap

Unit = Literal["customer", "account"]
SETS: Mapping[Unit, tuple[str, str]] = {
    "customer": ("memberships", f"part = '{MEMBERS}'"),
    "account": ("account_segments", "members IS NOT NULL"),
}
"""Where the sets of each unit are, and which rows hold the members."""


@dataclass(frozen=True)
class TableChange:
    """Rows of one table; None where the build has no such table."""

    table: str
    before: int | None
    after: int | None


@dataclass(frozen=True)
class SegmentChange:
    """People, or accounts, of one segment; None where the build has no such segment."""

    segment: str
    before: int | None
    after: int | None
    entered: int
    """Those that are in the second and not in the first."""
    left: int
    unit: Unit = "customer"


@dataclass(frozen=True)
class Difference:
    """Everything that differs, from the first build to the second; by name."""

    tables: Sequence[TableChange]
    segments: Sequence[SegmentChange]


def diff(engine: Engine, files: Files, first: Build, second: Build) -> Difference:
    """Compare two builds, both open: rows by table, sizes of segments, who came and who left.

    Tables made of the same files, and segments with the same people, are left out.
    """
    return Difference(
        _tables(engine, files, first, second), _segments(engine, files, first, second)
    )


def _tables(engine: Engine, files: Files, first: Build, second: Build) -> list[TableChange]:
    before, after = first.tables(), second.tables()
    return [
        TableChange(
            name, _rows(engine, files, before.get(name)), _rows(engine, files, after.get(name))
        )
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]


def _rows(engine: Engine, files: Files, names: Sequence[str] | None) -> int | None:
    if names is None:
        return None
    engine.bind("diff_table", [files.path(name) for name in names])
    return int(engine.value(query("SELECT count(*) FROM diff_table")))


def _segments(engine: Engine, files: Files, first: Build, second: Build) -> list[SegmentChange]:
    return [
        _change(name, unit, before.get(name), after.get(name))
        for unit in SETS
        for before, after in [[_sets(engine, files, each, unit) for each in (first, second)]]
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]


def _change(
    name: str, unit: Unit, before: "BitMap | None", after: "BitMap | None"
) -> SegmentChange:
    from pyroaring import BitMap

    was, now = before or BitMap(), after or BitMap()
    return SegmentChange(
        name,
        None if before is None else len(was),
        None if after is None else len(now),
        len(now - was),
        len(was - now),
        unit,
    )


def _sets(engine: Engine, files: Files, build: Build, unit: Unit) -> "dict[str, BitMap]":
    from pyroaring import BitMap

    name, kept = SETS[unit]
    files_ = build.tables().get(name, [])
    if not files_:
        return {}
    engine.bind("diff_table", [files.path(each) for each in files_])
    rows = engine.rows(
        query("SELECT segment, members FROM diff_table WHERE :kept", kept=query(kept))
    )
    return {segment: BitMap.deserialize(members) for segment, members in rows}
