"""Who entered and left since the parent build."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pyroaring import BitMap

from carpel.evaluation.memberships import stored_sets
from carpel.stages.base import Line, Output
from carpel.stages.segments.causes import Causes
from carpel.stages.segments.sets import row, write

SMALL = 20
"""Segments that had fewer people than this jump by chance; no alarm for them."""
Move = tuple[str, str, BitMap, str]
"""Segment, `entered` or `left`, who, and why."""


def depends(line: Line) -> dict[str, Any]:
    """The sets now and those they are told against."""
    return {"now": line.table_files("memberships"), "before": _before(line)}


def _before(line: Line) -> list[str]:
    """Files of the parent's sets; when nothing has changed since, of its own parent's.

    Then no build is published, and what the parent says of its own past stays right.
    """
    if line.parent is None:
        return []
    if all(line.parent.parts.get(name) == made for name, made in line.parts.items()):
        return list(line.parent.notes("segments").get("before", []))
    return line.parent.tables().get("memberships", [])


def history(line: Line, out: Output) -> None:
    """Write the parts `entered` and `left` of memberships; note segments that jumped."""
    out.note("before", _before(line))
    if line.parent is None:
        return
    out.note("since", line.parent.build)
    line.engine.bind("former", [line.files.path(name) for name in _before(line)])
    before, now = stored_sets(line.engine, "former"), stored_sets(line.engine)
    moves = list(_moves(Causes(line, line.parent), before, now))
    line.engine.drop("former")
    write(line, out, (row(*move) for move in moves))
    limit = line.definitions.project.builds.most_segment_change
    out.note("suspicious", list(_suspicious(limit, before, moves)))


def _moves(
    causes: Causes, before: Mapping[str, BitMap], now: Mapping[str, BitMap]
) -> Iterator[Move]:
    for segment in sorted({*before, *now}):
        old, new = before.get(segment, BitMap()), now.get(segment, BitMap())
        for part, moved in (("entered", new - old), ("left", old - new)):
            yield from (
                (segment, part, people, cause)
                for cause, people in (causes.split(segment, moved) if moved else ())
                if people
            )


def _suspicious(limit: float, before: Mapping[str, BitMap], moves: Iterable[Move]) -> Iterator[str]:
    """Segments that by the data alone lost, or multiplied, more of their people than allowed.

    The change is a share of the larger size: at 0.8, to less than a fifth, or to more than five
    times as many.
    """
    gained: dict[str, int] = {}
    for segment, part, people, cause in moves:
        if cause in ("data", "correction") and segment in before:
            change = len(people) if part == "entered" else -len(people)
            gained[segment] = gained.get(segment, 0) + change
    for segment, change in gained.items():
        old = len(before[segment])
        larger = max(old, old + change)
        if old >= SMALL and abs(change) / larger > limit:
            yield (
                f"segment {segment} had {old:,} people and would have {old + change:,} "
                "because of the data"
            )
