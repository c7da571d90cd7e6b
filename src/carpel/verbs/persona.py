"""The persona of a segment: read, printed to a file, and what changed since the update before."""

from pathlib import Path
from zoneinfo import ZoneInfo

from carpel.errors import CarpelError
from carpel.reports.figures import Figures
from carpel.reports.persona import PersonaCard, personas
from carpel.reports.persona_page import page
from carpel.reports.tables import Tables
from carpel.verbs.former import bind_former
from carpel.verbs.leaving import PAGES, write_page
from carpel.verbs.reader import reading
from carpel.verbs.session import Session


def persona(session: Session, segment: str, to: Path | None = None) -> PersonaCard:
    """What is told of a segment; written to a file too where one is named.

    Raises NotFound for a segment that is not there, CarpelError for an empty one, for a kind of
    file that cannot be written, and where a picture needs a browser and there is none.
    """
    with reading(session) as reader:
        reader.segment(segment)
        bind_former(session, reader)
        project = reader.definitions.project
        found = personas(Tables(reader.engine, reader.build), reader.definitions.personas)
        if segment not in found:
            raise nothing(segment, reader.build.tables())
        figures = Figures(project.currency, ZoneInfo(project.timezone))
        if to is not None:
            _write(page(found[segment], figures, reader.build.as_of), to)
        return found[segment]


def nothing(segment: str, tables: object) -> CarpelError:
    """What to raise for a segment of which nothing is told."""
    if "persona_sentences" not in tables:  # type: ignore[operator]
        return CarpelError("This update has no personas yet.", action="carpel run")
    return CarpelError(
        f"Nobody is in {segment}: there is nobody to describe.",
        action=f"carpel explain segment {segment}",
    )


def _write(text: str, to: Path) -> None:
    if to.suffix not in PAGES:
        raise CarpelError(
            f"A persona is written as {', '.join(PAGES)}, not as {to.suffix or to.name!r}.",
            action=f"Say --to {to.stem}.html",
        )
    write_page(text, to)
