"""Drafts as files: none that is there is overwritten."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from carpel.drafts.calendar import icalendar
from carpel.errors import CarpelError
from carpel.reports.drafts_page import page
from carpel.reports.figures import Figures
from carpel.store.files import replace
from carpel.verbs.leaving import ELSEWHERE, write_list
from carpel.verbs.session import Session

if TYPE_CHECKING:
    from carpel.drafts.ads import Ad
    from carpel.drafts.posts import Post
    from carpel.verbs.draft import Drafts

MESSAGES, FOLDER = "messages", "drafts"
LONGEST = 60
"""Characters of a message's name before its angle."""
POSTS = (
    "when", "network", "post", "text", "link", "image", "image_size", "read_out", "characters",
    "of", "because", "why_then", "notes",
)  # fmt: skip
ADS = ("platform", "field", "text", "characters", "of", "link", "because")


@dataclass(frozen=True)
class Written:
    """Where the drafts are."""

    messages: tuple[str, ...] = ()
    """Names of messages, as a campaign names them."""
    folder: str = ""
    files: tuple[str, ...] = ()


def write(session: Session, drafts: "Drafts", to: Path | None) -> Written:
    """Write a message file each, and the page, the calendar and the lists into a folder.

    Raises CarpelError where a file is there already, or the disk does not take it.
    """
    try:
        folder = to.resolve() if to else _fresh(session.folder / FOLDER, drafts.segment)
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(to or session.folder / FOLDER, error) from error
    wanted = ["drafts.html"]
    wanted += ["posts.csv", "posts.ics"] if drafts.posts else []
    wanted += ["ads.csv"] if drafts.ads else []
    if there := [each for each in wanted if (folder / each).exists()]:
        raise CarpelError(
            f"{there[0]} is in {folder.name} already, and drafts overwrite nothing.",
            action="Name another folder, or move it away.",
        )
    try:
        names = tuple(_messages(session.folder / MESSAGES, drafts))
        _lists(session, drafts, folder)
        figures = Figures(session.settings.currency, ZoneInfo(session.settings.timezone))
        replace(folder / "drafts.html", page(drafts, names, figures, session.clock()).encode())
    except OSError as error:
        raise _unwritable(folder, error) from error
    return Written(names, str(folder), tuple(wanted))


def _unwritable(place: Path, error: OSError) -> CarpelError:
    cause = error.strerror or type(error).__name__
    return CarpelError(f"{place} cannot be written: {cause}.", action=ELSEWHERE)


def _fresh(parent: Path, segment: str) -> Path:
    """A new folder of the segment's name, with a number where there is one already."""
    parent.mkdir(exist_ok=True)
    for number in count(1):
        folder = parent / (segment if number == 1 else f"{segment}-{number}")
        with suppress(FileExistsError):
            folder.mkdir()
            return folder
    raise AssertionError("numbers never end")


def _messages(folder: Path, drafts: "Drafts") -> Iterator[str]:
    """Each under the first name that is free; two at work at once take two names."""
    if drafts.mails:
        folder.mkdir(exist_ok=True)
    bare = re.sub(r"[^a-z0-9_]", "_", drafts.segment.lower())[:LONGEST]
    for each in drafts.mails:
        for number in count(1):
            name = f"{bare}_{each.angle}" + (f"_{number}" if number > 1 else "")
            if (folder / f"{name}.yaml").exists():
                continue
            try:
                (folder / f"{name}.yml").touch(exist_ok=False)
            except FileExistsError:
                continue
            replace(folder / f"{name}.yml", each.file.encode())
            yield name
            break


def _lists(session: Session, drafts: "Drafts", folder: Path) -> None:
    if drafts.posts:
        rows = sorted(drafts.posts, key=lambda each: each.at)
        write_list(folder / "posts.csv", POSTS, map(_post, rows))
        calendar = icalendar(rows, drafts.campaign, session.clock())
        replace(folder / "posts.ics", calendar.encode())
    if drafts.ads:
        write_list(folder / "ads.csv", ADS, (row for each in drafts.ads for row in _ad(each)))


def _post(it: "Post") -> Sequence[object]:
    image = it.image
    return (
        f"{it.at:%Y-%m-%d %H:%M}", it.title, it.number, it.text, it.link, image.shows, image.size,
        image.alt, it.characters, it.of, it.because, it.when, " ".join(it.notes),
    )  # fmt: skip


def _ad(ad: "Ad") -> Iterator[Sequence[object]]:
    for it in ad.texts:
        yield ad.title, it.field, it.text, it.characters, it.of, ad.link, it.because
