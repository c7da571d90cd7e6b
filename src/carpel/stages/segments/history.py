"""Who entered and left since the parent build; what came before is carried along."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pyroaring import BitMap

from carpel.engine.query import query, table
from carpel.evaluation.memberships import selected, stored_sets
from carpel.evaluation.movements import EVERYBODY, FULL, Kind, Movement
from carpel.stages.base import Line, Output
from carpel.stages.rows import as_table
from carpel.stages.segments.causes import Causes
from carpel.stages.segments.past import WHOLE_EVERY, Count, past_files, sets_before

SMALL = 20
"""Segments that had fewer people than this jump by chance; no alarm for them."""


def depends(line: Line) -> dict[str, Any]:
    """The sets now and those they are told against."""
    return {"now": line.table_files("memberships"), "before": sets_before(line)}


def history(line: Line, out: Output) -> None:
    """Write movements; note segments that jumped, and where in its history the build stands."""
    count = Count.of(line).next(line)
    before, now = _sets_before(line), _sets(line)
    due = count.due(now)
    moves = list(_moves(line, count, before, now))
    whole = [Movement(name, count.moment, count.build, FULL, None, now[name]) for name in due]
    _carry(line, out)
    _write(line, out, [*moves, *whole])
    out.note("before", sets_before(line))
    out.note("past", past_files(line))
    out.note("history", asdict(count.stored(due)))
    if line.parent is not None:
        out.note("since", line.parent.build)
        limit = line.definitions.project.builds.most_segment_change
        out.note("suspicious", list(_suspicious(limit, before, moves)))


def _sets(line: Line, prefix: str = "") -> dict[str, BitMap]:
    everybody = query("SELECT customer FROM :t", t=table(f"{prefix}customers"))
    sets = stored_sets(line.engine, f"{prefix}memberships")
    return {**sets, EVERYBODY: selected(line.engine, everybody)}


def _sets_before(line: Line) -> dict[str, BitMap]:
    """Those of the parent; none when it kept no history."""
    if line.parent is None or not Count.of(line).build:
        return {}
    files = line.parent.tables()
    for name in ("memberships", "customers"):
        line.engine.bind(f"former_{name}", [line.files.path(each) for each in files[name]])
    sets = _sets(line, "former_")
    for name in ("memberships", "customers"):
        line.engine.drop(f"former_{name}")
    return sets


def _moves(
    line: Line, count: Count, before: Mapping[str, BitMap], now: Mapping[str, BitMap]
) -> Iterator[Movement]:
    """Who came and left, of the segments whose history is known; a new one only begins."""
    if line.parent is None:
        return
    causes = Causes(line, line.parent)
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


def _carry(line: Line, out: Output) -> None:
    """Take the parent's movements along; many small files become one."""
    files = line.parent.tables().get("movements", []) if line.parent else []
    if len(files) < WHOLE_EVERY:
        out.carry("movements", files)
        return
    line.engine.bind("movements", [line.files.path(name) for name in files])
    out.write("movements", query("SELECT * FROM movements ORDER BY segment, at, build, part"))


def _write(line: Line, out: Output, rows: list[Movement]) -> None:
    if rows:
        data = as_table("movements", (each.row() for each in rows))
        line.engine.register("fresh_movements", data)
        out.write("movements", query("SELECT * FROM fresh_movements"))
        line.engine.drop("fresh_movements")


def _suspicious(
    limit: float, before: Mapping[str, BitMap], moves: Iterable[Movement]
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
                f"segment {segment} had {old:,} people and would have {old + change:,} "
                "because of the data"
            )
