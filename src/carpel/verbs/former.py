"""The update before, as far as it is kept: what personas told then."""

from carpel.errors import CarpelError
from carpel.reports.persona import FORMER
from carpel.verbs.reader import Reader
from carpel.verbs.session import Session

TOLD = "persona_sentences"


def bind_former(session: Session, reader: Reader) -> None:
    """Let the engine read the sentences of the parent build; nothing where none is kept."""
    if reader.build.parent is None:
        return
    builds = session.store.builds
    try:
        files = builds.read(reader.build.parent).tables().get(TOLD, [])
    except CarpelError:
        return
    paths = [builds.files.path(each) for each in files]
    if paths and all(path.exists() for path in paths):
        reader.engine.bind(FORMER, paths)
