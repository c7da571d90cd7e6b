"""How one value compares: true, false, or None when it is missing."""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from .clock import DAY, Clock

Rule = dict[str, Any]
WORDS = (
    *("at_least", "at_most", "more_than", "less_than", "is", "is_not", "between", "in", "not_in"),
    *("contains", "starts_with", "ends_with", "matches", "is_set", "is_missing", "is_empty"),
    *("before", "after", "on", "during", "in_last", "not_in_last", "in_next", "older_than"),
    *("anniversary_in", "weekday", "any_of", "all_of", "none_of", "length"),
    *("top", "bottom", "decile", "zscore"),
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def said(rule: Mapping[str, Any], but: tuple[str, ...] = ()) -> Rule:
    """The words of a rule that compare."""
    return {word: rule[word] for word in (*WORDS, "fold") if word in rule and word not in but}


def compare(value: Any, how: Any, clock: Clock) -> bool | None:
    """`how` is a value, a list, nothing, or an operator with what it compares with."""
    word, wanted, fold = _read(how)
    if word in ("is_set", "is_missing"):
        return (value is None) is (word == "is_missing")
    if value is None:
        return None
    if word == "is_empty":
        return len(value) == 0
    if word == "length":
        return compare(len(value), wanted, clock)
    if isinstance(value, date):
        return _time(value, word, wanted, clock)
    if fold:
        value, wanted = folded(value), folded(wanted)
    return bool(PLAIN[word](value, wanted))


def _read(how: Any) -> tuple[str, Any, bool]:
    if how is None:
        return "is_missing", True, False
    if isinstance(how, list):
        return "in", how, False
    if not isinstance(how, dict):
        return "is", how, False
    ((word, wanted),) = ((word, each) for word, each in how.items() if word != "fold")
    return word, wanted, how.get("fold", False)


def folded(value: Any) -> Any:
    if isinstance(value, list):
        return [folded(each) for each in value]
    plain = unicodedata.normalize("NFD", value.lower().replace("ß", "ss").replace("ς", "σ"))
    return "".join(each for each in plain if not unicodedata.combining(each))


PLAIN: Mapping[str, Callable[[Any, Any], bool]] = {
    "at_least": lambda a, b: a >= b,
    "at_most": lambda a, b: a <= b,
    "more_than": lambda a, b: a > b,
    "less_than": lambda a, b: a < b,
    "is": lambda a, b: a == b,
    "is_not": lambda a, b: a != b,
    "between": lambda a, b: b[0] <= a <= b[1],
    "in": lambda a, b: bool(set(a) & set(b)) if isinstance(a, list) else a in b,
    "not_in": lambda a, b: not set(a) & set(b) if isinstance(a, list) else a not in b,
    "contains": lambda a, b: b in a,
    "starts_with": lambda a, b: a[: len(b)] == b,
    "ends_with": lambda a, b: a[len(a) - len(b) :] == b if len(b) <= len(a) else False,
    "matches": lambda a, b: {"^[A-R]o": _one_of_a_to_r_then_o, "[ãé]": _marked}[b](a),
    "any_of": lambda a, b: bool(set(a) & set(b)) if isinstance(a, list) else a in b,
    "all_of": lambda a, b: set(b) <= set(a),
    "none_of": lambda a, b: not set(a) & set(b) if isinstance(a, list) else a not in b,
}


def _one_of_a_to_r_then_o(text: str) -> bool:
    return len(text) > 1 and "A" <= text[0] <= "R" and text[1] == "o"


def _marked(text: str) -> bool:
    return "ã" in text or "é" in text


def _time(value: date, word: str, wanted: Any, clock: Clock) -> bool:
    instant = isinstance(value, datetime)
    day = clock.day(value) if isinstance(value, datetime) else value
    match word:
        case "during":
            first, last = clock.calendar(wanted)
            return first <= day < last
        case "weekday":
            listed = wanted if isinstance(wanted, list) else [wanted]
            return WEEKDAYS[day.weekday()] in listed
        case "anniversary_in":
            return _anniversary(day, clock.today, clock.day(clock.moved(clock.moment, wanted, 1)))
        case "in_next":
            edge = clock.moved(clock.moment, wanted, 1)
            if instant:
                return clock.moment < value <= edge
            return clock.today <= day <= clock.day(edge)
        case "in_last" | "not_in_last" | "older_than":
            edge = clock.back(wanted)
            old = value <= edge if instant else day <= clock.day(edge)
            late = value > clock.moment if instant else day > clock.today
            return {"in_last": not old and not late, "not_in_last": old or late}.get(word, old)
        case "between" | "in" | "not_in" | "any_of" | "none_of":
            return _listed(value, word, wanted, clock)
    side = _side(value, wanted, clock)
    return {
        "before": side < 0,
        "less_than": side < 0,
        "after": side > 0,
        "more_than": side > 0,
        "at_least": side >= 0,
        "at_most": side <= 0,
        "is_not": side != 0,
    }.get(word, side == 0)


def _listed(value: date, word: str, wanted: list[date], clock: Clock) -> bool:
    sides = [_side(value, each, clock) for each in wanted]
    if word == "between":
        return sides[0] >= 0 and sides[1] <= 0
    return (0 in sides) is (word in ("in", "any_of"))


def _side(value: date, wanted: date, clock: Clock) -> int:
    """Before, in or after a day or an instant."""
    if isinstance(value, datetime) and isinstance(wanted, datetime):
        one: Any = value
        other: Any = clock.instant(wanted)
    else:
        one = clock.day(value) if isinstance(value, datetime) else value
        other = wanted
        if isinstance(wanted, datetime):
            other = (wanted.astimezone(clock.zone) if wanted.tzinfo else wanted).date()
    return (one > other) - (one < other)


def _anniversary(born: date, today: date, last: date) -> bool:
    day = today
    while day <= last and born < today:
        if (born.month, born.day) == (day.month, day.day):
            return True
        leap = (day + DAY).month == 2
        if (born.month, born.day) == (2, 29) and (day.month, day.day) == (2, 28) and not leap:
            return True
        day += DAY
    return False
