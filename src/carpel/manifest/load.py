"""A project's folder as definitions, or every mistake in it at once."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from carpel import specs
from carpel.errors import Problem, ProjectError, suggestion
from carpel.language import RuleError
from carpel.manifest.names import name_problems
from carpel.manifest.yaml import Broken, Places, Written, read
from carpel.specs import Definitions

ROOT = "carpel.yml"
KINDS: Mapping[str, Any] = {
    "sources": specs.Source,
    "traits": specs.Trait,
    "segments": specs.Segment,
    "segmentations": specs.Segmentation,
    "predictions": specs.Prediction,
    "goals": specs.Goal,
    "checks": specs.Check,
    "personas": specs.Persona,
    "channels": specs.Channel,
    "messages": specs.Message,
    "campaigns": specs.Campaign,
}
"""The folders of a project, and what the files in each say."""


SHAPES = {
    "^[a-z][a-z0-9_]*$": "a name: lower-case letters, digits and _, a letter first",
    "^[A-Z]{3}$": "three capital letters such as EUR",
    "^[A-Z]{2}$": "two capital letters such as DE",
}
"""What the patterns of the specs say, in words."""


@dataclass(frozen=True)
class Loaded:
    """A project as far as it can be read, and all that is wrong with its form and its names."""

    definitions: Definitions
    written: Places
    """Where each file's words stand, for messages."""
    problems: Sequence[Problem] = ()
    broken: Broken = frozenset()
    """Files that are no definitions: by folder and name."""

    def sound(self) -> Definitions:
        """The definitions; raises ProjectError with every mistake, if there is one."""
        if self.problems:
            raise ProjectError(self.problems)
        return self.definitions

    def understood(self, traits: Collection[str]) -> Definitions:
        """The definitions without those that have a mistake or need one of these by its name.

        `traits` are the built-in ones. What a mistaken source or trait brought is not missed, as
        builds have it. Raises ProjectError for mistakes in `carpel.yml`, on which all rests.
        """
        if wrong := [each for each in self.problems if each.file == ROOT]:
            raise ProjectError(wrong)
        kept, gone, mistakes = self.definitions, set(self.broken), self.problems
        while astray := {_at(each) for each in mistakes} - gone:
            gone |= astray
            kept = _without(kept, gone)
            brought = {each for each in gone if each[0] in ("sources", "traits")}
            mistakes = name_problems(kept, self.written, traits, brought)
        return kept


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
        spec = _valid(KINDS[kind], written[kind, path.stem], {"name": path.stem}, problems)
        if spec is None:
            broken.add((kind, path.stem))
        else:
            found[kind][spec.name] = spec
    definitions = Definitions(project or specs.Project(name=folder_name(folder)), **found)
    if traits is not None:
        problems += name_problems(definitions, written, traits, broken)
    problems += _misnamed(folder)
    return Loaded(definitions, written, in_order(problems), broken)


def _at(problem: Problem) -> tuple[str, str]:
    """Folder and name of the file that a mistake is in."""
    file = Path(problem.file)
    return file.parent.name, file.stem


def _without(definitions: Definitions, gone: Broken) -> Definitions:
    """The definitions but for those of these files."""
    kept: dict[str, Any] = {
        kind: {
            name: each
            for name, each in getattr(definitions, kind).items()
            if (kind, name) not in gone
        }
        for kind in KINDS
    }
    return replace(definitions, **kept)


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
    found: specs.Project | None = _valid(specs.Project, read(root, ROOT), named, problems)
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
    found: specs.Segment | None = _valid(specs.Segment, written, {"name": "asked"}, problems)
    if found is None:
        raise ProjectError(problems)
    return found


def folder_name(folder: Path) -> str:
    """What a project is called that does not say: its folder's name, made a name."""
    cleaned = "".join(each if each.isalnum() else "_" for each in folder.resolve().name.lower())
    ascii_only = cleaned.encode("ascii", "ignore").decode().strip("_")
    return ascii_only if ascii_only[:1].isalpha() else f"project_{ascii_only}".rstrip("_")


