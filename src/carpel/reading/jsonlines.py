"""JSON, one object a line or one list of them; objects within objects become `a.b` columns."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from carpel.engine.base import Engine
from carpel.errors import SourceError
from carpel.reading.batches import as_text, held
from carpel.reading.located import Located
from carpel.reading.rows import Rejected, Rows, as_json, distinct_names
from carpel.reading.text import as_utf8
from carpel.specs import Format


def jsonlines(file: Located, given: Format, engine: Engine, scratch: Path) -> Rows:
    """The rows of a file of JSON objects as text; numbers stay as they are written."""
    read = as_utf8(file, given.encoding, scratch)
    text = read.path
    names = list(
        dict.fromkeys(key for _, each, _ in _objects(text, file.shown) if each for key in each)
    )
    if not names:
        raise SourceError(
            "No JSON object was found.",
            place=file.shown,
            action='Each line has to be one object, such as {"id": 1}.',
        )
    rejected: list[Rejected] = []
    usable = distinct_names(names)

    def numbered() -> Iterator[tuple[int, list[str | None]]]:
        for row, each, line in _objects(text, file.shown):
            if each is None:
                content = as_json([line])
                rejected.append(Rejected(file.shown, row, "not a JSON object", content))
            else:
                yield row, [each.get(name) for name in names]

    renamed = {new: was for new, was in zip(usable, names, strict=True) if new != was}
    rows = held(engine, file.shown, usable, numbered(), renamed)
    return replace(rows, rejected=tuple(rejected), recoded=read.recoded)


def _objects(path: Path, shown: str) -> Iterator[tuple[int, dict[str, str | None] | None, str]]:
    """Number, object (None where the line is none) and text of each line that is not blank."""
    with path.open(encoding="utf-8") as file:
        start = file.read(1)
        while start.isspace():
            start = file.read(1)
        file.seek(0)
        if start == "[":
            yield from _listed(file.read(), shown)
            return
        lines = (line for line in file if line.strip())
        for row, line in enumerate(lines, start=1):
            yield row, _object(line), line.rstrip("\n")


def _listed(text: str, shown: str) -> Iterator[tuple[int, dict[str, str | None] | None, str]]:
    try:
        found = json.loads(text, parse_int=str, parse_float=str)
    except ValueError as error:
        raise SourceError(
            "The list of JSON objects is damaged or incomplete.", place=shown, action=str(error)
        ) from error
    for row, each in enumerate(found, start=1):
        yield row, _flat(each) if isinstance(each, dict) else None, as_json([each])


def _object(line: str) -> dict[str, str | None] | None:
    try:
        found = json.loads(line, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return None
    return _flat(found) if isinstance(found, dict) else None


def _flat(found: Mapping[str, Any], lead: str = "") -> dict[str, str | None]:
    flat: dict[str, str | None] = {}
    for key, value in found.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{lead}{key}.")
        else:
            flat[f"{lead}{key}"] = (
                json.dumps(value, ensure_ascii=False) if isinstance(value, list) else as_text(value)
            )
    return flat
