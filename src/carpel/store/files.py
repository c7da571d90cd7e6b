"""Data files, named by their content: written once, never changed, shared between builds."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any
from uuid import uuid4


def digest(value: Any) -> str:
    """Fingerprint of anything JSON can say; equal values give equal fingerprints."""
    text = json.dumps(value, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def file_digest(path: Path) -> str:
    """Fingerprint of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:32]


def sync(path: Path) -> None:
    """Make sure that what was written to a file, or the entries of a folder, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace(path: Path, content: bytes) -> None:
    """Write a small file so that a reader sees either the former or the new one, whole."""
    fresh = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        fresh.write_bytes(content)
        sync(fresh)
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    sync(path.parent)


class Files:
    """The folder of data files of one project."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def fresh(self) -> Path:
        """A path to write a new file to; `keep` then names it by its content."""
        return self.folder / f".{uuid4().hex}.parquet"

    def keep(self, written: Path) -> str:
        """Put a finished file under the name of its content, durably; gives that name."""
        name = f"{file_digest(written)}.parquet"
        sync(written)
        written.replace(self.folder / name)
        return name

    def path(self, name: str) -> Path:
        """Where a kept file is."""
        return self.folder / name
