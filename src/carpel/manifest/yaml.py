"""One YAML file as plain data, with the line every value stands on."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

from carpel.errors import Problem

LARGEST = 1_000_000
"""Bytes of a project file; a larger one is not something a person wrote."""
DEEPEST = 100
MARKS = frozenset("&*!")
"""Without any of these a text has no anchor, alias or tag."""
SPLIT = "Make the inner part a segment of its own and refer to it by name."
WRITE_OUT = "Write the value out, or make it a segment and refer to it by name."
DAY = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d))?(?![\w-])")
NO_DAY = "Write a day of the calendar, such as 2026-02-28."
Path_ = tuple[str | int, ...]
Wrong = tuple[str, int | None, str]
"""What is wrong, the line, what to do."""


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


Places = Mapping[tuple[str, str], Written]
"""Where the words of files stand, by folder and name."""
Broken = Collection[tuple[str, str]]
"""Folder and name of files whose form is wrong."""


def place_of(written: Places, folder: str, name: str) -> Written:
    """Where a file's values stand; without one, in Python, nowhere."""
    return written.get((folder, name)) or Written(f"{folder}/{name}")


def read(path: Path, shown: str) -> Written:
    """Read one file; mistakes of YAML itself become problems, never an exception."""
    written = Written(shown)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        return _wrong(written, f"cannot be read: {error.strerror}", None, "See what stands there.")
    except UnicodeDecodeError as error:
        return _wrong(
            written,
            f"is not UTF-8 text from byte {error.start} on",
            None,
            "Save the file as UTF-8 text.",
        )
    if len(text) > LARGEST:
        return _wrong(written, "is larger than 1 MB", None, "A project file holds rules, not data.")
    return _loaded(written, text)


def inline(text: str, shown: str) -> Written:
    """Read YAML that stands in no file; `shown` is what it is called."""
    return _loaded(Written(shown), text)


def _loaded(written: Written, text: str) -> Written:
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    wrong: Wrong | None
    try:
        wrong = _fill(written, text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = str(error.problem).split("\n")[0]
        line = mark.line + 1 if mark else None
        wrong = f"is not YAML: {said}", line, "Check indentation, colons and quotes."
    except RecursionError:
        wrong = f"is nested deeper than {DEEPEST} levels", None, SPLIT
    except (YAMLError, ValueError) as error:
        said = str(error).split("\n")[0]
        wrong = f"is not YAML: {said}", None, "Type that part again, as plain text."
    return _wrong(written, *wrong) if wrong else written


def _fill(written: Written, text: str) -> Wrong | None:
    """Put in what the text says, and where; what of it cannot be read, if anything cannot."""
    from ruamel.yaml import YAML

    yaml = YAML(typ="rt", pure=True)
    yaml.allow_duplicate_keys = False
    if not MARKS.isdisjoint(text) and (refused := _refused(yaml, text)):
        return refused
    try:
        written.data = _plain(yaml.load(StringIO(text)), (), written.lines)
    except (RecursionError, ValueError):  # what and where takes a look of its own
        if refused := _refused(yaml, text):
            return refused
        raise
    return None


def _refused(yaml: Any, text: str) -> Wrong | None:
    """What cannot be read, the first of it: an alias (a few nested ones make a small file huge),
    a tag, a day that is in no calendar."""
    from ruamel.yaml.events import (
        AliasEvent,
        CollectionEndEvent,
        CollectionStartEvent,
        NodeEvent,
        ScalarEvent,
    )

    depth = 0
    for event in yaml.parse(StringIO(text)):
        line = int(event.start_mark.line) + 1
        if isinstance(event, AliasEvent):
            return "YAML anchors and aliases are not used here", line, WRITE_OUT
        if isinstance(event, NodeEvent) and getattr(event, "tag", None):
            return f"YAML tags such as {event.tag} are not used here", line, "Write a plain value."
        if isinstance(event, ScalarEvent) and event.implicit[0] and _impossible(event.value):
            return f"there is no such day or time: {event.value}", line, NO_DAY
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > DEEPEST:
            return f"is nested deeper than {DEEPEST} levels", line, SPLIT
    return None


def _impossible(text: str) -> bool:
    """Whether a text has the form of a day or an instant, and there is none such."""
    found = DAY.match(text)
    if found is None:
        return False
    try:
        year, month, day, hour, minute, second = map(int, found.groups(default="0"))
        datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return True
    return False


def _plain(value: Any, path: Path_, lines: dict[Path_, int]) -> Any:
    if len(path) > DEEPEST:
        raise RecursionError
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
