"""Builds over time: list, compare, go back, keep safe, bring back."""

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from carpel.manifest.kinds import ROOT
from carpel.store import archive
from carpel.store import diff as store_diff
from carpel.store.archive import Restored
from carpel.store.diff import Difference
from carpel.verbs.leaving import writable
from carpel.verbs.session import Session


@dataclass(frozen=True)
class BuildRow:
    """One build, as a list shows it."""

    build: str
    current: bool
    as_of: datetime
    made_at: datetime
    people: int
    actor: str
    parent: str | None


def builds(session: Session) -> list[BuildRow]:
    """All builds, oldest first."""
    current = session.store.builds.current()
    return [
        BuildRow(
            each.build,
            current is not None and each.build == current.build,
            each.as_of,
            each.made_at,
            each.about.get("people", 0),
            each.about.get("actor", ""),
            each.parent,
        )
        for each in session.store.builds.all()
    ]


def diff(session: Session, former: str | None, later: str | None) -> Difference:
    """Rows a table and people a segment that differ, and how many people joined and left.

    Without a `former` build it is the one before the current one.
    """
    store = session.store
    former = former or store.former()
    with (
        closing(session.engine()) as engine,
        store.open_build(former) as first,
        store.open_build(later) as second,
    ):
        return store_diff.diff(engine, store.builds.files, first, second)


def rollback(session: Session, build: str | None) -> str:
    """Make a former build current; gives its name."""
    return session.store.rollback(build, actor=session.actor).build


def backup(session: Session, to: Path) -> Path:
    """Write builds, ledger and definitions to one archive; gives its path."""
    return archive.backup(session.store, writable(to), actor=session.actor)


def restore(session: Session, of: Path) -> Restored:
    """Bring an archive's state back; its ledger to where the project, or that in it, keeps it."""
    ledger = session.ledger() if session.given or (session.folder / ROOT).exists() else _kept(of)
    with closing(session.engine()) as engine:
        return archive.restore(
            of, session.folder, engine, session.clock, actor=session.actor, ledger=ledger
        )


def _kept(of: Path) -> str | None:
    """Where the project in an archive keeps its ledger."""
    with TemporaryDirectory() as folder:
        written = archive.project_file(of, ROOT)
        if written is None:
            return None
        (Path(folder) / ROOT).write_bytes(written)
        return Session(Path(folder)).ledger()
