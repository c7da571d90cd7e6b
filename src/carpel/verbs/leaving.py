"""Files that people ask for: the place is looked at before any work is done."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from carpel.errors import CarpelError, NotFound

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
