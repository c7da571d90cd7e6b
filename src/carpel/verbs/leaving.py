"""Files that people ask for: the place is looked at before any work is done."""

import csv
import io
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from carpel.errors import CarpelError, NotFound
from carpel.store.files import replace
from carpel.values.formulas import harmless

PAGES = (".html", ".pdf", ".png")
"""Endings of a page that is printed to a file."""
ELSEWHERE = "Make room or give yourself the right to write there, or name another folder."


@contextmanager
def leaving(to: Path) -> Iterator[Path]:
    """A path beside `to`, to write the file to that then is `to`: it is there whole or not at all.

    Raises CarpelError that names `to` where the disk does not take it.
    """
    fresh = to.with_name(f".{to.name}.part")
    try:
        yield fresh
        fresh.replace(to)
    except OSError as error:
        cause = error.strerror or type(error).__name__
        raise CarpelError(f"{to} cannot be written: {cause}.", action=ELSEWHERE) from error
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)


def writable(to: Path) -> Path:
    """The path, absolute; raises CarpelError where no file can be written, and says why."""
    path = to.resolve()
    if path.is_dir():
        raise CarpelError(f"{to} is a folder.", action="Name a file in it.")
    if not path.parent.is_dir():
        raise NotFound("folder", str(to.parent), action="Make it, or name another.")
    if not os.access(path.parent, os.W_OK):
        raise CarpelError(
            f"Nothing can be written to {to.parent}.",
            action=ELSEWHERE,
        )
    return path


def write_page(text: str, to: Path) -> None:
    """Write a page of HTML as what the file's ending, one of `PAGES`, says.

    The folder is made where it is missing. Raises CarpelError where a picture needs a browser and
    there is none.
    """
    to.parent.mkdir(parents=True, exist_ok=True)
    if to.suffix == ".html":
        replace(to, text.encode())
        return
    from carpel.reports.browser import printed

    replace(to, printed(text, to.suffix.removeprefix(".")))


def write_list(to: Path, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a CSV of these rows; none of its texts is a formula to a spreadsheet."""
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(head)
    out.writerows(map(harmless, row) for row in rows)
    replace(to, text.getvalue().encode())
