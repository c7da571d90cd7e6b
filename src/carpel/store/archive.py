"""Backups: one file with everything under `.carpel` and what people wrote, and back again."""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from uuid import uuid4
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from carpel.engine.base import Engine
from carpel.errors import StoreError
from carpel.store import corrections
from carpel.store.builds import Build, from_json, to_json
from carpel.store.erasure import erase_again
from carpel.store.files import replace, storing, sync
from carpel.store.ledger_copy import Rows, copied, merged
from carpel.store.points import reach
from carpel.store.process import Clock
from carpel.store.store import FOLDER, Store, open_store
from carpel.store.tombstones import tombstones

WRITTEN = (".yml", ".yaml")
"""What people write: the rest of a project's folder is data of theirs, and not backed up."""
MEMBER = re.compile(
    r"(about|ledger)\.json|key|builds/[\w.-]+\.json|files/[0-9a-f]{32}\.parquet"
    r"|corrected/[a-z][a-z0-9_]*/[0-9]+\.jsonl|project/.+"
)
FORMAT = 1


@dataclass(frozen=True)
class Restored:
    """What came back."""

    builds: Sequence[str]
    current: str | None
    differing: Sequence[str] = field(default_factory=list)
    """Project files that differ from the backup's; they stayed as they are."""


def backup(store: Store, to: Path, *, actor: str = "local") -> Path:
    """Write builds, ledger, tombstones, corrected rows and the project's YAML into one archive.

    The archive holds people's data and the project's key: only its owner can read it. It is there
    whole or not at all. Raises Busy while somebody builds.
    """
    fresh = to.with_name(f".{to.name}.{uuid4().hex}")
    with store.lease("backup", actor=actor), storing(to):
        for left in to.parent.glob(f".{to.name}.*"):  # by a backup that was killed
            left.unlink()
        try:
            fresh.touch(0o600)
            with ZipFile(fresh, "w", ZIP_DEFLATED) as archive:
                _fill(archive, store)
            sync(fresh)
            reach("backup.before_replace")
            fresh.replace(to)
        finally:
            fresh.unlink(missing_ok=True)
        sync(to.parent)
    return to


def restore(
    archive: Path,
    project: Path,
    engine: Engine,
    clock: Clock,
    *,
    actor: str = "local",
    ledger: str | None = None,
) -> Restored:
    """Bring a backup back, into an empty folder or over the project that it was made of.

    Its builds come back and its current one is current again, without anybody erased since: no
    moment shows them. The ledger forgets nothing that happened after the backup, and customer
    keys given out since stay given out. Project files that are missing come back, those that
    differ stay and are named. Raises StoreError when the archive is damaged or of another
    project, with nothing changed.
    """
    with _opened(archive) as opened:
        builds, rows, current = _read(opened, archive)
        _adopt_key(project / FOLDER, opened.read("key").decode(), archive)
        store = open_store(project, clock, ledger=ledger)
        with store.lease("restore", actor=actor) as lease:
            _take_files(opened, store)
            reach("restore.files")
            with store.ledger.write() as connection:
                merged(connection, rows)
            reach("restore.ledger")
            corrections.take(opened, store.folder, tombstones(store.ledger, store.key))
            _publish(store, erase_again(store, engine, builds), current)
            store.ledger.forget_deleted()
            if current:
                lease.made(current)
        return Restored([build.build for build in builds], current, _take_yaml(opened, project))


def project_file(archive: Path, name: str) -> bytes | None:
    """A file of the project as the archive keeps it; raises StoreError when it is none of ours."""
    with _opened(archive) as opened:
        kept = f"project/{name}"
        return opened.read(kept) if kept in opened.namelist() else None


def _fill(archive: ZipFile, store: Store) -> None:
    builds = list(store.builds.all())
    about = {
        "format": FORMAT,
        "current": store.builds.current_name(),
        "at": store.clock().isoformat(),
    }
    archive.writestr("about.json", json.dumps(about))
    archive.writestr("ledger.json", json.dumps(copied(store.ledger)))
    archive.writestr("key", store.key.hex())
    for build in builds:
        archive.writestr(f"builds/{build.build}.json", to_json(build))
    for name in sorted({name for build in builds for name in build.files()}):
        archive.write(store.builds.files.path(name), f"files/{name}", ZIP_STORED)
    for path in corrections.corrected(store.folder):
        archive.write(path, path.relative_to(store.folder).as_posix())
    for path in _yaml(store.folder.parent):
        archive.write(path, f"project/{path.relative_to(store.folder.parent).as_posix()}")


