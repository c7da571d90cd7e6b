"""Operators: how people say them, and what each compares with."""

import math
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any as Anything
from typing import get_args

from carpel.language.mistakes import RuleError, at, unknown
from carpel.language.operands import Calendar, Comparison, Operator, Period, Scalar, Value
from carpel.language.periods import calendar, day_or_instant, period
from carpel.language.shares import share

OPERATORS: tuple[Operator, ...] = get_args(Operator)
SAID: Mapping[str, Operator] = {
    "at_least": "ge",
    "at_most": "le",
    "more_than": "gt",
    "less_than": "lt",
    "is": "eq",
    "is_not": "ne",
    "equals": "eq",
    "exactly": "eq",
}
"""How people say an operator, beside its own name."""
WORDS = (*SAID, *OPERATORS)

_LISTS = {"in", "not_in", "any_of", "all_of", "none_of"}
_TEXTS = {"contains", "starts_with", "ends_with", "matches"}
_ORDER = {"lt", "le", "gt", "ge"}
_DAYS = {"before", "after", "on"}
_PERIODS = {"in_last", "not_in_last", "in_next", "older_than", "anniversary_in"}
_PRESENCE: Mapping[str, Operator] = {
    "is_set": "is_missing",
    "is_missing": "is_set",
    "is_empty": "is_empty",
}
_INNER = {"length", "decile", "zscore"}
"""They compare a figure of the value: `length: {at_least: 3}`."""
_RELATIVE = {"top", "bottom"}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FOLDING = _LISTS | _TEXTS - {"matches"} | {"eq", "ne"}
_NOT_IN_RE2 = re.compile(r"\(\?(<?[=!]|\()|\\[1-9]")


def comparison(data: Anything) -> Comparison:
    """Read `coffee`, `[a, b]` or `{at_least: 3}`; nothing (`null`) means that the value is missing.

    Raises RuleError for an unknown operator or a value that it cannot compare with.
    """
    if isinstance(data, Comparison):
        return data
    if isinstance(data, list | tuple):
        return _read("in", data)
    if not isinstance(data, Mapping):
        return _read("eq", data)
    said = [key for key in data if key != "fold"]
    if len(said) != 1:
        raise RuleError(
            f"one operator expected, found {' and '.join(map(str, said)) or 'none'}",
            tuple(said[1:2]),
        )
    return _said(said[0], data[said[0]], data.get("fold", False))


def _said(word: Anything, value: Anything, fold: Anything) -> Comparison:
    operator = SAID.get(word, word)
    if operator not in OPERATORS:
        raise RuleError(unknown("operator", word, WORDS), (word,))
    if not isinstance(fold, bool):
        raise RuleError("`fold` is true or false", ("fold",))
    if fold and operator not in _FOLDING:
        raise RuleError(
            f"`{word}` does not compare text by letters, so it has no `fold`", ("fold",)
        )
    with at(word):
        return _read(operator, value, fold)


def _read(operator: Operator, value: Anything, fold: bool = False) -> Comparison:
    if operator in _PRESENCE:
        return _presence(operator, value)
    if value is None and operator in ("eq", "ne"):
        return Comparison("is_missing" if operator == "eq" else "is_set")
    return Comparison(operator, _operand(operator, value), fold)


def _presence(operator: Operator, value: Anything) -> Comparison:
    if value not in (None, True, False):
        raise RuleError(f"`{operator}` is true or false, not {value!r}")
    if operator == "is_empty":
        if value is False:
            raise RuleError("for what is not empty, put `is_empty` under `not`")
        return Comparison("is_empty")
    return Comparison(_PRESENCE[operator] if value is False else operator)


