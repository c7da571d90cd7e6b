"""Past moments, looked at again: by what was known then, or by all that is known now."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property

import pyarrow as pa
from pyroaring import BitMap

from carpel import pipeline
from carpel.engine.query import Tree, query, table
from carpel.evaluation.bitmaps import to_keys
from carpel.evaluation.history import History
from carpel.evaluation.memberships import selected, stored_sets
from carpel.evaluation.movements import EVERYBODY, stored
from carpel.stages.base import Line, Part, Stage
from carpel.stages.predictions import Predictions
from carpel.stages.profiles import Profiles, as_known
from carpel.stages.segments import Segments
from carpel.stages.segments.causes import Causes
from carpel.stages.segments.rules import fingerprints
from carpel.store.builds import Build, Builds, Made

MADE_ANEW = ("profiles", "predictions", "segments", "reach", "goals")
"""Stages whose tables depend on the moment, beyond what was read."""
WENT = ("started_at", "cancelled_at", "paused_at")
"""What somebody did with a contract; that it ran out is time's doing."""


class _Members(Segments):
    """Of the stage `segments` only who is where: figures of past moments are not kept."""

    def parts(self, line: Line) -> Iterable[Part]:
        for part in super().parts(line):
            yield part
            if part.name == "segments/members":
                return


STAGES: tuple[Stage, ...] = (Profiles(), Predictions(as_known), _Members())


def chain(builds: Builds) -> Iterator[Build]:
    """The current build, its parent and so on, as far back as they are kept."""
    kept, build = set(builds.names()), builds.current()
    while build is not None:
        yield build
        build = builds.read(build.parent) if build.parent in kept else None


def known_by(build: Build) -> datetime:
    """When a build began: whatever it read was known by then; UTC without a zone."""
    told = build.about.get("began_at")
    return stored(datetime.fromisoformat(told) if told else build.made_at)


class Moments:
    """Evaluates the project's rules at past moments, over tables that builds keep.

    Either over the current build's, with everybody it knows to have been there; or over those of
    the newest build that had begun by then, and before any that is kept, over what the oldest
    had loaded by then. Contacts, and whatever else has no date, are as that build has them.
    """

    def __init__(
        self, line: Line, kept: Sequence[Build], history: History, *, as_known_now: bool
    ) -> None:
        self._template, self._kept, self._history = line, kept, history
        self._as_known_now = as_known_now
        self._shadows: set[str] = set()

    def line(self, moment: datetime, movements: Sequence[str]) -> Line:
        """A line as far as it was known, tables bound; `movements` are those up to the moment."""
        base = self._base(moment)
        parts = {
            name: made
            for name, made in base.parts.items()
            if name.partition("/")[0] not in MADE_ANEW
        }
        before = Made("", {"movements": tuple(movements)}, {"past": list(movements)})
        parent = replace(base, parts={**base.parts, "segments/history": before})
        line = replace(self._template, as_of=moment.replace(tzinfo=UTC), parent=parent, parts=parts)
        self._narrow(line, base)
        return line

    def sets(self, line: Line) -> dict[str, BitMap]:
        """Who is in each segment and place, and everybody, at the line's moment."""
        pipeline.run(line, STAGES)
        everybody = selected(line.engine, query("SELECT customer FROM customers"))
        return {**stored_sets(line.engine), EVERYBODY: everybody}

    def causes(self, line: Line, previous: datetime) -> Causes:
        """Why people moved between the moment before and the line's; no rule changed between."""
        base = self._base(previous)
        said = Made("", notes={"definitions": fingerprints(line.definitions)})
        parts = {**base.parts, "segments/said": said}
        return _Dated(line, replace(base, as_of=previous.replace(tzinfo=UTC), parts=parts))

    def _base(self, moment: datetime) -> Build:
        if self._as_known_now:
            return self._kept[0]
        begun = (build for build in self._kept if known_by(build) <= moment)
        return next(begun, self._kept[-1])

    def _narrow(self, line: Line, base: Build) -> None:
        """Bind the tables, without what was not there, or not yet known, at the moment."""
        for name in self._shadows:
            line.engine.drop(name)
        self._shadows.clear()
        line.bind()
        if self._as_known_now:
            since = query("coalesce(known_since <= :moment, true)", moment=line.moment)
            self._keep(line, "customers", since)
        elif known_by(base) > line.moment:
            self._as_loaded(line)

    def _as_loaded(self, line: Line) -> None:
        """Only whoever was known by the moment, and only events loaded by then."""
        known = self._history.members_at(EVERYBODY, line.moment)
        line.engine.register("known_then", pa.table({"customer": to_keys(known)}))
        there = query("customer IN (SELECT customer FROM known_then)")
        self._keep(line, "customers", there)
        line.engine.drop("known_then")
        for name in [*line.tables("event"), *line.tables("activity")]:
            self._keep(line, name, query("loaded_at <= :moment", moment=line.moment))

    def _keep(self, line: Line, name: str, condition: Tree) -> None:
        """Let only some rows of a table be seen, from here until the next moment."""
        rows = query("SELECT * FROM :t WHERE :kept", t=table(name), kept=condition)
        line.engine.create(name, rows)
        self._shadows.add(name)


class _Dated(Causes):
    """Causes between two moments looked at with the same tables: what happened in between."""

    @cached_property
    def touched(self) -> BitMap:
        happened = [(name, "at") for name in self.line.tables("event")]
        happened += [("contracts", each) for each in WENT]
        happened += [("consents", "at"), ("customers", "known_since")]
        between = (self._between(name, at) for name, at in happened)
        return BitMap.union(super().touched, *between)

    def _between(self, name: str, at: str) -> BitMap:
        start, end = stored(self.parent.as_of), self.line.moment
        return selected(
            self.line.engine,
            query(
                "SELECT DISTINCT coalesce(a.survivor, t.customer) FROM :t AS t "
                "LEFT JOIN aliases AS a ON a.customer = t.customer "
                f"WHERE {at} > :start AND {at} <= :end",
                t=table(name),
                start=start,
                end=end,
            ),
        )
