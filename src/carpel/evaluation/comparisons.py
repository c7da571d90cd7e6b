"""A comparison over an expression, as a condition: true, false, or null when the value is missing.

What sources, checks, traits and rules all use. Kinds: text, integer, number, boolean, date,
instant, list. Text is equal letter by letter unless the comparison folds case and accents. A day
compared with an instant is the whole day in the project's zone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlglot import exp

from carpel.engine import functions
from carpel.engine.query import Tree, literal, query
from carpel.evaluation.days import anniversary, weekday
from carpel.evaluation.fitting import called, fitted
from carpel.evaluation.windows import TICK, calendar_edges, instants, local, shift, utc
from carpel.language import Calendar, Comparison, Period, RuleError, Scalar
from carpel.language.operands import RANKED

_SIGNS = {"eq": exp.EQ, "ne": exp.NEQ, "lt": exp.LT, "le": exp.LTE, "gt": exp.GT, "ge": exp.GTE}
RELATIVE = frozenset({"top", "bottom", "decile", "zscore"})
"""Operators that compare people with each other; `evaluation.relative` freezes them first."""
_TEXT = {
    "contains": functions.contains,
    "starts_with": functions.starts_with,
    "ends_with": functions.ends_with,
    "matches": functions.matches,
}


@dataclass(frozen=True)
class Clock:
    """The build's moment (UTC without a zone) and the project's zone."""

    moment: datetime
    zone: ZoneInfo


@cache
def kind_of(database_type: str) -> str:
    """The kind of a column by its database type; what is none of ours is text."""
    name = database_type.upper()
    if name.endswith("[]"):
        return "list"
    for kind, starts in _TYPES.items():
        if name.startswith(starts):
            return kind
    return "text"


_TYPES: Mapping[str, tuple[str, ...]] = {
    "instant": ("TIMESTAMP", "DATETIME"),
    "date": ("DATE",),
    "boolean": ("BOOL",),
    "integer": ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "INT", "U"),
    "number": ("DOUBLE", "FLOAT", "REAL", "DECIMAL", "NUMERIC"),
}


def condition(
    expr: Tree, kind: str, comparison: Comparison, *, moment: datetime, zone: ZoneInfo
) -> Tree:
    """Give the condition that an expression of this kind compares so; null where it is null.

    Raises RuleError when the operator or the value does not fit the kind.
    """
    if comparison.operator == "is_set":
        return query(":x IS NOT NULL", x=expr)
    if comparison.operator == "is_missing":
        return query(":x IS NULL", x=expr)
    if comparison.operator in RELATIVE:
        raise RuleError(f"`{comparison.operator}` compares people with each other, not this")
    build = _KINDS.get(kind, _text)
    return build(expr, kind, comparison, Clock(moment, zone))


def _length(expr: Tree, comparison: Comparison, clock: Clock) -> Tree:
    """The inner comparison, of a number of letters or items."""
    assert isinstance(comparison.value, Comparison)
    return _ranked(expr, "integer", comparison.value, clock)


def _ranked(expr: Tree, kind: str, comparison: Comparison, _clock: Clock) -> Tree:
    """Numbers and truth values."""

    def right(value: Scalar) -> Tree:
        return literal(fitted(value, kind))

    return _simple(expr, comparison, right, kind)


def _text(expr: Tree, kind: str, comparison: Comparison, _clock: Clock) -> Tree:
    def right(value: Scalar) -> Tree:
        said = literal(fitted(value, "text"))
        return functions.fold(said) if comparison.fold else said

    if comparison.operator in RANKED and any(
        isinstance(each, int | float) for each in _many(comparison)
    ):
        raise RuleError(
            f"`{comparison.operator}` compares text by the alphabet: put the number in quotes"
        )
    if comparison.operator == "length":
        return _length(functions.letters(expr), comparison, _clock)
    if comparison.operator == "is_empty":
        return query(":x = ''", x=expr)
    left = functions.fold(expr) if comparison.fold else expr
    if comparison.operator in _TEXT:
        return _TEXT[comparison.operator](left, right(_one(comparison)))
    return _simple(left, comparison, right, kind)


def _simple(expr: Tree, comparison: Comparison, right: Callable[[Scalar], Tree], kind: str) -> Tree:
    operator = comparison.operator
    if operator in _SIGNS:
        return _SIGNS[operator](this=expr.copy(), expression=right(_one(comparison)))
    if operator == "between" and kind != "boolean":
        lower, upper = (right(each) for each in _many(comparison))
        return query(":x BETWEEN :a AND :b", x=expr, a=lower, b=upper)
    if operator in ("in", "any_of", "not_in", "none_of"):
        listed = exp.In(this=expr.copy(), expressions=[right(each) for each in _many(comparison)])
        return listed if operator in ("in", "any_of") else exp.not_(listed)
    raise _unfit(kind, comparison)


def _list(expr: Tree, kind: str, comparison: Comparison, clock: Clock) -> Tree:
    if comparison.operator == "length":
        return _length(functions.items(expr), comparison, clock)
    if comparison.operator == "is_empty":
        return query(":count = 0", count=functions.items(expr))
    items = functions.texts(expr)
    wanted = [
        literal(fitted(each, "text")) for each in _many(comparison) if not isinstance(each, Period)
    ]
    if comparison.operator in ("any_of", "in", "contains"):
        return functions.has_any(items, wanted)
    if comparison.operator == "all_of":
        return functions.has_all(items, wanted)
    if comparison.operator in ("none_of", "not_in"):
        return exp.not_(functions.has_any(items, wanted))
    raise _unfit(kind, comparison)


def edges(kind: str, comparison: Comparison, clock: Clock) -> list[tuple[Any, Any]]:
    """The stretches of days or instants that a comparison names, the ends not included."""
    if isinstance(comparison.value, Period):
        return [_around(kind, comparison, clock)]
    if isinstance(comparison.value, Calendar):
        midnights = calendar_edges(comparison.value, clock.moment, clock.zone)
        first, last = (
            utc(each, clock.zone) if kind == "instant" else each.date() for each in midnights
        )
        return [(first, last)]
    return [_stretch(fitted(each, kind), kind, clock) for each in _many(comparison)]


def _temporal(expr: Tree, kind: str, comparison: Comparison, clock: Clock) -> Tree:
    operator = comparison.operator
    if operator == "weekday":
        return weekday(expr, kind, _many(comparison), clock.zone)
    if operator == "anniversary_in":
        assert isinstance(comparison.value, Period)
        return anniversary(expr, kind, comparison.value, clock.moment, clock.zone)
    stretches = edges(kind, comparison, clock)
    start, end = stretches[0][0], stretches[-1][1]
    match operator:
        case "lt" | "before":
            return upto(expr, start)
        case "le":
            return upto(expr, end)
        case "gt" | "after":
            return since(expr, end)
        case "ge":
            return since(expr, start)
        case "older_than":
            return upto(expr, start)
        case "eq" | "on" | "between" | "during" | "in_last" | "in_next":
            return within(expr, start, end)
        case "ne" | "not_in_last":
            return exp.not_(exp.paren(within(expr, start, end)))
        case "in" | "any_of":
            return exp.paren(exp.or_(*(within(expr, *each) for each in stretches)))
        case "not_in" | "none_of":
            return exp.not_(exp.paren(exp.or_(*(within(expr, *each) for each in stretches))))
    raise _unfit(kind, comparison)


def _around(kind: str, comparison: Comparison, clock: Clock) -> tuple[Any, Any]:
    """The stretch before or after the moment; for days, today belongs to both."""
    assert isinstance(comparison.value, Period)
    ahead = comparison.operator == "in_next"
    edge = shift(clock.moment, comparison.value, clock.zone, back=not ahead)
    start, end = (clock.moment, edge) if ahead else (edge, clock.moment)
    if kind == "instant":
        return start + TICK, end + TICK
    first, last = (local(each, clock.zone).date() for each in (start, end))
    day = timedelta(days=1)
    return (first if ahead else first + day), last + day


def _stretch(value: Any, kind: str, clock: Clock) -> tuple[Any, Any]:
    if kind == "instant":
        return instants(value, clock.zone)
    day = (
        value.astimezone(clock.zone).date()
        if isinstance(value, datetime) and value.tzinfo
        else value.date()
        if isinstance(value, datetime)
        else value
    )
    return day, day + timedelta(days=1)


def within(expr: Tree, start: Any, end: Any) -> Tree:
    """From `start` up to and not including `end`."""
    return exp.and_(since(expr, start), upto(expr, end))


def since(expr: Tree, start: Any) -> Tree:
    """Not before `start`; a tick after a round instant reads better as later than it."""
    if isinstance(start, datetime) and start.microsecond == 1:
        return query(":x > :at", x=expr, at=start - TICK)
    return query(":x >= :at", x=expr, at=start)


def upto(expr: Tree, end: Any) -> Tree:
    """Before `end`; a tick after a round instant reads better as not later than it."""
    if isinstance(end, datetime) and end.microsecond == 1:
        return query(":x <= :at", x=expr, at=end - TICK)
    return query(":x < :at", x=expr, at=end)


_KINDS: Mapping[str, Callable[[Tree, str, Comparison, Clock], Tree]] = {
    "integer": _ranked,
    "number": _ranked,
    "boolean": _ranked,
    "date": _temporal,
    "instant": _temporal,
    "list": _list,
    "text": _text,
}


def _many(comparison: Comparison) -> tuple[Any, ...]:
    value = comparison.value
    return value if isinstance(value, tuple) else (value,)


def _one(comparison: Comparison) -> Any:
    return _many(comparison)[0]


def _unfit(kind: str, comparison: Comparison) -> RuleError:
    return RuleError(f"`{comparison.operator}` does not compare {called(kind)}")