def _operand(operator: Operator, value: Anything) -> Value | Period | Calendar | Comparison:
    if operator in _INNER:
        return _inner(operator, value)
    if operator in _RELATIVE:
        return _part(operator, value)
    if operator == "during":
        return calendar(value)
    if operator == "weekday":
        return _weekdays(value)
    if operator in _PERIODS:
        return period(value)
    if operator in _DAYS:
        return day_or_instant(value)
    if operator in _TEXTS:
        return _pattern(operator, value)
    if operator in _LISTS:
        return _several(value)
    if operator == "between":
        return _limits(value)
    return _ordered(value) if operator in _ORDER else _scalar(value)


def _inner(operator: Operator, value: Anything) -> Comparison:
    """What the figure compares with; a number by itself means exactly that many."""
    inner = comparison(value)
    listed = inner.value if isinstance(inner.value, tuple) else (inner.value,)
    known = _ORDER | {"eq", "ne", "between", "in", "not_in"}
    if inner.operator not in known or any(
        isinstance(each, bool) or not isinstance(each, int | float) for each in listed
    ):
        raise RuleError(f"`{operator}` is compared as a number, such as {{at_least: 3}}")
    if operator == "decile" and not all(each in range(1, 11) for each in listed):
        raise RuleError("deciles go from 1 (the lowest tenth) to 10")
    return inner


def _part(operator: Operator, value: Anything) -> float:
    part = share(value)
    if not part:
        raise RuleError(f"`{operator}` expects a share such as `10%`, not {value!r}")
    return part


def _weekdays(value: Anything) -> tuple[str, ...]:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list | tuple) or not listed:
        raise RuleError("`weekday` expects days, such as [saturday, sunday]")
    days = []
    for each in listed:
        said = str(each).lower()
        found = [day for day in WEEKDAYS if len(said) >= 3 and day.startswith(said)]
        if not found:
            raise RuleError(unknown("weekday", each, WEEKDAYS))
        days.append(found[0])
    return tuple(sorted(set(days), key=WEEKDAYS.index))


def _scalar(value: Anything) -> Scalar:
    if isinstance(value, float) and not math.isfinite(value):
        raise RuleError(f"{value!r} is not a number that can be compared with")
    if isinstance(value, date):
        return value
    if isinstance(value, Mapping) and [*value] in (["date"], ["instant"]):
        return day_or_instant(next(iter(value.values())))
    for kind in (bool, str, int, float):
        if isinstance(value, kind):
            return kind(value)
    raise RuleError(f"one value expected, not {value!r}")


def _ordered(value: Anything) -> Scalar:
    if isinstance(value, bool):
        raise RuleError(f"{str(value).lower()} has no order; use `is`")
    return _scalar(value)


def _several(value: Anything) -> tuple[Scalar, ...]:
    listed = list(value) if isinstance(value, list | tuple | set) else [value]
    if not listed:
        raise RuleError("the list is empty")
    return tuple(_scalar(each) for each in listed)


def _limits(value: Anything) -> tuple[Scalar, ...]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise RuleError(f"`between` expects two values such as [10, 20], not {value!r}")
    lower, upper = _ordered(value[0]), _ordered(value[1])
    try:
        backwards = _comparable(lower) > _comparable(upper)
    except TypeError:
        raise RuleError(f"{lower!r} and {upper!r} are not of one kind") from None
    if backwards:
        raise RuleError(f"nothing is between {lower} and {upper}: the lower one comes first")
    return lower, upper


def _comparable(value: Scalar) -> Anything:
    """A date and an instant are compared by the day; the rest as it stands."""
    return value.date() if isinstance(value, datetime) else value


def _pattern(operator: Operator, value: Anything) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float) or value == "":
        raise RuleError(f"`{operator}` expects a piece of text, not {value!r}")
    if operator == "matches":
        _checked_regex(str(value))
    return str(value)


def _checked_regex(pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise RuleError(f"{pattern!r} is not a regular expression: {error}") from None
    if _NOT_IN_RE2.search(pattern):
        raise RuleError(f"{pattern!r} looks around or back; a pattern here reads forward only")
