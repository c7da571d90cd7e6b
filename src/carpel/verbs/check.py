"""`carpel check`: every mistake in what people wrote, before anything runs."""

from collections.abc import Iterator, Sequence

from carpel.errors import Problem, ProjectError, SourceError
from carpel.reading.located import FRAME, is_url, located
from carpel.reading.secrets import revealed
from carpel.verbs.session import Session


def check(session: Session) -> Sequence[Problem]:
    """Mistakes of form and of names, secrets and files that are not there; none is raised."""
    try:
        definitions = session.definitions
    except ProjectError as error:
        return error.problems
    return [*_ledger(session)] + [
        problem
        for name, source in definitions.sources.items()
        for read in source.read
        for problem in _unreadable(session, name, read)
    ]


def _ledger(session: Session) -> Iterator[Problem]:
    try:
        session.ledger()
    except SourceError as error:
        yield Problem(error.message, "carpel.yml", None, error.action)


def _unreadable(session: Session, source: str, read: str) -> Iterator[Problem]:
    """What stands in the way of reading this; nothing is opened."""
    try:
        known = revealed(read, session.folder)
        if not is_url(known) and not known.startswith(FRAME):
            located([known], session.folder)
    except SourceError as error:
        yield Problem(f"{error.message} ({read})", f"sources/{source}.yml", None, error.action)
