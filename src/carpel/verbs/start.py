"""`carpel init`: read files never seen before and write a project that runs as it stands."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import rmtree
from typing import Any

from carpel import pipeline, starters
from carpel.engine.base import Engine
from carpel.engine.query import query
from carpel.errors import CarpelError, SourceError
from carpel.inference import Proposal, document, propose, write
from carpel.manifest.kinds import KINDS
from carpel.manifest.load import folder_name
from carpel.specs import Segment, Segmentation
from carpel.specs.goal import unmeasured
from carpel.stages.base import Line
from carpel.stages.goals import Goals
from carpel.stages.segments import Segments
from carpel.store.files import Files
from carpel.verbs.doubts import people
from carpel.verbs.session import Session

_SERVER = re.compile(r"[a-z][a-z0-9+]*:/+", re.IGNORECASE)
"""How a database's address begins; a path has one slash of its two left."""


@dataclass(frozen=True)
class Started:
    """What was read, and the files that were written."""

    proposal: Proposal
    files: tuple[Path, ...]
    doubts: tuple[str, ...] = ()
    """What can be read in two ways, how it is read and how to say otherwise, in sentences."""


def start(session: Session, paths: Sequence[Path], goals: Sequence[str]) -> Started:
    """Write a project for these files, with segments to start with; nothing is built yet.

    Raises CarpelError when the folder holds a project already and SourceError for a file that
    cannot be read; then, and whatever else stops it, the folder is as it was.
    """
    _free(session, paths)
    with _all_or_nothing(session.folder):
        try:
            proposal = _proposed(session, paths, goals)
            files = write(proposal, session.folder)
            starting, doubts = _starters(session, proposal)
        finally:
            rmtree(session.hidden, ignore_errors=True)
    return Started(proposal, (*files, *starting), doubts)


@contextmanager
def _all_or_nothing(folder: Path) -> Iterator[None]:
    """Take away what was written to a project's folder, and the folder itself where it is new,
    when the block does not end well."""
    above = [each for each in (folder, *folder.parents) if not each.exists()]
    before = _written_to(folder)
    try:
        yield
    except BaseException:
        if above:
            rmtree(above[-1], ignore_errors=True)
        for path in sorted(_written_to(folder) - before, reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        raise


def _written_to(folder: Path) -> set[Path]:
    """What stands in a project's folder and in the folders of its definitions."""
    return {*folder.glob("*"), *(path for kind in KINDS for path in folder.glob(f"{kind}/*"))}


def _proposed(session: Session, paths: Sequence[Path], goals: Sequence[str]) -> Proposal:
    with closing(session.engine()) as engine:
        return propose(
            paths,
            engine=engine,
            goals=goals,
            name=folder_name(session.folder),
            clock=session.clock(),
        )


def _free(session: Session, paths: Sequence[Path]) -> None:
    if (session.folder / "carpel.yml").exists():
        raise CarpelError(
            f"There is a project in {session.folder} already.",
            action="Name another folder, or edit that project's files.",
        )
    if not paths:
        raise CarpelError("No data file was named.", action="carpel init NAME --from FILE …")
    for path in paths:
        if _SERVER.match(str(path)):
            raise SourceError(
                "`carpel init` reads files, not a database server.",
                action="Write a data source by hand: `read: postgresql://…` with the password as "
                "`${NAME}`, and `format: {table: …}`; or export the tables to files.",
            )
        if not path.exists():
            raise SourceError(
                "There is no such file.",
                place=str(path),
                action="Check the path and the working folder.",
            )


def _starters(session: Session, proposal: Proposal) -> tuple[list[Path], tuple[str, ...]]:
    """Take the line once as far as the profiles, and write the segments that the data allows.

    Gives the files and what the reading of the data left open.
    """
    with closing(session.engine()) as engine:
        line = _profiled(session, engine)
        doubts = _doubts(engine)
        specs, segments = _found(line, proposal.project.kind or "people")
        doubts += _unmeasured(line)
    written = [
        _written(session, "segmentations", spec.name, starters.data(spec), "") for spec in specs
    ]
    written += [
        _written(session, "segments", segment.name, starters.data(segment), starters.COMMENT)
        for segment in segments
    ]
    return written, doubts


def _doubts(engine: Engine) -> tuple[str, ...]:
    """Dates and numbers that can be read in two ways."""
    found = engine.rows(
        query(
            "SELECT source, message, proposal FROM findings "
            "WHERE \"check\" IN ('ambiguous_date', 'ambiguous_number', 'unclear_zone') ORDER BY ALL"
        )
    )
    return tuple(f"sources/{source}.yml: {said} {how}" for source, said, how in found)


def _unmeasured(line: Line) -> tuple[str, ...]:
    """Goals that these files have no figure for."""
    if not line.definitions.goals:
        return ()
    pipeline.run(line, [Goals()])
    rows = line.engine.rows(query("SELECT goal, metric FROM goals WHERE value IS NULL ORDER BY 1"))
    return tuple(f"goals/{goal}.yml {unmeasured(metric)}." for goal, metric in rows)


def _profiled(session: Session, engine: Engine) -> Line:
    line = Line(
        session.folder,
        session.definitions,
        engine,
        Files(session.hidden / "trial"),
        session.clock(),
    )
    pipeline.run(line, pipeline.UP_TO_PROFILES)
    return line


def _found(line: Line, kind: str) -> tuple[list[Segmentation], list[Segment]]:
    """What suits the data, tried on it: no segment that nobody or everybody would be in."""
    engine = line.engine
    traits = {row[0] for row in engine.rows(query("SELECT trait FROM traits WHERE known > 0"))}
    events = {each.removeprefix("event_") for each in line.tables("event")}
    orders = f"event_{starters.MONEY}"
    priced = starters.MONEY in events and "amount" in engine.columns(orders)
    habits = starters.returned_for(engine, events)
    specs = starters.segmentations(
        kind,
        events,
        priced=priced,
        paying=starters.paying(engine, events, priced=priced),
        habits=habits,
    )
    tried = starters.candidates(kind, traits, events, starters.facts(engine), habits=habits)
    line.definitions = replace(
        line.definitions,
        segments={each.name: each for each in tried},
        segmentations={each.name: each for each in specs},
    )
    pipeline.run(line, [Segments()])
    sizes = dict(engine.rows(query("SELECT segment, people FROM sizes")))
    return specs, starters.chosen(tried, sizes, people(line))


def _written(session: Session, kind: str, name: str, data: Mapping[str, Any], comment: str) -> Path:
    path = session.folder / kind / f"{name}.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(document(data, comment), encoding="utf-8")
    return path
