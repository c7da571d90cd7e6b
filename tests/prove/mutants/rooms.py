"""The rooms whose code is changed, their everyday tests, and the changes that change nothing."""

from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from .changes import Change, changes

ROOT = Path(__file__).parents[3]
CODE = ROOT / "src" / "carpel"
FOLDERS = {
    "language": ("tests/language",),
    "evaluation": ("tests/evaluation", "tests/timelines", "tests/stages/segments"),
    "stats": ("tests/stats", "tests/numbers"),
}
EQUIVALENT = Path(__file__).parent / "equivalent.yml"
"""Changes after which the code does the same, each with a reason."""


def equivalent() -> set[tuple[str, str, str]]:
    """File, line as it stands and change, of those after which the code does the same."""
    listed = YAML(typ="safe").load(EQUIVALENT)
    return {(file, each["line"], each["change"]) for file in listed for each in listed[file]}


@dataclass(frozen=True)
class Module:
    """A file of a room: where it is, and its source when the run began."""

    path: Path
    source: str

    @property
    def file(self) -> str:
        """Where it is below the package."""
        return str(self.path.relative_to(CODE))

    @property
    def name(self) -> str:
        """What it is imported by."""
        parts = self.path.relative_to(CODE.parent).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules(room: str) -> list[Module]:
    """The files of a room."""
    paths = sorted((CODE / room).rglob("*.py"))
    return [Module(path, path.read_text(encoding="utf-8")) for path in paths]


def candidates(room: str) -> list[tuple[Module, Change]]:
    """Every change that there is to a room's files, without the equivalent ones."""
    known = equivalent()
    return [
        (module, change)
        for module in modules(room)
        for change in changes(module.source)
        if (module.file, change.text, change.told) not in known
    ]
