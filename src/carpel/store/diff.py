"""What is different between two builds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from carpel.engine.base import Engine
from carpel.engine.query import query
from carpel.store.builds import Build
from carpel.store.files import Files
from carpel.tables.segments import MEMBERS

if TYPE_CHECKING:
    from pyroaring import BitMap


@dataclass(frozen=True)
class TableChange:
    """Rows of one table; None where the build has no such table."""

    table: str
    before: int | None
    after: int | None


@dataclass(frozen=True)
class SegmentChange:
    """People of one segment; None where the build has no such segment."""

    segment: str
    before: int | None
    after: int | None
    entered: int
    """People who are in the second and not in the first."""
    left: int


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
    before, after = _sets(engine, files, first), _sets(engine, files, second)
    return [
        _change(name, before.get(name), after.get(name))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]


def _change(name: str, before: "BitMap | None", after: "BitMap | None") -> SegmentChange:
    was, now = set(before or ()), set(after or ())
    return SegmentChange(
        name,
        None if before is None else len(was),
        None if after is None else len(now),
        len(now - was),
        len(was - now),
    )


def _sets(engine: Engine, files: Files, build: Build) -> "dict[str, BitMap]":
    from pyroaring import BitMap

    names = build.tables().get("memberships", [])
    if not names:
        return {}
    engine.bind("diff_table", [files.path(name) for name in names])
    rows = engine.rows(
        query("SELECT segment, members FROM diff_table WHERE part = :it", it=MEMBERS)
    )
    return {segment: BitMap.deserialize(members) for segment, members in rows}
