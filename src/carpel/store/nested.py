"""JSON of data nested to any depth, which `json` alone would need as much stack for."""

import json
from collections.abc import Iterator
from typing import Any


def dumps(value: Any) -> str:
    """As `json.dumps` writes it with sorted keys, letters as they are and `str` for all else."""
    try:
        return json.dumps(value, sort_keys=True, default=str, ensure_ascii=False)
    except RecursionError:
        return "".join(_pieces(value))


def _pieces(value: Any) -> Iterator[str]:
    waiting: list[tuple[bool, Any]] = [(False, value)]
    while waiting:
        is_text, each = waiting.pop()
        if is_text:
            yield each
        elif isinstance(each, dict):
            waiting += reversed(list(_members(each)))
        elif isinstance(each, list | tuple):
            waiting += reversed(list(_items(each)))
        else:
            yield json.dumps(each, default=str, ensure_ascii=False)


def _members(mapping: dict[Any, Any]) -> Iterator[tuple[bool, Any]]:
    for index, key in enumerate(sorted(mapping)):
        said = json.dumps({key: 0}, ensure_ascii=False)[1:-2]
        yield True, f"{', ' if index else '{'}{said}"
        yield False, mapping[key]
    yield True, "}" if mapping else "{}"


def _items(items: list[Any] | tuple[Any, ...]) -> Iterator[tuple[bool, Any]]:
    for index, each in enumerate(items):
        yield True, ", " if index else "["
        yield False, each
    yield True, "]" if items else "[]"
