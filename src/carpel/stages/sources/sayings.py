"""Everything a source says of each person, in order: in its files, and in the parent build."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pyarrow as pa

from carpel.engine.query import Tree, column, query, table
from carpel.reading import Rows
from carpel.reading.rows import inner
from carpel.specs import Source
from carpel.stages.base import Line
from carpel.stages.sources.former import former_files
from carpel.stages.sources.keys import hashed
from carpel.stages.sources.sorting import Sorted
from carpel.stages.sources.values_table import Values
from carpel.stages.sources.wanted import KINDS, actual

DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.]?)(\d\d)(?:\2(\d\d))?(?!\d)")
"""A day or a month in a file's name: `crm-2025-03-04.csv`, `crm_202503.csv`."""

_SAID = ("id_", "t_")


@dataclass(frozen=True)
class Sayings:
    """A table (whose, ref, file, row, nth, dated_at, seen_at, before, values by key).

    Rows with `before` are the parent build's; they go before what their file says now.
    """

    table: str
    keys: tuple[str, ...]
    """Keys of the values that may change."""
    before: frozenset[str]
    """Those that the parent build knows, in the same type."""


def sayings(line: Line, source: Source, rows: Rows, done: Sorted) -> Sayings | None:
    """What a source says of those it says one thing at a time of; None where nobody is steady."""
    whose = _steady(source, rows, done.values)
    if not whose:
        return None
    held, files = f"sayings_{source.name}", f"files_{source.name}"
    line.engine.register(files, _files(rows.files, line))
    said = [key for key in done.values.types if key.startswith(_SAID)]
    now = _now(done, said)
    told, then = _placed(now, whose, files), _then(line, source, whose, now)
    if then:
        former = _placed(_before(source, then, done.values), whose, files)
        told = query(
            "SELECT * FROM :now UNION ALL BY NAME SELECT * FROM :former",
            now=inner(told),
            former=inner(former),
        )
    line.engine.create(held, told if source.mode == "changes" else _single(told, said))
    return Sayings(held, tuple(key for key in said if key not in whose), frozenset(then))


def _steady(source: Source, rows: Rows, values: Values) -> list[str]:
    """What stays the same of who a row is about; nothing where each row is somebody else.

    The identifiers that the source's own key is made of; else those that are no address; else all.
    """
    ids = values.starting("id_")
    key = {actual(name, rows, source) for name in source.key}
    lasting = [each for each in ids if each.removeprefix("id_") not in KINDS]
    keyed = [each for each in ids if values.column(each) in key]
    return keyed or lasting or ids or (["ref"] if key else [])


def _files(files: Sequence[str], line: Line) -> pa.Table:
    days = [file_day(file) for file in files]
    at = [_midnight(day, line) if day and day <= line.clock.date() else None for day in days]
    return pa.table(
        {
            "file": pa.array(files, pa.string()),
            "nth": pa.array(range(1, len(files) + 1), pa.int64()),
            "dated_at": pa.array(at, pa.timestamp("us")),
        }
    )


def file_day(file: str) -> date | None:
    """The day that a file's name tells, the first of a month where it tells no more."""
    for year, _, month, day in reversed(DAY.findall(file)):
        try:
            return date(int(year), int(month), int(day or 1))
        except ValueError:
            continue
    return None


def _midnight(day: date, line: Line) -> datetime:
    local = datetime(day.year, day.month, day.day, tzinfo=line.zone)
    return local.astimezone(UTC).replace(tzinfo=None)


def _seen(values: Values) -> Tree:
    return column("seen_at") if "seen_at" in values.types else query("CAST(NULL AS TIMESTAMP)")


def _now(done: Sorted, said: Sequence[str]) -> Tree:
    return query(
        'SELECT ref, _file AS file, _row AS "row", :seen AS seen_at, false AS before, :said '
        "FROM :t WHERE _why IS NULL",
        seen=_seen(done.values),
        said=[column(each) for each in said],
        t=inner(done.tree),
    )


def _then(line: Line, source: Source, whose: Sequence[str], now: Tree) -> list[str]:
    """Keys of the values that the parent build has in the same type; none without `whose`."""
    files = former_files(line, source, "records")
    if not files:
        return []
    line.engine.bind(_former(source), files)
    kinds, known = line.engine.columns(now), line.engine.columns(_former(source))
    if not all(known.get(key) == kinds[key] for key in whose):
        return []
    return [key for key, kind in known.items() if kinds.get(key) == kind and key.startswith(_SAID)]


def _former(source: Source) -> str:
    return f"former_{source.name}"


def _before(source: Source, said: Sequence[str], values: Values) -> Tree:
    return query(
        'SELECT ref, file, "row", :seen AS seen_at, true AS before, :said FROM :t',
        seen=_seen(values),
        said=[column(each) for each in said],
        t=table(_former(source)),
    )


def text(key: str) -> Tree:
    """A value as text."""
    return query("CAST(:c AS VARCHAR)", c=column(key))


def _placed(told: Tree, whose: Sequence[str], files: str) -> Tree:
    """With who it is about and the place of its file; a file that is gone came before all."""
    return query(
        "SELECT s.*, coalesce(f.nth, 0) AS nth, f.dated_at, :whose AS whose "
        "FROM :told AS s LEFT JOIN :files AS f USING (file) WHERE :somebody",
        told=told,
        files=table(files),
        whose=hashed([query(":kind || :v", kind=f"{each}=", v=text(each)) for each in whose]),
        somebody=query("coalesce(NULL, :ids) IS NOT NULL", ids=[text(each) for each in whose]),
    )


def _single(told: Tree, said: Sequence[str]) -> Tree:
    """One saying a person and snapshot; who is said several things in one has no single state."""
    content = hashed([query("coalesce(:v, chr(30))", v=text(each)) for each in said])
    here = "PARTITION BY whose, file, before"
    return query(
        f"SELECT * EXCLUDE (content) FROM (SELECT *, :content AS content FROM :told AS t) "
        f"QUALIFY min(content) OVER ({here}) = max(content) OVER ({here}) "
        f'AND row_number() OVER ({here} ORDER BY "row") = 1',
        content=content,
        told=told,
    )
