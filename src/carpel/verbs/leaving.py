"""Files that people ask for: the place is looked at before any work is done."""

import os
from pathlib import Path

from carpel.errors import CarpelError, NotFound


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
            action="Give yourself the right to, or name another folder.",
        )
    return path