def _yaml(project: Path) -> Iterator[Path]:
    for path in sorted(project.rglob("*")):
        inside = path.relative_to(project).parts
        if path.suffix in WRITTEN and not any(part.startswith(".") for part in inside):
            yield path


@contextmanager
def _opened(path: Path) -> Iterator[ZipFile]:
    """The archive; raises StoreError when it is none of ours."""
    if not path.exists():
        raise StoreError(
            "There is no such file.",
            place=str(path),
            action="Check the path and the working folder.",
        )
    try:
        archive = ZipFile(path)
        about = json.loads(archive.read("about.json"))
        newer = about["format"] > FORMAT
    except (OSError, BadZipFile, KeyError, ValueError, TypeError) as error:
        raise _damaged(path) from error
    with archive:
        if newer:
            raise StoreError(
                "This backup was made by a newer version of Carpel.",
                place=str(path),
                action="pip install --upgrade carpel",
            )
        _check(archive, path)
        yield archive


def _check(archive: ZipFile, path: Path) -> None:
    """Every member is whole, of a kind we know, and stays inside the folder it belongs to."""
    strange = [
        name
        for name in archive.namelist()
        if not MEMBER.fullmatch(name) or ".." in PurePosixPath(name).parts
    ]
    if strange or archive.testzip() is not None:
        raise _damaged(path)


def _read(archive: ZipFile, path: Path) -> tuple[list[Build], Rows, str | None]:
    """The manifests, the ledger's rows and the name of the current build."""
    try:
        builds = [from_json(json.loads(archive.read(name))) for name in _under(archive, "builds")]
        rows: Rows = json.loads(archive.read("ledger.json"))
        current: str | None = json.loads(archive.read("about.json"))["current"]
    except (KeyError, ValueError, TypeError) as error:
        raise _damaged(path) from error
    return builds, rows, current


def _damaged(path: Path) -> StoreError:
    return StoreError(
        "This is not a whole backup of Carpel's.",
        place=str(path),
        action="Use another backup; nothing was changed.",
    )


def _adopt_key(folder: Path, key: str, archive: Path) -> None:
    """A new project takes the backup's key; one that has builds must be the same project."""
    path = folder / "key"
    if path.exists() and path.read_text() == key:
        return
    if (folder / "current").exists():
        raise StoreError(
            "This backup is of another project.",
            place=str(archive),
            action="Restore it into an empty folder.",
        )
    with storing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    replace(path, key.encode(), mode=0o600)


def _under(archive: ZipFile, folder: str) -> list[str]:
    return sorted(name for name in archive.namelist() if name.startswith(f"{folder}/"))


def _take_files(archive: ZipFile, store: Store) -> None:
    """Data files go to their place; each must have the content that its name says."""
    files = store.builds.files
    here = files.names()
    for member in _under(archive, "files"):
        name = PurePosixPath(member).name
        if name in here:
            continue
        fresh = files.fresh()
        try:
            with storing(fresh), archive.open(member) as source, fresh.open("wb") as target:
                while chunk := source.read(1 << 20):
                    target.write(chunk)
            if files.keep(fresh) != name:
                raise StoreError(f"The backup's file {name} is damaged.")
        finally:
            fresh.unlink(missing_ok=True)


def _publish(store: Store, builds: Sequence[Build], current: str | None) -> None:
    for build in builds:
        store.builds.write(build)
    reach("restore.manifests")
    if current:
        store.builds.publish(current)
    store.builds.sweep()


def _take_yaml(archive: ZipFile, project: Path) -> list[str]:
    """Write the project files that are missing; name those that differ."""
    differing = []
    for member in _under(archive, "project"):
        inside = PurePosixPath(member).relative_to("project")
        path, content = project / inside, archive.read(member)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            replace(path, content)
        elif path.read_bytes() != content:
            differing.append(str(inside))
    return differing
