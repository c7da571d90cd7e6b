"""The front door: a project, and one short method for everything that can be done with it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carpel.specs import Definitions
from carpel.specs import Project as Settings
from carpel.verbs.campaigning import Campaigning
from carpel.verbs.listening import Listening
from carpel.verbs.remembering import Remembering
from carpel.verbs.session import Clock, Session, wall_clock
from carpel.verbs.statistics import Statistics

if TYPE_CHECKING:
    from carpel.errors import Problem
    from carpel.jobs.work import Done
    from carpel.reports.persona import PersonaCard
    from carpel.specs import Job
    from carpel.stages.base import Progress
    from carpel.store.archive import Restored
    from carpel.store.erasure import Erasure
    from carpel.verbs import (
        replay,
        run,
        start,
    )
    from carpel.verbs.draft import Drafts
    from carpel.verbs.draft_wish import Kind


class Project(Statistics, Remembering, Campaigning, Listening):
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
        super().__init__(Session(Path(folder), actor, clock, definitions, frames or {}))

    @property
    def definitions(self) -> Definitions:
        """Everything the project says; raises ProjectError with all its mistakes together."""
        return self.session.definitions

    @property
    def settings(self) -> Settings:
        """What `carpel.yml` says; raises ProjectError for what is wrong in it, and no more."""
        return self.session.settings

    @property
    def account_words(self) -> tuple[str, str]:
        """What one account and many are called here: company, or household."""
        return self.session.understood.account_words

    @property
    def passed_over(self) -> "Sequence[Problem]":
        """Mistakes in the project's files that verbs went on in spite of so far.

        Looking at a build, erasing and leaving need no more than `carpel.yml` to be right.
        """
        return self.session.passed_over

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

    def work(self) -> "Iterator[Done]":
        """Do every job of `carpel.yml` that is due now, and give how each went.

        Each is done once, by whichever process takes it first, and audited as what it does.
        """
        from carpel.verbs import scheduled

        return scheduled.due(self.session, self._do)

    def _do(self, job: "Job") -> str:
        """One job, by the project as its files say it now; what came of it."""
        from carpel.verbs import scheduled

        own = self.session
        fresh = Project(
            own.folder, actor=own.actor, clock=own.clock, definitions=own.given, frames=own.frames
        )
        if job.do == "run":
            return f"update {fresh.run().build.build}"
        if job.do == "report":
            return fresh.report().name
        names = [job.campaign] if job.campaign else scheduled.on_the_way(fresh.session)
        return fresh.send_each(names)

    @staticmethod
    def schemas() -> dict[str, dict[str, Any]]:
        """JSON Schema of every kind of project file."""
        from carpel.manifest.schema import schemas

        return schemas()

    def report(self, to: str | Path | None = None) -> Path:
        """Write the report of the current build as one HTML file; gives its path."""
        from carpel.verbs import report

        with self._audited("report", to=Path(to).name if to else None):
            return report.report(self.session, Path(to) if to else None)

    def persona(self, segment: str, to: str | Path | None = None) -> "PersonaCard":
        """A segment described in sentences; as a card to print too, .html, .pdf or .png, in `to`.

        `sections` hold the sentences, each with the number of people behind it, people's own words
        and the questions that data leaves open; `details` every figure.
        """
        from carpel.verbs import persona

        with self._audited("persona", segment=segment, to=Path(to).name if to else None):
            return persona.persona(self.session, segment, Path(to) if to else None)

    def draft(
        self,
        segment: str,
        kinds: "Sequence[Kind]" = (),
        *,
        networks: Sequence[str] = (),
        offer: str = "",
        link: str = "",
        language: str | None = None,
        tone: str = "plain",
        campaign: str | None = None,
        about: Sequence[str] = (),
        called: Mapping[str, str] | None = None,
        reworded: bool = False,
        to: str | Path | None = None,
    ) -> "Drafts":
        """Messages, posts and ads for a segment, chosen by what its persona tells; all are files.

        `kinds` are email, social and ads; all of them when none is named. `about` is spoken of
        beside what evidence gives; `called` gives names of the data other ones.
        """
        from carpel.verbs import draft
        from carpel.verbs.draft_wish import Wish

        wish = Wish(
            kinds, networks, offer, link, language, tone, campaign, about, called or {}, reworded
        )
        with self._audited("draft", segment=segment, to=Path(to).name if to else None):
            return draft.draft(self.session, segment, wish, Path(to) if to else None)

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

        with self._audited("backup", to=Path(to).name):
            return history.backup(self.session, Path(to))

    def restore(self, archive: str | Path) -> "Restored":
        """Bring an archive's state back; people erased since then are erased again."""
        from carpel.verbs import history

        restored = history.restore(self.session, Path(archive))
        with self._audited("restore"):
            return restored

    def erase(self, who: str) -> "Erasure":
        """Forget one person everywhere that Carpel keeps data, for good.

        Raises CarpelError where `who` may mean several people; `key:7` is nothing but a key.
        """
        from carpel.verbs import privacy

        key = self.key(who, sure=True)
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

        with self._audited("set-aside ls", to=Path(to).name if to else None):
            return corrections.listed(self.session, Path(to) if to else None)

    def load_corrected(self, file: str | Path) -> int:
        """Take corrected rows in at the next run; gives how many."""
        from carpel.verbs import corrections

        with self._audited("set-aside load"):
            return corrections.load(self.session, Path(file))
