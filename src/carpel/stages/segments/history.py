"""Who entered and left since the parent build; what came before is carried along."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pyroaring import BitMap

from carpel.engine.query import column, query, table
from carpel.evaluation.memberships import selected
from carpel.evaluation.movements import EVERYBODY, FULL, Kind, Movement
from carpel.stages.base import Line, Output
from carpel.stages.rows import as_table
from carpel.stages.segments.causes import AccountCauses, Causes
from carpel.stages.segments.past import PEOPLE, WHOLE_EVERY, Count, Unit, past_files, sets_before

SMALL = 20
"""Segments that had fewer people than this jump by chance; no alarm for them."""


def depends(line: Line, unit: Unit = PEOPLE) -> dict[str, Any]:
    """The sets now and those they are told against."""
    return {"now": line.table_files(unit.sets), "before": sets_before(line, unit)}


def history(line: Line, out: Output, unit: Unit = PEOPLE) -> None:
    """Write movements; note segments that jumped, and where in its history the build stands."""
    count = Count.of(line, unit).next(line)
    before, now = _sets_before(line, unit), _sets(line, unit)
    due = count.due(now)
    moves = list(_moves(line, count, before, now, unit))
    whole = [Movement(name, count.moment, count.build, FULL, None, now[name]) for name in due]
    _carry(line, out, unit)
    _write(line, out, [*moves, *whole], unit)
    out.note(f"{unit.prefix}before", sets_before(line, unit))
    out.note(f"{unit.prefix}past", past_files(line, unit))
    out.note(f"{unit.prefix}history", asdict(count.stored(due)))
    if line.parent is not None:
        out.note("since", line.parent.build)
        limit = line.definitions.project.builds.most_segment_change
        suspicious = list(_suspicious(limit, before, moves, unit.called))
        out.note(f"{unit.prefix}suspicious", suspicious)


def _sets(line: Line, unit: Unit, prefix: str = "") -> dict[str, BitMap]:
    """Those of every segment, and of everybody; none where there are no segments of accounts."""
    sets = unit.stored(line.engine, f"{prefix}{unit.sets}")
    if not sets and unit is not PEOPLE:
        return {}
    home = table(f"{prefix}{unit.everybody}")
    everybody = query("SELECT DISTINCT :key FROM :t", key=column(unit.key), t=home)
    return {**sets, EVERYBODY: selected(line.engine, everybody)}


def _sets_before(line: Line, unit: Unit) -> dict[str, BitMap]:
    """Those of the parent; none when it kept no history."""
    if line.parent is None or not Count.of(line, unit).build:
        return {}
    files = line.parent.tables()
    if not (files.get(unit.sets) and files.get(unit.everybody)):
        return {}
    for name in (unit.sets, unit.everybody):
        line.engine.bind(f"former_{name}", [line.files.path(each) for each in files[name]])
    sets = _sets(line, unit, "former_")
    for name in (unit.sets, unit.everybody):
        line.engine.drop(f"former_{name}")
    return sets


def _moves(
    line: Line, count: Count, before: Mapping[str, BitMap], now: Mapping[str, BitMap], unit: Unit
) -> Iterator[Movement]:
    """Who came and left, of the segments whose history is known; a new one only begins."""
    if line.parent is None:
        return
    causes = (Causes if unit is PEOPLE else AccountCauses)(line, line.parent)
    for segment in sorted({*before, *now} & count.whole.keys()):
        old, new = before.get(segment, BitMap()), now.get(segment, BitMap())
        yield from moved(causes, segment, old, new, count.moment, count.build)


def moved(
    causes: Causes, segment: str, before: BitMap, now: BitMap, at: datetime, build: int
) -> Iterator[Movement]:
    """The movements that take a segment from one set to another, each with its cause."""
    sides: tuple[tuple[Kind, BitMap], ...] = (("entered", now - before), ("left", before - now))
    for part, people in sides:
        for cause, each in causes.split(segment, people) if people else ():
            if each:
                yield Movement(segment, at, build, part, cause, each)


def _carry(line: Line, out: Output, unit: Unit) -> None:
    """Take the parent's movements along; many small files become one."""
    files = line.parent.tables().get(unit.movements, []) if line.parent else []
    if len(files) < WHOLE_EVERY:
        out.carry(unit.movements, files)
        return
    line.engine.bind("carried", [line.files.path(name) for name in files])
    out.write(unit.movements, query("SELECT * FROM carried ORDER BY segment, at, build, part"))
    line.engine.drop("carried")


def _write(line: Line, out: Output, rows: list[Movement], unit: Unit) -> None:
    if rows:
        data = as_table(unit.movements, (each.row() for each in rows))
        line.engine.register("fresh_movements", data)
        out.write(unit.movements, query("SELECT * FROM fresh_movements"))
        line.engine.drop("fresh_movements")


def _suspicious(
    limit: float, before: Mapping[str, BitMap], moves: Iterable[Movement], called: str
) -> Iterator[str]:
    """Segments that by the data alone lost, or multiplied, more of their people than allowed.

    The change is a share of the larger size: at 0.8, to less than a fifth, or to more than five
    times as many.
    """
    gained: dict[str, int] = {}
    for each in moves:
        if each.cause in ("data", "correction") and each.segment in before:
            change = len(each.members) if each.part == "entered" else -len(each.members)
            gained[each.segment] = gained.get(each.segment, 0) + change
    for segment, change in gained.items():
        old = len(before[segment])
        larger = max(old, old + change)
        if segment != EVERYBODY and old >= SMALL and abs(change) / larger > limit:
            yield (
                f"segment {segment} had {old:,} {called} and would have {old + change:,} "
                "because of the data"
            )
