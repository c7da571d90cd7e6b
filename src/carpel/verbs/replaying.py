"""A replay under way: past moments one after another, and history put together from them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from pyroaring import BitMap

from carpel.engine.query import Tree, literal, query, table
from carpel.errors import CarpelError
from carpel.evaluation.history import History
from carpel.evaluation.movements import EVERYBODY, FULL, REPLAYED, Movement, movements
from carpel.evaluation.windows import FIRST, TICK, utc
from carpel.language.operands import Period
from carpel.stages.base import Line, Progress
from carpel.stages.rows import as_table
from carpel.stages.segments.history import moved
from carpel.stages.segments.past import WHOLE_EVERY, Count
from carpel.store.builds import Build
from carpel.verbs.moments import Moments
from carpel.verbs.splice import bridge

KNOWN = "known_movements"
"""What the movements of the current build are bound to while they are replayed."""


class Replaying:
    """One replay under way: moment after moment, each told against the one before."""

    def __init__(
        self,
        line: Line,
        kept: Sequence[Build],
        names: Sequence[str],
        spared: set[str],
        *,
        as_known_now: bool,
    ) -> None:
        self.line, self.engine, self.current = line, line.engine, kept[0]
        self.names, self.spared, self.as_known_now = [*names, EVERYBODY], spared, as_known_now
        files = [line.files.path(each) for each in kept[0].tables()["movements"]]
        self.engine.bind(KNOWN, files)
        self.known = History(self.engine, KNOWN)
        self.past = Moments(line, kept, self.known, as_known_now=as_known_now)
        self.rows: list[Movement] = []

    @cached_property
    def last(self) -> datetime:
        """The moment that history has come to."""
        return Count(**self.current.notes("segments")["history"]).moment

    def moments(self, start: datetime, end: datetime, every: Period) -> list[datetime]:
        """The moments to look at, UTC without a zone; days keep the time on the local clock."""
        zone = self.line.zone
        found = [each for each in steps(start, utc(end, zone), every, zone) if each < self.last]
        if not found:
            raise CarpelError(
                "No moment lies between these two and before the last build's.",
                action=f"Name days before {self.last:%Y-%m-%d %H:%M} UTC.",
            )
        first = self._value("SELECT min(at) FROM :t WHERE build > 0")
        if not self.as_known_now and (first is None or found[0] < first):
            raise CarpelError(
                f"Nothing was known before {first or self.last:%Y-%m-%d %H:%M} UTC.",
                action="Begin then or later, or see it as known now: --as-known-now.",
            )
        return found

    def run(self, moments: Sequence[datetime], progress: Progress) -> str:
        """Look at every moment; gives the file of the whole history."""
        before = self._value("SELECT max(at) FROM :t WHERE at < :at", at=moments[0])
        state = {each: self._state(each, moments[0]) for each in self.names}
        files = [self._file(self._others(since=moments[0]))]
        for done, moment in enumerate(moments):
            progress(f"{moment:%Y-%m-%d}", done / len(moments))
            line = self.past.line(moment, files)
            rows = list(self._moment(line, state, before, done % WHOLE_EVERY == 0))
            files.append(self._file(self._fresh(rows)))
            self.rows += rows
            self._forget(line)
            before = moment
        progress("the rest of history", 1.0)
        self._bridge(moments, {name: each or BitMap() for name, each in state.items()}, files)
        return self._finished()

    def _moment(
        self,
        line: Line,
        state: dict[str, BitMap | None],
        before: datetime | None,
        whole: bool,
    ) -> Iterator[Movement]:
        sets = self.past.sets(line)
        causes = self.past.causes(line, before) if before else None
        for name in self.names:
            old, new = state[name], sets.get(name, BitMap())
            if old is not None and causes is not None:
                yield from moved(causes, name, old, new, line.moment, REPLAYED)
            if old is None or whole:
                yield Movement(name, line.moment, REPLAYED, FULL, None, new)
            state[name] = new

    def _state(self, name: str, moment: datetime) -> BitMap | None:
        """Who was in before the moment; None when the segment's history begins later."""
        began = self.known.began(name)
        if began is None or began >= moment:
            return None
        return self.known.members_at(name, moment - TICK)

    def _bridge(
        self, moments: Sequence[datetime], state: Mapping[str, BitMap], files: Sequence[str]
    ) -> None:
        """Go on from the last moment to the first beyond it that history knows; keep the rest."""
        first, end = moments[0], moments[-1]
        follows = self._value("SELECT min(at) FROM :t WHERE at > :at", at=end) or self.last
        corrected = self._value("SELECT max(at) FROM :t WHERE at = :at", at=end) is not None
        beyond = {name: max(follows, self.known.began(name) or follows) for name in self.names}
        for at in sorted(set(beyond.values())):
            line = self.past.line(at, files)
            causes = self.past.causes(line, end)
            for name in (each for each in self.names if beyond[each] == at):
                told = movements(self.engine, name, KNOWN)
                after = self.known.members_at(name, at)
                here = [each for each in told if each.at == at]
                self.rows += bridge(causes, name, state[name], after, here, corrected=corrected)
                self.rows += [each for each in told if each.at < first or each.at > at]

    def _finished(self) -> str:
        """One file of the whole history: what was worked out, and that of other segments."""
        fresh = self._fresh(self.rows)
        return self._file(
            query(
                "SELECT * FROM :others AS o UNION ALL SELECT * FROM :fresh AS f "
                "ORDER BY segment, at, build, part",
                others=self._others(),
                fresh=fresh,
            )
        )

    def _others(self, since: datetime | None = None) -> Tree:
        """What is known, without the replayed segments (from a moment on)."""
        names = [literal(name) for name in self.names]
        return query(
            "SELECT * FROM :t WHERE segment NOT IN (:names) OR at < :since",
            t=table(KNOWN),
            names=names,
            since=since or FIRST,
        )

    def _fresh(self, rows: Sequence[Movement]) -> Tree:
        data = as_table("movements", (each.row() for each in rows))
        self.engine.register("fresh_movements", data)
        return query("SELECT * FROM fresh_movements")

    def _file(self, tree: Tree) -> str:
        files = self.line.files
        fresh = files.fresh()
        try:
            self.engine.write(tree, fresh)
            return files.keep(fresh)
        finally:
            fresh.unlink(missing_ok=True)

    def _forget(self, line: Line) -> None:
        """Delete what was made for one moment only; a build may hold the same content."""
        made = {
            name for each in line.parts.values() for names in each.tables.values() for name in names
        }
        for name in made - self.spared:
            line.files.delete(name)

    def _value(self, text: str, **parts: datetime) -> datetime | None:
        found: datetime | None = self.engine.value(query(text, t=table(KNOWN), **parts))
        return found


def steps(start: datetime, end: datetime, every: Period, zone: ZoneInfo) -> Iterator[datetime]:
    """From a moment on, each a period after the one before; UTC without a zone, `end` included."""
    size = timedelta(**{every.unit: every.count})
    if every.unit == "hours" or start.tzinfo:
        moment = utc(start, zone)
        while moment <= end:
            yield moment
            moment += size
        return
    while utc(start, zone) <= end:  # by the local clock, which keeps its time of day
        yield utc(start, zone)
        start += size
