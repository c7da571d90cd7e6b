"""`carpel run`: take the line once, look whether the result may be published, publish it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from shutil import rmtree

from carpel import pipeline
from carpel.errors import CheckFailed, Problem, ProjectError
from carpel.specs import Definitions
from carpel.specs.page import SAID
from carpel.specs.project import within_calendar
from carpel.stages.base import Line, Progress, silent
from carpel.store.assignments import assignments
from carpel.store.builds import Build
from carpel.store.decisions import decisions
from carpel.store.lease import Lease
from carpel.store.prune import prune
from carpel.store.suppressions import left_alone
from carpel.store.tombstones import tombstones
from carpel.verbs.doubts import doubts, people
from carpel.verbs.handing import forget_old, hand_out
from carpel.verbs.said import said
from carpel.verbs.session import Session
from carpel.version import __version__


@dataclass(frozen=True)
class Run:
    """How a run went."""

    build: Build
    changed: bool
    """False when everything was as the current build has it: no build was added."""
    seconds: float
    parts_made: int
    parts_taken_again: int


def run(
    session: Session,
    *,
    as_of: datetime | None = None,
    accept: bool = False,
    progress: Progress = silent,
) -> Run:
    """Make a build and publish it.

    Raises CheckFailed, with the former build still current and the new one kept aside, when a
    check of the user's fails or too much changed at once; `accept` publishes it all the same.
    """
    definitions = session.definitions
    if as_of is not None:
        _check(as_of)
        definitions = replace(
            definitions, project=definitions.project.model_copy(update={"as_of": as_of})
        )
    with (
        session.store.lease("run", actor=session.actor) as lease,
        _line(session, definitions, progress) as line,
    ):
        pipeline.run(line)
        return _finished(session, lease, line, accept)


def _check(as_of: datetime) -> None:
    try:
        within_calendar(as_of)
    except ValueError as error:
        raise ProjectError([Problem(str(error), action="Name a day of this century.")]) from None


@contextmanager
def _line(session: Session, definitions: Definitions, progress: Progress) -> Iterator[Line]:
    store = session.store
    computer = session.computer()
    engine = session.engine()
    try:
        yield Line(
            session.folder,
            definitions,
            engine,
            store.builds.files,
            session.clock(),
            parent=store.builds.current(),
            progress=progress,
            next_key=store.ledger.next_customer(),
            decisions=decisions(store.ledger),
            erased=tombstones(store.ledger, store.key),
            left_alone=left_alone(store.ledger, store.key),
            assignments=assignments(store.ledger),
            frames={**session.frames, SAID: said(session)},
            computer=computer,
        )
    finally:
        engine.close()
        if computer is not None:
            computer.close()
        rmtree(session.hidden / "scratch", ignore_errors=True)


def _finished(session: Session, lease: Lease, line: Line, accept: bool) -> Run:
    parent, now = line.parent, session.clock()
    taken = sum(
        parent is not None and parent.parts.get(name) is made for name, made in line.parts.items()
    )
    seconds = (now - line.clock).total_seconds()
    if (
        parent is not None
        and taken == len(line.parts) == len(parent.parts)
        and parent.as_of == line.as_of
    ):
        return Run(parent, False, seconds, 0, taken)
    build = _build(session, line, now)
    session.store.ledger.reserve_customers(line.notes("identity").get("next_key", 1) - 1)
    _refuse(session, build, [] if accept else doubts(line))
    session.store.publish(build, lease)
    hand_out(session, line, build)
    prune(
        session.store.builds,
        session.store.ledger,
        session.clock,
        keep=session.definitions.project.builds.keep,
    )
    forget_old(session, line)
    return Run(build, True, seconds, len(line.parts) - taken, taken)


def _refuse(session: Session, build: Build, doubts: list[str]) -> None:
    """Keep a doubtful build aside instead of publishing it."""
    if doubts:
        session.store.builds.write(build)
        listed = "".join(f"\n  - {each}" for each in doubts)
        raise CheckFailed(
            f"Build {build.build} was made and is kept aside, not published:{listed}",
            action="See whether the data is whole and right, and run again. If it is, publish it: "
            f"`carpel run --accept`. What was found: `carpel ls checks --build {build.build}`, "
            f"`carpel ls findings --build {build.build}`.",
        )


def _build(session: Session, line: Line, now: datetime) -> Build:
    if line.as_of is None:
        raise RuntimeError("a line that was run has an as_of")
    about = {
        "people": people(line),
        "actor": session.actor,
        "carpel": __version__,
        "began_at": line.clock.isoformat(),
        "stale": line.definitions.project.as_of == "auto" and line.as_of != line.clock,
    }
    return Build(
        fresh_name(session, line.clock),
        line.parent.build if line.parent else None,
        line.as_of,
        now,
        line.parts,
        about,
    )


def fresh_name(session: Session, clock: datetime) -> str:
    """What a build that began at this moment is called."""
    name = f"{clock.astimezone(UTC):%Y%m%dT%H%M%S}"
    return name if name not in session.store.builds.names() else f"{name}{clock:%f}"
