"""`carpel verdict`: what campaigns and other experiments caused, by the current update."""

from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from carpel.errors import CarpelError, NotFound
from carpel.reports.caused import Caused, caused
from carpel.reports.caused.page import page
from carpel.reports.figures import Figures
from carpel.reports.tables import Tables
from carpel.specs.programme import PROGRAMME
from carpel.verbs.leaving import PAGES, write_page
from carpel.verbs.reader import Reader, reading
from carpel.verbs.session import Session


def verdicts(session: Session) -> list[Caused]:
    """Every experiment, those that did harm first, then the latest."""
    with reading(session) as reader:
        return caused(Tables(reader.engine, reader.build), _figures(reader))


def verdict(session: Session, name: str, to: Path | None = None) -> Caused:
    """What one experiment caused; as a page of its own too, in a file for `to`.

    `programme` is all campaigns together, in the latest quarter that is over; `programme.q2026_1`
    in that one. Raises NotFound for an experiment that has not begun, and CarpelError for a kind of
    file that cannot be written, and where a picture needs a browser and there is none.
    """
    if to is not None and to.suffix not in PAGES:
        raise CarpelError(
            f"A verdict is written as {', '.join(PAGES)}.", action=f"Say --to {to.stem}.html"
        )
    with reading(session) as reader:
        figures = _figures(reader)
        found = {each.name: each for each in caused(Tables(reader.engine, reader.build), figures)}
        name = _quarter(found) if name == PROGRAMME and name not in found else name
        if name not in found:
            raise _nothing(reader, name, list(found))
        if to is not None:
            write_page(page(found[name], figures, reader.build.as_of), to)
        return found[name]


def _quarter(found: Mapping[str, Caused]) -> str:
    """The latest quarter of all campaigns whose time is over, else the one under way."""
    quarters = sorted(name for name in found if name.startswith(f"{PROGRAMME}."))
    over = [name for name in quarters if found[name].over]
    return next(iter([*over[-1:], *quarters[-1:]]), PROGRAMME)


def _figures(reader: Reader) -> Figures:
    project = reader.definitions.project
    return Figures(project.currency, ZoneInfo(project.timezone))


def _nothing(reader: Reader, name: str, known: list[str]) -> CarpelError:
    if name == PROGRAMME:
        return CarpelError(
            "Nobody is kept aside from all campaigns, or no update was made since.",
            action="Say `holdout: {share: 0.05, since: YYYY-MM-DD}` in carpel.yml, then carpel run",
        )
    if name in reader.definitions.campaigns:
        return CarpelError(
            f"{name} has not begun, or no update was made since.",
            action=f"carpel send {name}, then carpel run",
        )
    return NotFound("experiment", name, known, action="carpel verdict lists them.")
