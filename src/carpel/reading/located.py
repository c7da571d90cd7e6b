"""Where a source's data is: files behind paths and globs, or a database."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from carpel.errors import SourceError

KINDS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".dat": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xls": "xlsx",
    ".xlsb": "xlsx",
    ".ods": "xlsx",
    ".db": "database",
    ".sqlite": "database",
    ".sqlite3": "database",
}
FRAME = "frame:"
"""How a source says that its rows are a data frame handed in from Python."""


@dataclass(frozen=True)
class Located:
    """One file, and the path rows and messages call it by: from the project, as `read` has it."""

    path: Path
    shown: str


def is_url(read: str) -> bool:
    """Whether this names a database on a server rather than a file."""
    return "://" in read


def located(read: Sequence[str], folder: Path) -> list[Located]:
    """The files behind paths and globs, in order of name; SourceError when one finds nothing."""
    found: list[Located] = []
    for each in read:
        paths = _paths(each, folder)
        if (folder / Path(each).expanduser()).is_dir():
            raise SourceError(
                "This is a folder, not a file.",
                place=each,
                action=f"Say `{each}/*.csv`, or the like.",
            )
        if not paths:
            raise SourceError(
                "There is no such file.",
                place=each,
                action=f"Put it there, or correct `read`; looked in {folder.name}.",
            )
        found.extend(Located(path, _shown(path, each, folder)) for path in paths)
    return list(dict.fromkeys(found))


def kind_of(path: Path) -> str:
    """The format that a file's name tells, and its first bytes where it does not."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    while suffixes and suffixes[-1] in (".gz", ".gzip"):
        suffixes.pop()
    if suffixes and suffixes[-1] in KINDS:
        return KINDS[suffixes[-1]]
    with path.open("rb") as file:
        start = file.read(16)
    if start.startswith(b"PAR1"):
        return "parquet"
    return "database" if start.startswith(b"SQLite format 3") else "csv"


def _paths(each: str, folder: Path) -> list[Path]:
    whole = folder / Path(each).expanduser()
    if whole.is_file():
        return [whole]
    root = Path(whole.anchor)
    return sorted(path for path in root.glob(str(whole.relative_to(root))) if path.is_file())


def _shown(path: Path, each: str, folder: Path) -> str:
    if Path(each).expanduser().is_absolute() and not path.is_relative_to(folder):
        return str(path)
    return Path(os.path.relpath(path, folder)).as_posix()
