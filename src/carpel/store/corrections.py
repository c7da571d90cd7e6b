"""Corrected rows that people loaded: kept beside the builds, one file a source and load.

They are people's data like the builds: an erasure forgets the person's, a backup holds them.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from zipfile import ZipFile

from carpel.store.files import replace
from carpel.store.person import Person
from carpel.store.tombstones import Tombstones

FOLDER = "corrected"


def corrected(folder: Path) -> Sequence[Path]:
    """All files of corrected rows under `.carpel`."""
    return sorted((folder / FOLDER).glob("*/[0-9]*.jsonl"))


def forget(folder: Path, person: Person) -> None:
    """Take out rows that tell of the person, or stand in the place of one that did."""
    for file in corrected(folder):

        def of_them(line: str, source: str = file.parent.name) -> bool:
            row = json.loads(line)
            return (source, row["_file"], int(row["_row"])) in person.rows or person.told_by(line)

        _write(file, file.read_bytes(), of_them)


def take(archive: ZipFile, folder: Path, stones: Tombstones) -> None:
    """Bring a backup's corrected rows back where there are none, without those of erased people."""
    for member in sorted(archive.namelist()):
        file = folder / PurePosixPath(member)
        if member.startswith(f"{FOLDER}/") and not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            _write(file, archive.read(member), stones.in_content)


def _write(file: Path, content: bytes, gone: Callable[[str], bool]) -> None:
    """Make the file hold the lines that are not gone; without any, there is no file."""
    kept = [line for line in content.decode().split("\n") if line and not gone(line)]
    text = "".join(f"{line}\n" for line in kept).encode()
    if not kept:
        file.unlink(missing_ok=True)
    elif not file.exists() or text != content:
        replace(file, text)
