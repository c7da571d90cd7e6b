"""What a file says as a spec, or what is wrong with its form, in words and by line."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from carpel.errors import Problem, suggestion
from carpel.language import RuleError
from carpel.manifest.yaml import Written

SHAPES = {
    "^[a-z][a-z0-9_]*$": "a name: lower-case letters, digits and _, a letter first",
    "^[A-Z]{3}$": "three capital letters such as EUR",
    "^[A-Z]{2}$": "two capital letters such as DE",
}
"""What the patterns of the specs say, in words."""


def valid(model: Any, written: Written, named: Mapping[str, str], problems: list[Problem]) -> Any:
    """The spec that a file is, with what is `named` unless it says so; None adds to `problems`."""
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
