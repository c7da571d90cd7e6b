"""Builds: manifests of file names, and the one small file that says which is current."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from carpel.errors import NotFound, StoreError
from carpel.store.files import Files, replace


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
        if not path.exists():
            raise NotFound("build", build, self.names())
        try:
            return _from_json(json.loads(path.read_text()))
        except (ValueError, KeyError, TypeError) as error:
            raise StoreError(
                f"The manifest of build {build} is damaged.",
                place=str(path),
                action="carpel rollback to another build",
            ) from error

    def names(self) -> list[str]:
        """All builds, oldest first."""
        return sorted(path.stem for path in self.folder.glob("*.json"))

    def all(self) -> Iterator[Build]:
        """Every build, oldest first."""
        return (self.read(name) for name in self.names())

    def write(self, build: Build) -> None:
        """Store a build's manifest, durably, without making it current."""
        text = json.dumps(asdict(build), default=_plain, indent=1)
        replace(self.folder / f"{build.build}.json", text.encode())

    def publish(self, build: str) -> None:
        """Make a stored build the one that readers see, in one step."""
        replace(self.pointer, f"{build}\n".encode())


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"a build cannot note {type(value).__name__}")


def _from_json(data: dict[str, Any]) -> Build:
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
