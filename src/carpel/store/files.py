"""Data files, named by their content: written once, never changed, shared between builds."""

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from carpel.errors import StoreError
from carpel.store.nested import dumps
from carpel.store.points import reach

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def digest(value: Any) -> str:
    """Fingerprint of anything JSON can say; equal values give equal fingerprints."""
    return hashlib.sha256(dumps(value).encode()).hexdigest()[:32]


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


@contextmanager
def storing(place: Path) -> Iterator[None]:
    """Turn what an operating system says about a disk into an error a user can act upon."""
    try:
        yield
    except OSError as error:
        cause = error.strerror or type(error).__name__
        action = (
            "Free some space and run again; the former build is still current."
            if error.errno in FULL
            else "See that the disk is there and that you may write to it, or name another place."
        )
        raise StoreError(
            f"Cannot write here: {cause}.", place=str(place.parent), action=action
        ) from error


def replace(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Write a small file so that a reader sees either the former or the new one, whole."""
    fresh = path.with_name(f".{path.name}.{uuid4().hex}")
    with storing(path):
        try:
            fresh.touch(mode)
            fresh.write_bytes(content)
            reach("small.written")
            sync(fresh)
            reach("small.synced")
            fresh.replace(path)
            reach("small.replaced")
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise
        sync(path.parent)
    reach("small.kept")


class Files:
    """The folder of data files of one project."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with storing(folder):
            folder.mkdir(parents=True, exist_ok=True)

    def fresh(self) -> Path:
        """A path to write a new file to; `keep` then names it by its content."""
        return self.folder / f".{uuid4().hex}.parquet"

    def keep(self, written: Path) -> str:
        """Put a finished file under the name of its content, durably; gives that name."""
        reach("file.written")
        with storing(written):
            name = f"{file_digest(written)}.parquet"
            sync(written)
            reach("file.synced")
            written.replace(self.folder / name)
            reach("file.named")
            sync(self.folder)
        reach("file.kept")
        return name

    def path(self, name: str) -> Path:
        """Where a kept file is."""
        return self.folder / name

    def names(self) -> set[str]:
        """Every file there is, finished or not."""
        return {path.name for path in self.folder.iterdir()}

    def delete(self, name: str) -> None:
        """Delete a file; nothing when it is gone already."""
        with storing(self.folder / name):
            self.path(name).unlink(missing_ok=True)
        reach("prune.file_deleted")
