"""Builds: manifests of file names, and the one small file that says which is current."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from carpel.errors import NotFound, StoreError
from carpel.store.files import Files, replace
from carpel.store.points import reach


@dataclass(frozen=True)
class Made:
    """What one part of a stage made: its fingerprint, files by table, and notes."""

    fingerprint: str
    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Build:
    """One complete run of the line, as a manifest."""

    build: str
    parent: str | None
    as_of: datetime
    made_at: datetime
    parts: Mapping[str, Made]
    about: Mapping[str, Any] = field(default_factory=dict)

    def tables(self) -> dict[str, list[str]]:
        """File names by table, over all parts."""
        files: dict[str, list[str]] = {}
        for made in self.parts.values():
            for table, names in made.tables.items():
                files.setdefault(table, []).extend(names)
        return files

    def events(self) -> dict[str, str]:
        """Tables of what customers did, by the event: `event_page_viewed` holds `page_viewed`."""
        homes = (table for table in self.tables() if table.startswith("event_"))
        return {home.removeprefix("event_"): home for home in homes}

    def files(self) -> set[str]:
        """Names of all data files."""
        return {name for names in self.tables().values() for name in names}

    def notes(self, stage: str) -> dict[str, Any]:
        """What the parts of a stage noted, merged."""
        return {
            key: value
            for part, made in self.parts.items()
            if part == stage or part.startswith(f"{stage}/")
            for key, value in made.notes.items()
        }


class Builds:
    """The builds of one project: which there are, which is current, and publishing another."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "builds"
        self.pointer = folder / "current"
        self.journal = folder / "rewrite.json"
        self.files = Files(folder / "files")
        self.folder.mkdir(parents=True, exist_ok=True)

    def current(self) -> Build | None:
        """The build that readers see; None before the first."""
        name = self.current_name()
        return self.read(name) if name else None

    def current_name(self) -> str | None:
        """Name of the build that readers see; None before the first."""
        try:
            return self.pointer.read_text().strip()
        except FileNotFoundError:
            return None

    def read(self, build: str) -> Build:
        """One build by its name; raises NotFound, or StoreError when its manifest is damaged."""
        path = self.folder / f"{build}.json"
        try:
            stored = self._rewritten().get(build) or json.loads(path.read_text())
            return from_json(stored)
        except FileNotFoundError:
            raise NotFound("build", build, self.names()) from None
        except (ValueError, KeyError, TypeError) as error:
            raise StoreError(
                f"The manifest of build {build} is damaged.",
                place=str(path),
                action="carpel rollback to another build",
            ) from error

    def names(self) -> list[str]:
        """All builds, oldest first."""
        return sorted(path.stem for path in self.folder.glob("[!.]*.json"))

    def all(self) -> Iterator[Build]:
        """Every build, oldest first."""
        return (self.read(name) for name in self.names())

    def write(self, build: Build) -> None:
        """Store a build's manifest, durably, without making it current."""
        reach("build.before_manifest")
        replace(self.folder / f"{build.build}.json", to_json(build))

    def publish(self, build: str) -> None:
        """Make a stored build the one that readers see, in one step."""
        reach("build.before_publish")
        replace(self.pointer, f"{build}\n".encode())
        reach("build.published")

    def rewrite(self, builds: Iterable[Build]) -> None:
        """Store several manifests anew in one step: readers see all of them as before, or none.

        The journal is that step; `finish` carries it out, here or, after a crash, later.
        """
        journal = {build.build: json.loads(to_json(build)) for build in builds}
        replace(self.journal, json.dumps(journal).encode())
        reach("erase.moved")
        self.finish()

    def finish(self) -> None:
        """Carry out a rewrite that was begun; nothing when there is none."""
        for build in self._rewritten().values():
            self.write(from_json(build))
        reach("erase.repointed")
        self.journal.unlink(missing_ok=True)

    def delete(self, build: str) -> None:
        """Forget a build; its files stay until `sweep`."""
        (self.folder / f"{build}.json").unlink(missing_ok=True)

    def sweep(self) -> int:
        """Delete the data files that no build names and what killed writers left; gives how many.

        Only for who holds the build lease: nobody else may be writing a build meanwhile.
        """
        orphans = {name for name in self.files.names() if name.startswith(".")}
        with suppress(StoreError):  # a damaged manifest may name any of them: then all stay
            named = {name for build in self.all() for name in build.files()}
            orphans |= self.files.names() - named
        for name in orphans:
            self.files.delete(name)
        for folder in (self.folder, self.pointer.parent):
            for path in folder.glob(".*"):
                path.unlink(missing_ok=True)
        return len(orphans)

    def _rewritten(self) -> dict[str, dict[str, Any]]:
        try:
            journal: dict[str, dict[str, Any]] = json.loads(self.journal.read_text())
        except FileNotFoundError:
            return {}
        return journal


def to_json(build: Build) -> bytes:
    """A build's manifest as it is stored."""
    return json.dumps(asdict(build), default=_plain, indent=1).encode()


def from_json(stored: Mapping[str, Any]) -> Build:
    """Read what `to_json` stored; raises ValueError, KeyError or TypeError when it is not that."""
    data = dict(stored)
    parts = {
        name: Made(
            made["fingerprint"],
            {table: tuple(files) for table, files in made["tables"].items()},
            made["notes"],
        )
        for name, made in data.pop("parts").items()
    }
    as_of, made_at = (datetime.fromisoformat(data.pop(key)) for key in ("as_of", "made_at"))
    return Build(as_of=as_of, made_at=made_at, parts=parts, **data)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"a build cannot note {type(value).__name__}")
