"""Membership as history: who was in a segment at any moment, who came and left, and why."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import groupby

from pyroaring import BitMap

from carpel.engine.base import Engine
from carpel.engine.query import query, table
from carpel.evaluation.migration import Migration, migration
from carpel.evaluation.movements import EVERYBODY, FULL, Movement, movements, sizes, stored

Spell = tuple[datetime | None, datetime | None]
"""From when until when somebody was in: None as the first when they were in already when history
begins, None as the second while they still are."""


@dataclass(frozen=True)
class _Step:
    """What one build changed: the whole set where it is stored, and who moved."""

    at: datetime
    whole: BitMap | None
    moves: Sequence[Movement] = field(default_factory=tuple)

    def after(self, before: BitMap) -> BitMap:
        if self.whole is not None:
            return self.whole
        return (before - self.moved("left")) | self.moved("entered")

    def moved(self, part: str) -> BitMap:
        return BitMap.union(BitMap(), *(each.members for each in self.moves if each.part == part))


class History:
    """The movements of one build and of all before it, read as far as they are asked for.

    Moments are UTC, with a zone or without. What a segment was before it `began` is not known:
    nobody is said to have been in then. Sets that are handed out belong to whoever asked.
    """

    def __init__(self, engine: Engine, name: str = "movements") -> None:
        self._engine, self._name = engine, name
        self._read: dict[str, list[_Step]] = {}

    def segments(self) -> list[str]:
        """Everything whose history is known, dropped segments too; places as `rfm.champions`."""
        rows = self._engine.rows(
            query("SELECT DISTINCT segment FROM :t ORDER BY segment", t=table(self._name))
        )
        return [name for (name,) in rows if name != EVERYBODY]

    def began(self, segment: str) -> datetime | None:
        """The first moment of which it is known who is in; None for a segment never seen."""
        return self._beginnings.get(segment)

    @cached_property
    def _beginnings(self) -> dict[str, datetime]:
        rows = query("SELECT segment, min(at) FROM :t GROUP BY segment", t=table(self._name))
        return dict(self._engine.rows(rows))

    def members_at(self, segment: str, moment: datetime) -> BitMap:
        """Who was in by the last build up to the moment; nobody before the segment began."""
        steps = self._until(segment, moment)
        start = max((i for i, each in enumerate(steps) if each.whole is not None), default=0)
        members = BitMap()
        for step in steps[start:]:
            members = step.after(members)
        return members.copy()

    def members_then(self, segment: str, moment: datetime, otherwise: BitMap) -> BitMap:
        """Who was in at a moment; `otherwise`, where the segment began later."""
        began = self.began(segment)
        known = began is not None and began <= stored(moment)
        return self.members_at(segment, moment) if known else otherwise

    def entered(self, segment: str, start: datetime, end: datetime) -> BitMap:
        """Whoever entered after `start` and not after `end`, those who left again too."""
        return self._moved("entered", segment, start, end)

    def left(self, segment: str, start: datetime, end: datetime) -> BitMap:
        """Whoever left after `start` and not after `end`, those who came back too."""
        return self._moved("left", segment, start, end)

    def moves(self, segment: str, start: datetime, end: datetime) -> list[Movement]:
        """Everything that moved people after `start` and not after `end`, with its cause."""
        return [each for step in self._between(segment, start, end) for each in step.moves]

    def sizes(self, segment: str) -> list[tuple[datetime, int]]:
        """How many were in from a moment on: when it began and each time that this changed."""
        found: dict[datetime, int] = {}
        people = 0
        for (at, _), rows in groupby(sizes(self._engine, segment, self._name), key=_of_one_build):
            counts = {part: count for _, _, part, count in rows}
            moved = counts.get("entered", 0) - counts.get("left", 0)
            people = counts.get(FULL, people + moved)
            found[at] = people
        steps = list(found.items())
        return [each for n, each in enumerate(steps) if n == 0 or steps[n - 1][1] != each[1]]

    def throughout(self, segment: str, start: datetime, end: datetime) -> BitMap:
        """Whoever was in at `start` and did not leave until `end`; nobody when it began later."""
        return self.members_at(segment, start) - self.left(segment, start, end)

    def spell(self, segment: str, customer: int) -> list[Spell]:
        """When one person was in: the oldest spell first, none overlapping."""
        return list(self._spells(segment, customer))

    def migration(self, places: list[str], d1: datetime, d2: datetime) -> Migration:
        """How many went from each of these places at `d1` to each at `d2`."""
        return migration(
            {each: (self.members_at(each, d1), self.members_at(each, d2)) for each in places},
            self.members_at(EVERYBODY, d1),
            self.members_at(EVERYBODY, d2),
        )

    def _spells(self, segment: str, customer: int) -> Iterator[Spell]:
        since: datetime | None = None
        inside = False
        members = BitMap()
        for number, step in enumerate(self._steps(segment)):
            members = step.after(members)
            if inside and customer not in members:
                yield since, step.at
            elif not inside and customer in members:
                since = step.at if number else None
            inside = customer in members
        if inside:
            yield since, None

    def _moved(self, part: str, segment: str, start: datetime, end: datetime) -> BitMap:
        steps = self._between(segment, start, end)
        return BitMap.union(BitMap(), *(step.moved(part) for step in steps))

    def _between(self, segment: str, start: datetime, end: datetime) -> list[_Step]:
        return self._until(segment, end)[len(self._until(segment, start)) :]

    def _until(self, segment: str, moment: datetime) -> list[_Step]:
        steps = self._steps(segment)
        return steps[: bisect_right(steps, stored(moment), key=lambda step: step.at)]

    def _steps(self, segment: str) -> list[_Step]:
        if segment not in self._read:
            rows = movements(self._engine, segment, self._name)
            self._read[segment] = [
                _step(at, list(of_one))
                for (at, _), of_one in groupby(rows, key=lambda each: (each.at, each.build))
            ]
        return self._read[segment]


def _step(at: datetime, rows: Sequence[Movement]) -> _Step:
    wholes = [each.members for each in rows if each.part == FULL]
    moves = tuple(each for each in rows if each.part != FULL)
    return _Step(at, wholes[-1] if wholes else None, moves)


def _of_one_build(row: tuple[datetime, int, str, int]) -> tuple[datetime, int]:
    return row[:2]
