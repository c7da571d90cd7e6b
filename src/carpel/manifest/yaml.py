"""One YAML file as plain data, with the line every value stands on."""

from dataclasses import dataclass, field
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

from carpel.errors import Problem

LARGEST = 1_000_000
"""Bytes of a project file; a larger one is not something a person wrote."""
DEEPEST = 100
Path_ = tuple[str | int, ...]


@dataclass
class Written:
    """What a file says, where each value of it stands, and what is wrong with it as YAML."""

    file: str
    data: Any = None
    lines: dict[Path_, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, path: Path_) -> int | None:
        """Line of the value at a path, or of the nearest one around it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return None


def read(path: Path, shown: str) -> Written:
    """Read one file; mistakes of YAML itself become problems, never an exception."""
    written = Written(shown)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        return _wrong(written, f"cannot be read: {error}", None, "Save the file as UTF-8 text.")
    if len(text) > LARGEST:
        return _wrong(written, "is larger than 1 MB", None, "A project file holds rules, not data.")
    return _loaded(written, text)


def _loaded(written: Written, text: str) -> Written:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    yaml = YAML(typ="rt", pure=True)
    yaml.allow_duplicate_keys = False
    try:
        if alias := _alias(yaml, text):
            return _wrong(
                written,
                "YAML anchors and aliases are not used here",
                alias,
                "Write the value out, or make it a segment and refer to it by name.",
            )
        written.data = _plain(yaml.load(StringIO(text)), (), written.lines)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return _wrong(
            written,
            f"is not YAML: {str(error.problem).split(chr(10))[0]}",
            mark.line + 1 if mark else None,
            "Check indentation, colons and quotes.",
        )
    except (YAMLError, ValueError, RecursionError) as error:
        return _wrong(written, f"is not YAML: {str(error).split(chr(10))[0]}", None, "")
    return written


def _alias(yaml: Any, text: str) -> int | None:
    """Line of the first alias: a few nested ones are how a small file becomes a huge one."""
    from ruamel.yaml.events import AliasEvent

    for event in yaml.parse(StringIO(text)):
        if isinstance(event, AliasEvent):
            return int(event.start_mark.line) + 1
    return None


def _plain(value: Any, path: Path_, lines: dict[Path_, int]) -> Any:
    if len(path) > DEEPEST:
        raise ValueError(f"nested deeper than {DEEPEST} levels")
    marks: Any = getattr(value, "lc", None)
    if isinstance(value, dict):
        lines.setdefault(path, marks.line + 1)
        for key in value:
            lines[(*path, key)] = marks.key(key)[0] + 1
        return {key: _plain(each, (*path, key), lines) for key, each in value.items()}
    if isinstance(value, list):
        for index in range(len(value)):
            lines[(*path, index)] = marks.item(index)[0] + 1
        return [_plain(each, (*path, index), lines) for index, each in enumerate(value)]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    """ruamel's own kinds of number, text and instant become Python's."""
    if isinstance(value, datetime):
        return datetime.fromisoformat(value.isoformat())  # a deep copy of its own loses the zone
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    return value


def _wrong(written: Written, message: str, line: int | None, action: str) -> Written:
    written.problems.append(Problem(message, written.file, line, action))
    return written
