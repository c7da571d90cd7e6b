"""The front door: a project, and one short method for everything that can be done with it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carpel.specs import Definitions
from carpel.verbs.session import Clock, Session, wall_clock

if TYPE_CHECKING:
    import pyarrow as pa

    from carpel.errors import Problem
    from carpel.stages.base import Progress
    from carpel.store.archive import Restored
    from carpel.store.diff import Difference
    from carpel.store.erasure import Erasure
    from carpel.verbs import (
        asked,
        companies,
        decided,
        explain,
        history,
        look,
        replay,
        run,
        start,
        timeline,
        whatif,
    )
    from carpel.verbs.decide import Decision, Decisions, Event
    from carpel.verbs.preview import Previewed


class Project:
    """A project's folder (or definitions built in Python, kept in a folder) and an actor in it.

    Every verb is audited under the actor's name; a clock is handed in, so that nothing below
    asks what the time is. `frames` are data frames that sources read as `frame:NAME`.
    """

    def __init__(
        self,
        folder: str | Path,
        *,
        actor: str = "local",
        clock: Clock = wall_clock,
        definitions: Definitions | None = None,
        frames: Mapping[str, Any] | None = None,
    ) -> None:
        self.session = Session(Path(folder), actor, clock, definitions, frames or {})

    @property
    def definitions(self) -> Definitions:
        """Everything the project says; raises ProjectError with all its mistakes together."""
        return self.session.definitions

    @classmethod
    def init(
        cls,
        folder: str | Path,
        files: Sequence[str | Path],
        *,
        goals: Sequence[str] = (),
        actor: str = "local",
        clock: Clock = wall_clock,
    ) -> "tuple[Project, start.Started]":
        """Read files never seen before and write a project that runs as it stands."""
        from carpel.verbs import start

        project = cls(folder, actor=actor, clock=clock)
        return project, start.start(project.session, [Path(each) for each in files], goals)

    def check(self) -> "Sequence[Problem]":
        """Everything that is wrong with what people wrote; empty when nothing is."""
        from carpel.verbs import check

        return check.check(self.session)

    def run(
        self,
        *,
        as_of: datetime | None = None,
        accept: bool = False,
        progress: "Progress | None" = None,
    ) -> "run.Run":
        """Make a build and publish it; see `carpel.verbs.run`."""
        from carpel.stages.base import silent
        from carpel.verbs import run

        with self._audited("run", as_of=as_of and as_of.isoformat(), accept=accept):
            return run.run(self.session, as_of=as_of, accept=accept, progress=progress or silent)

    def summary(self) -> dict[str, Any]:
        """The current build on one screen: people, rows and their fate, segments, notes."""
        from carpel.verbs import summary

        return summary.summary(self.session)

    @staticmethod
    def schemas() -> dict[str, dict[str, Any]]:
        """JSON Schema of every kind of project file."""
        from carpel.manifest.schema import schemas

        return schemas()

    def report(self, to: str | Path | None = None) -> Path:
        """Write the report of the current build as one HTML file; gives its path."""
        from carpel.verbs import report

        with self._audited("report"):
            return report.report(self.session, Path(to) if to else None)

    def ls(self, kind: str = "segments") -> list[dict[str, Any]]:
        """List segments, their costs, segmentations, traits, events, sources, goals, findings, people."""
        from carpel.verbs import look

        with self._audited("ls", kind=kind):
            return look.ls(self.session, kind)

    def preview(self, rule: "asked.Rule") -> "Previewed":
        """Count a rule that is not saved: people, reach, overlaps; see `carpel.verbs.asked`."""
        from carpel.verbs import preview

        with self._audited("preview"):
            return preview.preview(self.session, rule)

    def decide(
        self,
        who: str,
        events: "Iterable[Event]" = (),
        segments: Sequence[str] = (),
    ) -> "Decision":
        """One person's segments, with events since the build; see `carpel.verbs.decide`."""
        key = self.key(who)
        with self._audited("decide", customer=key), self.decisions() as decisions:
            return decisions.decide(key, events, segments)

    def decisions(self) -> "Decisions":
        """The current build kept open, to decide about many people quickly, from any thread."""
        from carpel.verbs import decide

        return decide.Decisions(self.session)

    def show_segment(self, name: str) -> "look.SegmentPage | companies.AccountSegmentPage":
        """A segment in plain English, in SQL and in numbers."""
        from carpel.verbs import look

        with self._audited("show segment", segment=name):
            return look.show_segment(self.session, name)

    def show_customer(self, who: str) -> "look.CustomerPage":
        """One person: what is known, where it is from, what they did, where they belong."""
        from carpel.verbs import look

        key = self.key(who)
        with self._audited("show customer", customer=key):
            return look.show_customer(self.session, key)

    def explain_segment(
        self, name: str
    ) -> "explain.SegmentReasons | companies.AccountSegmentReasons":
        """How many people each clause lets in, and what sets the segment apart."""
        from carpel.verbs import explain

        with self._audited("explain segment", segment=name):
            return explain.explain_segment(self.session, name)

    def explain_customer(self, who: str, segment: str | None = None) -> "explain.Reasons":
        """Why records were joined; with a segment, why the person is in or out of it."""
        from carpel.verbs import explain

        key = self.key(who)
        with self._audited("explain customer", customer=key, segment=segment):
            return explain.explain_customer(self.session, key, segment)

    def explain_decision(self, who: str, segment: str, on: date) -> "decided.Decided":
        """What was decided about a person and a segment on a past day, and why where it can be."""
        from carpel.verbs import decided

        key = self.key(who)
        with self._audited("explain decision", customer=key, segment=segment, on=on.isoformat()):
            return decided.decided(self.session, key, segment, on)

    def history_segment(self, name: str, since: date | None = None) -> "timeline.SegmentHistory":
        """How large a segment was when, who joined and left, and why."""
        from carpel.verbs import timeline

        with self._audited("history segment", segment=name):
            return timeline.segment(self.session, name, since)

    def history_customer(self, who: str) -> "timeline.CustomerHistory":
        """What one person was in when, and why they joined and left."""
        from carpel.verbs import timeline

        key = self.key(who)
        with self._audited("history customer", customer=key):
            return timeline.customer(self.session, key)

    def migration(
        self, segmentation: str, start: date, end: date, *, to: str | Path | None = None
    ) -> "timeline.Migrated":
        """Who went from place to place between two days; drawn or listed in a file for `to`."""
        from carpel.verbs import timeline

        days = f"{start} to {end}"
        with self._audited("migration", segmentation=segmentation, days=days):
            found = timeline.migration(self.session, segmentation, start, end)
            if to is not None:
                timeline.write(found, Path(to))
            return found

    def sql(self, segment: str) -> str:
        """SQL that gives the members of a segment."""
        from carpel.verbs import look

        with self._audited("sql", segment=segment):
            return look.sql(self.session, segment)

    def members(self, segment: str) -> "pa.Table":
        """Members of a segment with their traits, as an Arrow table; no names or addresses."""
        from carpel.verbs import export

        with self._audited("members", segment=segment):
            return export.members(self.session, segment)

    def export(
        self, segment: str, to: str | Path, *, include_suppressed: bool = False
    ) -> "Mapping[str, int]":
        """Write a segment's people to a CSV; gives how many were written and left out, and why."""
        from carpel.verbs import export

        with self._audited(
            "export", segment=segment, to=Path(to).name, include_suppressed=include_suppressed
        ):
            return export.export(
                self.session, segment, Path(to), include_suppressed=include_suppressed
            )

    def builds(self) -> "list[history.BuildRow]":
        """All builds, oldest first, and which one is current."""
        from carpel.verbs import history

        with self._audited("builds"):
            return history.builds(self.session)

    def diff(self, former: str, later: str | None = None) -> "Difference":
        """What changed between two builds: sizes of tables, segments, who entered and left."""
        from carpel.verbs import history

        with self._audited("diff", former=former, later=later):
            return history.diff(self.session, former, later)

    def diff_definitions(self, people: int = 0) -> "list[whatif.Draft]":
        """Who would enter and leave each segment whose definition is not the build's any more.

        Over the current build's tables, so nothing is changed; `people` keys of each are named.
        """
        from carpel.verbs import whatif

        with self._audited("diff definitions", people=people):
            return whatif.drafts(self.session, people)

    def replay(
        self,
        segments: Sequence[str] = (),
        *,
        start: datetime,
        end: datetime,
        every: str = "1 day",
        as_known_now: bool = False,
        progress: "Progress | None" = None,
    ) -> "replay.Replayed":
        """Work history out anew, moment by moment, and publish it as one build."""
        from carpel.stages.base import silent
        from carpel.verbs import replay

        stretch = f"{start.isoformat()} to {end.isoformat()} every {every}"
        with self._audited(
            "replay", segments=list(segments), stretch=stretch, as_known_now=as_known_now
        ):
            return replay.replay(
                self.session,
                segments,
                start,
                end,
                every=every,
                as_known_now=as_known_now,
                progress=progress or silent,
            )

    def rollback(self, build: str | None = None) -> str:
        """Make a former build current again (the parent, when none is named); gives its name."""
        from carpel.verbs import history

        with self._audited("rollback", build=build):
            return history.rollback(self.session, build)

    def backup(self, to: str | Path) -> Path:
        """Write builds, ledger and definitions to one archive; gives its path."""
        from carpel.verbs import history

        with self._audited("backup"):
            return history.backup(self.session, Path(to))

    def restore(self, archive: str | Path) -> "Restored":
        """Bring an archive's state back; people erased since then are erased again."""
        from carpel.verbs import history

        restored = history.restore(self.session, Path(archive))
        with self._audited("restore"):
            return restored

    def erase(self, who: str) -> "Erasure":
        """Forget one person everywhere that Carpel keeps data, for good."""
        from carpel.verbs import privacy

        key = self.key(who)
        with self._audited("erase"):  # the key itself must not stay in the log
            return privacy.erase(self.session, key)

    def unmerge(self, who: str, record: str) -> None:
        """Say that a record, named as `explain_customer` does, is not this person.

        The next run takes them apart, with all that only hangs on it, and so it stays.
        """
        from carpel.verbs import people

        key = self.key(who)
        with self._audited("unmerge", customer=key):
            people.unmerge(self.session, key, record)

    def set_aside(self, to: str | Path | None = None) -> list[dict[str, Any]]:
        """Rows that could not be used, counted by reason; whole, to a CSV, when `to` is given."""
        from carpel.verbs import corrections

        with self._audited("set-aside ls"):
            return corrections.listed(self.session, Path(to) if to else None)

    def load_corrected(self, file: str | Path) -> int:
        """Take corrected rows in at the next run; gives how many."""
        from carpel.verbs import corrections

        with self._audited("set-aside load"):
            return corrections.load(self.session, Path(file))

    def key(self, who: str) -> int:
        """The key of the person with this key, address or number; raises NotFound."""
        from carpel.verbs import people

        return people.find(self.session, who)

    @contextmanager
    def _audited(
        self, verb: str, *, customer: int | None = None, **arguments: Any
    ) -> Iterator[None]:
        from carpel.store.audit import audited

        given = {name: each for name, each in arguments.items() if each is not None}
        session = self.session
        with audited(
            session.store.ledger, session.clock, verb, given, actor=session.actor, customer=customer
        ):
            yield
