"""Secrets that a source names as `${NAME}`: taken when it is read, and written down nowhere."""

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path

from carpel.errors import SourceError, suggestion

FILE = "secrets.env"
"""Lines of NAME=value in the project's folder; only its owner may read it."""
NAMED = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def names_secret(read: str) -> bool:
    """Whether a secret is part of what is read."""
    return NAMED.search(read) is not None


def revealed(read: str, folder: Path) -> str:
    """`read` with each `${NAME}` from the environment, else from the project's secrets file.

    Raises SourceError naming a secret that is nowhere, or a file that others may read.
    """
    if not names_secret(read):
        return read
    known = {**_kept(folder / FILE), **os.environ}
    missing = [name for name in NAMED.findall(read) if name not in known]
    if missing:
        raise SourceError(
            f"The secret {missing[0]} is not known here.",
            place=read,
            action=f"Set it in the environment, or write {missing[0]}=… in {FILE} of the project, "
            f"readable for you alone. {suggestion(missing[0], _alike(missing[0], known))}".strip(),
        )
    return NAMED.sub(lambda found: known[found[1]], read)


def _alike(name: str, known: Mapping[str, str]) -> list[str]:
    """Known names that begin the same way; the rest of an environment is nobody's business."""
    return [each for each in known if each[:3].upper() == name[:3].upper()]


def _kept(file: Path) -> Mapping[str, str]:
    if not file.exists():
        return {}
    if os.name == "posix" and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SourceError(
            "Others than its owner may read this file.", place=FILE, action=f"chmod 600 {FILE}"
        )
    lines = (line.strip() for line in file.read_text(encoding="utf-8-sig").splitlines())
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("\"'") for name, _, value in pairs}
