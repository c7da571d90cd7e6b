"""A project's folder as definitions, or every mistake in it at once."""

from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from carpel import specs
from carpel.errors import Problem, ProjectError
from carpel.manifest.form import valid
from carpel.manifest.kinds import KINDS, ROOT
from carpel.manifest.loaded import Loaded
from carpel.manifest.names import name_problems
from carpel.manifest.pages import with_said
from carpel.manifest.regions import with_regions
from carpel.manifest.yaml import Written, read
from carpel.specs import Definitions


def load(folder: Path, traits: Collection[str] | None = None) -> Loaded:
    """Read a project with every mistake of form there is; files that have one are left out.

    With the built-in `traits` given, also with every name that leads nowhere. Raises ProjectError
    where there is no project.
    """
    problems: list[Problem] = []
    project = _project(folder, problems)
    found: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}
    written: dict[tuple[str, str], Written] = {}
    broken: set[tuple[str, str]] = set()
    for kind, path in _files(folder):
        if (kind, path.stem) in written:
            problems.append(_twice(kind, path))
            continue
        written[kind, path.stem] = read(path, f"{kind}/{path.name}")
        spec = valid(KINDS[kind], written[kind, path.stem], {"name": path.stem}, problems)
        if spec is None:
            broken.add((kind, path.stem))
        else:
            found[kind][spec.name] = spec
    own = Definitions(project or specs.Project(name=folder_name(folder)), **found)
    definitions = with_said(with_regions(own, written, problems))
    if traits is not None:
        problems += name_problems(definitions, written, traits, broken)
    problems += _misnamed(folder)
    return Loaded(definitions, written, in_order(problems), broken)


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """By file and line, each once."""
    return sorted(dict.fromkeys(problems), key=lambda each: (each.file, each.line or 0))


def load_project(folder: Path) -> specs.Project:
    """What `carpel.yml` says, whatever is wrong in other files; raises ProjectError."""
    problems: list[Problem] = []
    project = _project(folder, problems)
    if project is None:
        raise ProjectError(problems)
    return project


def _project(folder: Path, problems: list[Problem]) -> specs.Project | None:
    root = folder / ROOT
    if not root.exists():
        raise ProjectError([_no_project(folder)])
    named = {"name": folder_name(folder)}
    found: specs.Project | None = valid(specs.Project, read(root, ROOT), named, problems)
    return found


def _no_project(folder: Path) -> Problem:
    return Problem(
        f"there is no {ROOT} in {folder}",
        action=(
            "Make a project with `carpel init NAME --from FILES`, or name its folder with "
            "--project."
        ),
    )


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for kind in KINDS:
        for path in sorted((folder / kind).glob("*.y*ml")):
            if path.suffix in (".yml", ".yaml"):
                yield kind, path


def _twice(kind: str, path: Path) -> Problem:
    return Problem(
        f"two files are called {path.stem!r}: one ends in .yml, one in .yaml",
        f"{kind}/{path.name}",
        action="Keep one of them, or give one another name.",
    )


def _misnamed(folder: Path) -> list[Problem]:
    """Folders with definitions in them that nobody reads, as their names are nearly right."""
    return [
        Problem(
            f"the definitions in the folder {each.name!r} are not read",
            each.name,
            action=f"Call it {near[0]!r}; or, where it is none of Carpel's, something else.",
        )
        for each in folder.iterdir()
        if each.name not in KINDS
        and (near := get_close_matches(each.name.lower(), KINDS, n=1, cutoff=0.8))
        and any(each.glob("*.y*ml"))
    ]


def segment_of(written: Written) -> specs.Segment:
    """The segment that a text of YAML describes, whatever it is called; raises ProjectError."""
    problems: list[Problem] = []
    found: specs.Segment | None = valid(specs.Segment, written, {"name": "asked"}, problems)
    if found is None:
        raise ProjectError(problems)
    return found


def folder_name(folder: Path) -> str:
    """What a project is called that does not say: its folder's name, made a name."""
    cleaned = "".join(each if each.isalnum() else "_" for each in folder.resolve().name.lower())
    ascii_only = cleaned.encode("ascii", "ignore").decode().strip("_")
    return ascii_only if ascii_only[:1].isalpha() else f"project_{ascii_only}".rstrip("_")
