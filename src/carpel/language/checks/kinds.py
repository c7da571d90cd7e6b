"""Operators and values that do not fit the kind of what they compare."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from carpel.language.checks.vocabulary import Finding, Vocabulary
from carpel.language.mistakes import Path
from carpel.language.nodes import Did, Doing, Node, Sequence, Trait
from carpel.language.operands import RANKED, Comparison
from carpel.language.sayings import Changed, Regularly, Restarted, Stopped

_ORDER = {"eq", "ne", "lt", "le", "gt", "ge"}
_LISTED = {"in", "not_in", "any_of", "none_of"}
_RELATIVE = {"top", "bottom", "decile", "zscore"}
_TIME = _ORDER | _LISTED | {"between", "before", "after", "on", "during", "weekday"}
_TIMES = _TIME | {"in_last", "not_in_last", "in_next", "older_than", "anniversary_in"}
_NUMBER = _ORDER | _LISTED | {"between"} | _RELATIVE
FITTING: Mapping[str, set[str]] = {
    "integer": _NUMBER,
    "number": _NUMBER,
    "boolean": _ORDER | _LISTED,
    "text": _ORDER
    | _LISTED
    | {"between", "contains", "starts_with", "ends_with", "matches", "length", "is_empty"},
    "list": _LISTED | {"all_of", "contains", "length", "is_empty"},
    "date": _TIMES,
    "instant": _TIMES,
}
"""The operators that compare a kind, beside `is_set` and `is_missing`."""
BY_ALPHABET = "By the alphabet: put the value in quotes. By size: `type: number` in the source."
CALLED = {
    "integer": "a number",
    "number": "a number",
    "boolean": "true or false",
    "text": "text",
    "list": "a list",
    "date": "a date",
    "instant": "an instant",
}
_COUNTS = {"count": "integer", "distinct": "integer", "sum": "number", "avg": "number"}


def kind_of(node: Did, vocabulary: Vocabulary) -> str:
    """The kind of the figure that a `did` compares; empty where nobody knows."""
    if node.aggregate == "share":
        return "number"
    properties = vocabulary.properties.get(node.event, {})
    return _COUNTS.get(node.aggregate) or properties.get(node.property or "", "")


def misfits(node: Node, path: Path, account: bool, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Everything in one clause that does not fit; nothing about kinds that are not known."""
    match node:
        case Trait(trait, comparison):
            traits = vocabulary.account_traits if account else vocabulary.traits
            yield from _compared(comparison, traits.get(trait, ""), trait, path)
        case Did():
            yield from _of_doing(Doing(node.event, node.where), path, vocabulary)
            yield from _measured(node, path, vocabulary)
        case Regularly(did):
            yield from misfits(did, (*path, "regularly"), account, vocabulary)
        case Stopped(doing) | Restarted(doing):
            yield from _of_doing(doing, path, vocabulary)
        case Sequence(steps):
            for index, step in enumerate(steps):
                yield from _of_doing(step.doing, (*path, "sequence", index), vocabulary)
        case Changed():
            return


def _measured(node: Did, path: Path, vocabulary: Vocabulary) -> Iterator[Finding]:
    known = vocabulary.properties.get(node.event, {}).get(node.property or "", "")
    if node.aggregate in ("sum", "avg", "share") and known not in ("", "integer", "number"):
        message = f"`{node.property}` is {CALLED[known]}, so it has no {node.aggregate}"
        yield Finding(message, (*path, node.aggregate), "error")
        return
    what = node.property or "the number of times"
    yield from _compared(node.comparison, kind_of(node, vocabulary), what, path)


def _of_doing(doing: Doing, path: Path, vocabulary: Vocabulary) -> Iterator[Finding]:
    properties = vocabulary.properties.get(doing.event, {})
    for name, comparison in doing.where.items():
        if comparison.operator in _RELATIVE:
            message = f"`{comparison.operator}` compares people with each other, not one event"
            yield Finding(message, (*path, "where", name), "error")
            continue
        yield from _compared(comparison, properties.get(name, ""), name, (*path, "where", name))


def _compared(comparison: Comparison, kind: str, what: str, path: Path) -> Iterator[Finding]:
    operator = comparison.operator
    if operator in ("is_set", "is_missing") or kind not in FITTING:
        return
    if operator not in FITTING[kind]:
        fitting = ", ".join(f"`{each}`" for each in sorted(FITTING[kind]))
        message = f"`{operator}` does not compare {CALLED[kind]}, and `{what}` is {CALLED[kind]}"
        yield Finding(message, path, "error", f"What compares it: {fitting}.")
        return
    values = comparison.value if isinstance(comparison.value, tuple) else (comparison.value,)
    plain = operator in _ORDER | _LISTED | {"between"}
    wrong = [each for each in values if plain and not _fits(each, kind)]
    if wrong:
        message = f"{wrong[0]!r} is not {CALLED[kind]}, and `{what}` is {CALLED[kind]}"
        yield Finding(message, path, "error")
    elif kind == "text" and operator in RANKED and any(map(_is_number, values)):
        message = f"`{what}` is text, and `{operator}` compares it with a number"
        yield Finding(message, path, "error", BY_ALPHABET)


def _fits(value: object, kind: str) -> bool:
    if kind in ("integer", "number"):
        return not isinstance(value, bool | date) and _reads(float, value)
    if kind in ("date", "instant"):
        return isinstance(value, date) or (
            isinstance(value, str) and _reads(datetime.fromisoformat, value)
        )
    if kind == "boolean":
        return str(value).strip().lower() in {"true", "yes", "y", "1", "false", "no", "n", "0"}
    return not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _reads(read: object, value: object) -> bool:
    try:
        read(value)  # type: ignore[operator]
    except (ValueError, TypeError):
        return False
    return True
