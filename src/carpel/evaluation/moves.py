"""Edits of one customer's events that bring a figure to a value, or nearer to it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil, floor
from typing import Any

from carpel.evaluation.candidates import candidates, verdicts
from carpel.evaluation.catalogue import Property
from carpel.evaluation.edited import Doings, Edit
from carpel.evaluation.person import Reading
from carpel.evaluation.samples import Samples
from carpel.evaluation.windows import TICK
from carpel.language import Aggregate, Did

SECOND = timedelta(seconds=1)
MOST_ADDED = 10_000
"""More events than that are no advice."""
Matching = Sequence[tuple[int, datetime, Any]]


class Moves:
    """What can be tried so that a clause about an event comes out as wanted."""

    def __init__(self, doings: Doings, leaf: Did, leaves: Sequence[Did]) -> None:
        self.doings, self.leaf = doings, leaf
        self.others = [each for each in leaves if each != leaf]
        self.tally = doings.tally(leaf)
        self.samples = Samples(doings, leaf)
        self.rows = self.samples.rows(self.others)
        self.taken: set[datetime] = set()

    def edits(
        self, reading: Reading, wanted: Callable[[bool | None], bool], edit: Edit
    ) -> Iterator[Edit]:
        """Edits beyond those made so far, the smallest change of the figure first."""
        matching = self.doings.matching(self.leaf, edit)
        self.taken = {row["at"] for row in edit.add}
        for target in self._targets(reading.value, wanted):
            yield from _REACH[self.leaf.aggregate](self, target, reading.value, matching)

    def _targets(self, now: Any, wanted: Callable[[bool | None], bool]) -> list[Any]:
        """Values of the figure with which the clause comes out as wanted, the nearest first."""
        kind = self.tally.kind
        edges = candidates(
            kind, [self.leaf.comparison], now, self.doings.catalogue.clock, self._occurring()
        )
        tried = [*self._passing(), *edges]
        held = verdicts(kind, [self.leaf.comparison], tried, self.doings.catalogue)
        return [value for value, (holds,) in zip(tried, held, strict=True) if wanted(holds)]

    def _occurring(self) -> list[Any]:
        if self.leaf.aggregate == "count":
            return [0]
        return self.samples.values() if self.tally.kind == "text" else []

    def _passing(self) -> list[Any]:
        """Where the clause filters by what it measures, only what passes can be had."""
        if self.leaf.property not in self.leaf.where or self.leaf.aggregate == "distinct":
            return []
        return self.samples.passing()

    def _moments(self, matching: Matching) -> list[datetime]:
        """Instants within the span: the latest, and those just outside the other clauses' spans.

        None at which something is added already: of two at one instant neither is the last.
        """
        span = self.tally.span
        others = [self.doings.tally(each).span for each in self.others]
        found = [
            span.end - TICK,
            *(each.start - SECOND for each in others if each.start),
            *(each.end for each in others),
        ]
        if matching:
            found.append(matching[0][1] - SECOND)
        found.append(span.start or found[-1] - SECOND)
        return [
            each
            for each in dict.fromkeys(map(self._free, found))
            if each < span.end and (span.start is None or each >= span.start)
        ]

    def _free(self, moment: datetime) -> datetime:
        while moment in self.taken:
            moment -= SECOND
        return moment

    def _added(self, matching: Matching, count: int, values: Sequence[Any] = ()) -> Iterator[Edit]:
        """Add events, of any sort that passes, at any moment; with these measured values."""
        if count > MOST_ADDED:
            return
        for sample in self.rows:
            rows = [self.samples.with_value(sample, value) for value in values] or [sample] * count
            fit = [row for row in rows if row is not None]
            if len(fit) == count:
                for moment in self._moments(matching):
                    yield Edit(tuple(self.samples.at(row, moment) for row in fit))

    def _one(self, value: Any, matching: Matching) -> Iterator[Edit]:
        """Add one event with this value of the measured property."""
        return self._added(matching, 1, [value])

    # ---- one method an aggregate ----

    def _count(self, target: int | None, now: int, matching: Matching) -> Iterator[Edit]:
        if target is None or target < 0:
            return
        if target > now:
            yield from self._added(matching, target - now)
        else:
            keys = [key for key, _, _ in matching]
            yield Edit(remove=tuple(keys[: now - target]))
            yield Edit(remove=tuple(keys[target:]))

    def _sum(self, target: float | None, now: float, matching: Matching) -> Iterator[Edit]:
        if target is None:
            return
        if target < now:
            yield from self._fewer(now - target, matching)
        for missing in self._whole(round(target - now, 6)):
            yield from self._one(missing, matching)
        yield from self._only(target, matching)

    def _fewer(self, surplus: float, matching: Matching) -> Iterator[Edit]:
        """Take the largest away until the sum has fallen by so much."""
        gone: list[int] = []
        for key, _, value in sorted(matching, key=lambda row: -(row[2] or 0)):
            if surplus <= 0 or not value or value < 0:
                break
            gone.append(key)
            surplus = round(surplus - float(value), 6)
        if surplus <= 0:
            yield Edit(remove=tuple(gone))

    def _whole(self, value: float) -> list[float]:
        """The value, or its neighbours where the property has no fractions."""
        if self._measured.kind != "integer":
            return [value]
        return list(dict.fromkeys([floor(value), ceil(value)]))

    @property
    def _measured(self) -> Property:
        return self.doings.property(self.leaf, str(self.leaf.property))

    def _avg(self, target: float | None, _now: float | None, matching: Matching) -> Iterator[Edit]:
        known = [float(value) for _, _, value in matching if value is not None]
        if target is None:
            yield _without(matching, lambda value: value is not None)
            return
        for value in self._whole(round(target * (len(known) + 1) - sum(known), 6)):
            yield from self._one(value, matching)
        yield from self._only(target, matching)

    def _only(self, target: Any, matching: Matching) -> Iterator[Edit]:
        """Take all away and add one."""
        gone = _without(matching, lambda value: value is not None)
        for value in self._whole(target) if isinstance(target, float) else [target]:
            for more in self._one(value, matching):
                yield gone.and_(more)

    def _extreme(self, target: Any, _now: Any, matching: Matching) -> Iterator[Edit]:
        """Take away what lies beyond the target; add one that has it."""
        upper = self.leaf.aggregate == "max"
        if target is None:
            yield _without(matching, lambda value: value is not None)
            return
        beyond = _without(
            matching,
            lambda value: value is not None and (value > target if upper else value < target),
        )
        for value in self._whole(target) if isinstance(target, float) else [target]:
            for more in self._one(value, matching):
                yield beyond.and_(more)
        if beyond.remove:
            yield beyond

    def _distinct(self, target: int | None, now: int, matching: Matching) -> Iterator[Edit]:
        if target is None or target < 0:
            return
        had = {value for _, _, value in matching} - {None}
        if target > now:
            fresh = [value for value in self._fresh() if value not in had][: target - now]
            if len(fresh) == target - now:
                yield from self._added(matching, len(fresh), fresh)
        else:
            gone = sorted(had, key=str)[: now - target]
            yield _without(matching, lambda value: value in gone)

    def _fresh(self) -> list[Any]:
        """Values that the property may have: those that occur, then made up."""
        found, known = self._measured, self.samples.values()
        if found.described_by or found.kind not in ("text", "integer", "number"):
            return known
        count = range(1, 100)
        return known + (
            [f"other {each}" for each in count]
            if found.kind == "text"
            else [each + max(known, default=0) for each in count]
        )

    def _end(self, target: Any, _now: Any, matching: Matching) -> Iterator[Edit]:
        """Add one before the first or after the last, or take away until another is there."""
        if target is not None:
            for value in self._whole(target) if isinstance(target, float) else [target]:
                yield from self._one(value, matching)
            yield from self._only(target, matching)
        yield _without(matching, lambda value: value is not None)


def _without(matching: Matching, gone: Callable[[Any], bool]) -> Edit:
    return Edit(remove=tuple(key for key, _, value in matching if gone(value)))


_REACH: Mapping[Aggregate, Callable[[Moves, Any, Any, Matching], Iterator[Edit]]] = {
    "count": Moves._count,
    "sum": Moves._sum,
    "avg": Moves._avg,
    "min": Moves._extreme,
    "max": Moves._extreme,
    "distinct": Moves._distinct,
    "first": Moves._end,
    "last": Moves._end,
}