def _valid(model: Any, written: Written, named: Mapping[str, str], problems: list[Problem]) -> Any:
    problems.extend(written.problems)
    if written.problems:
        return None
    if not isinstance(written.data, dict):
        problems.append(
            Problem(
                "is empty or not a mapping of names to values",
                written.file,
                1,
                "See `carpel schema` for what this kind of file says.",
            )
        )
        return None
    try:
        return TypeAdapter(model).validate_python({**named, **written.data})
    except ValidationError as error:
        problems.extend(
            problem
            for each in _without_slips(error.errors())
            for problem in _problems(each, written, model)
        )
        return None


def _without_slips(errors: Sequence[Any]) -> list[Any]:
    """The mistakes, without words that are missing only because they are misspelt there."""
    strange = [each["loc"] for each in errors if each["type"] == "extra_forbidden"]
    return [
        each
        for each in errors
        if each["type"] != "missing"
        or not any(
            loc[:-1] == each["loc"][:-1] and get_close_matches(str(loc[-1]), [str(each["loc"][-1])])
            for loc in strange
        )
    ]


def _problems(error: Any, written: Written, model: Any) -> Iterator[Problem]:
    """One problem; of a rule, every mistake in it."""
    cause = error.get("ctx", {}).get("error")
    if not isinstance(cause, RuleError):
        yield _problem(error, written, model)
        return
    above = _path(error, written.data)
    for each in cause.mistakes:
        path = (*above, *each.path)
        where = ".".join(map(str, path))
        line = written.line(path)
        below = each.position[0] if each.position and _is_block(written.data, path) else 0
        yield Problem(f"{where}: {each.message}", written.file, line and line + below)


def _is_block(data: Any, path: tuple[str | int, ...]) -> bool:
    """Whether a rule is written as text of several lines, which begin below its word."""
    for step in path:
        data = data[step]
    return isinstance(data, str) and "\n" in data


def _problem(error: Any, written: Written, model: Any) -> Problem:
    path = _path(error, written.data)
    where = ".".join(str(each) for each in path)
    message, action = error["msg"].removeprefix("Value error, "), ""
    if error["type"] == "extra_forbidden":
        message = f"unknown word {path[-1]!r}"
        action = suggestion(str(path[-1]), _words(model))
    elif error["type"] == "string_pattern_mismatch":
        shape = SHAPES.get(error["ctx"]["pattern"], "of another form")
        whose = path[-1] if path else "the file's name"
        message = f"{whose}: {error['input']!r} is not {shape}"
    elif error["type"].startswith("union_tag"):
        said, known = error["ctx"].get("tag"), error["ctx"].get("expected_tags", "")
        message = f"`kind` is {said!r}" if said else "`kind` is missing"
        action = f"Say one of: {known}." if known else "See `carpel schema` for those there are."
    elif error["type"] == "missing":
        message = f"{path[-1]!r} is missing"
    elif error["type"].endswith(("date_parsing", "datetime_parsing", "date_from_datetime_parsing")):
        message = f"{where}: {error['input']!r} is no day; write it like 2026-12-31"
    elif where:
        message = f"{where}: {message}"
    return Problem(message, written.file, written.line(path), action)


def _path(error: Any, data: Any) -> tuple[str | int, ...]:
    """Pydantic's path without the names of union members."""
    path: list[str | int] = []
    for step in error["loc"]:
        inside = isinstance(data, dict) and step in data
        listed = isinstance(data, list) and isinstance(step, int) and step < len(data)
        if inside or listed:
            data = data[step]
            path.append(step)
        elif step == error["loc"][-1] and error["type"] in ("missing", "extra_forbidden"):
            path.append(step)
    return tuple(path)


def _words(model: Any) -> set[str]:
    """Every word that a kind of file knows, at any depth."""
    words: set[str] = set()
    waiting: list[Any] = [model]
    seen: set[int] = set()
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        if isinstance(each, type) and issubclass(each, BaseModel):
            words |= set(each.model_fields)
            waiting += [field.annotation for field in each.model_fields.values()]
        waiting += getattr(each, "__args__", ())
    return words
