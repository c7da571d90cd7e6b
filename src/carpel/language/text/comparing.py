"""Comparisons, values, periods and windows in the text of a rule, as plain data."""

from collections.abc import Callable, Mapping
from typing import Any as Anything

from carpel.language.operators import WEEKDAYS
from carpel.language.text.cursor import Cursor, Draft
from carpel.language.text.words import value as written

Data = dict[str, Anything]
SIGNS = {
    "=": "eq",
    "==": "eq",
    "!=": "ne",
    "<>": "ne",
    "<": "lt",
    "<=": "le",
    ">": "gt",
    ">=": "ge",
}
_FIRST = (
    *SIGNS,
    *("is", "in", "not", "between", "contains", "starts", "ends", "matches", "before", "after"),
    *("on", "has", "length", "decile", "zscore", "older", "anniversary", "during"),
)
_UNITS = ("hour", "day", "week", "month", "quarter", "year")


def compares(cursor: Cursor) -> bool:
    """Whether a comparison comes next."""
    if cursor.token.said in SIGNS or cursor.at("is"):
        return True
    if cursor.at("in", "("):
        return True
    return any(cursor.at(*words) for words in _PHRASES if words != ("in",))


def comparison(cursor: Cursor) -> tuple[Data, int]:
    """Take a comparison; gives it as `{operator: value}` and where the value stands."""
    if cursor.token.said in SIGNS:
        operator = SIGNS[cursor.next().said]
        place, data = cursor.place, {operator: value(cursor)}
    elif cursor.take("is"):
        place = cursor.place
        data = _is(cursor)
    else:
        words = next((each for each in _PHRASES if cursor.at(*each)), None)
        if words is None:
            cursor.fail('a comparison such as `>= 3`, `= "gold"` or `in last 30 days`', _FIRST)
        cursor.take(*(each for each in words if each != "("))
        place = cursor.place
        operator, read = _PHRASES[words]
        data = {operator: read(cursor)}
    if cursor.take("ignoring", "case"):
        data["fold"] = True
    return data, place


def _is(cursor: Cursor) -> Data:
    """`is set`, `is not set`, `is empty`, `is "gold"`, `is not "gold"`."""
    denied = cursor.take("not")
    for word, operator, opposite in (
        ("set", "is_set", "is_missing"),
        ("missing", "is_missing", "is_set"),
    ):
        if cursor.take(word):
            return {opposite if denied else operator: True}
    if not denied and cursor.take("empty"):
        return {"is_empty": True}
    return {"ne" if denied else "eq": value(cursor)}


def value(cursor: Cursor) -> Anything:
    """Take one value."""
    if cursor.kind() in ("text", "number", "percent", "date"):
        return cursor.next().value
    for word, truth in (("true", True), ("false", False)):
        if cursor.take(word):
            return truth
    if cursor.kind() in ("word", "name"):
        cursor.fail(f"a value; text stands in quotes, such as {written(cursor.token.value)}")
    cursor.fail("a value")


def listed(cursor: Cursor) -> list[Anything]:
    """Take values in parentheses."""
    cursor.need("(")
    found = [value(cursor)]
    while cursor.take(","):
        found.append(value(cursor))
    cursor.need(")")
    return found


def period(cursor: Cursor) -> str:
    """Take `90 days`."""
    if cursor.kind() != "number" or cursor.kind(1) != "word":
        cursor.fail("a period such as `90 days`")
    count = cursor.next().written
    unit = cursor.one_of(
        [f"{each}{s}" for each in _UNITS for s in ("", "s")], "hours, days, weeks, months or years"
    )
    return f"{count} {unit}"


def calendar(cursor: Cursor) -> str:
    """Take `today`, `this month`, `last 3 months`."""
    word = cursor.one_of(
        ("today", "yesterday", "this", "last"), "`today`, `this month` or `last 3 months`"
    )
    if word in ("today", "yesterday"):
        return word
    count = f"{cursor.next().written} " if cursor.kind() == "number" else ""
    unit = cursor.one_of([f"{each}{s}" for each in _UNITS for s in ("", "s")], "`month` or so")
    return f"{word} {count}{unit}"


def _limits(cursor: Cursor) -> list[Anything]:
    lower = value(cursor)
    cursor.need("and")
    return [lower, value(cursor)]


def _weekdays(cursor: Cursor) -> list[str]:
    cursor.need("(")
    found = [cursor.one_of(WEEKDAYS, "a weekday such as `monday`")]
    while cursor.take(","):
        found.append(cursor.one_of(WEEKDAYS, "a weekday such as `monday`"))
    cursor.need(")")
    return found


def _share(cursor: Cursor) -> float:
    if cursor.kind() != "percent":
        cursor.fail("a share such as `10%`")
    return float(cursor.next().value)


def _inner(cursor: Cursor) -> Data:
    return comparison(cursor)[0]


_PHRASES: Mapping[tuple[str, ...], tuple[str, Callable[[Cursor], Anything]]] = {
    ("not", "in", "last"): ("not_in_last", period),
    ("not", "in"): ("not_in", listed),
    ("in", "last"): ("in_last", period),
    ("in", "next"): ("in_next", period),
    ("in", "top"): ("top", _share),
    ("in", "bottom"): ("bottom", _share),
    ("in",): ("in", listed),
    ("between",): ("between", _limits),
    ("contains",): ("contains", value),
    ("starts", "with"): ("starts_with", value),
    ("ends", "with"): ("ends_with", value),
    ("matches",): ("matches", value),
    ("before",): ("before", value),
    ("after",): ("after", value),
    ("on", "("): ("weekday", _weekdays),
    ("on",): ("on", value),
    ("during",): ("during", calendar),
    ("older", "than"): ("older_than", period),
    ("anniversary", "in"): ("anniversary_in", period),
    ("has", "any", "of"): ("any_of", listed),
    ("has", "all", "of"): ("all_of", listed),
    ("has", "none", "of"): ("none_of", listed),
    ("length",): ("length", _inner),
    ("decile",): ("decile", _inner),
    ("zscore",): ("zscore", _inner),
}


def compared(cursor: Cursor, draft: Draft) -> None:
    """Take a comparison into the data of a clause."""
    begin = cursor.place
    data, place = comparison(cursor)
    for word, said in data.items():
        draft.say(word, said, begin if word == "fold" else place)


def where(cursor: Cursor, draft: Draft, word: str = "where") -> None:
    """Take `(category = "coffee", amount > 5)`, if it comes next."""
    place = cursor.place
    if not cursor.take("("):
        return
    found: Data = {}
    while True:
        begin, property_ = cursor.place, cursor.name("a property")
        if property_ in found:
            cursor.fail(f"another property: `{property_}` compares already")
        found[property_], inside = comparison(cursor)
        draft.marks[word, property_] = begin
        draft.marks[word, property_, next(iter(found[property_]))] = inside
        if not (cursor.take(",") or cursor.take("and")):
            break
    if not cursor.take(")"):
        cursor.fail("`,` or `)`")
    draft.say(word, found, place)
