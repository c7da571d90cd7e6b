"""Comparisons and windows as they are written in the text of a rule."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any as Anything

from carpel.language.operands import Comparison, Window
from carpel.language.shares import as_per_cent
from carpel.language.text.words import value

WORDS = {
    "eq": "=",
    "ne": "!=",
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
    "in": "in",
    "not_in": "not in",
    "contains": "contains",
    "starts_with": "starts with",
    "ends_with": "ends with",
    "matches": "matches",
    "is_set": "is set",
    "is_missing": "is missing",
    "is_empty": "is empty",
    "before": "before",
    "after": "after",
    "on": "on",
    "weekday": "on",
    "during": "during",
    "in_last": "in last",
    "not_in_last": "not in last",
    "in_next": "in next",
    "older_than": "older than",
    "anniversary_in": "anniversary in",
    "any_of": "has any of",
    "all_of": "has all of",
    "none_of": "has none of",
    "length": "length",
    "decile": "decile",
    "zscore": "zscore",
    "top": "in top",
    "bottom": "in bottom",
    "between": "between",
}
"""How each operator is written."""


def compared(comparison: Comparison, say: Callable[[Anything], str] = value) -> str:
    """A comparison such as `>= 3` or `in last 30 days`; `say` writes its values."""
    fold = " ignoring case" if comparison.fold else ""
    operand = _operand(comparison, say)
    return f"{WORDS[comparison.operator]}{f' {operand}' if operand else ''}{fold}"


def _operand(comparison: Comparison, say: Callable[[Anything], str]) -> str:
    said = comparison.value
    match comparison.operator:
        case "is_set" | "is_missing" | "is_empty":
            return ""
        case "weekday":
            return f"({', '.join(map(str, _several(said)))})"
        case "between":
            return " and ".join(map(say, _several(said)))
        case "in" | "not_in" | "any_of" | "all_of" | "none_of":
            return f"({', '.join(map(say, _several(said)))})"
        case "top" | "bottom":
            return share(said)
        case "during" | "in_last" | "not_in_last" | "in_next" | "older_than" | "anniversary_in":
            return str(said)
    return compared(said) if isinstance(said, Comparison) else say(said)


def _several(said: Anything) -> tuple[Anything, ...]:
    return tuple(said)


def share(said: Anything) -> str:
    """A share as so many per cent; anything else as it is."""
    return f"{as_per_cent(said)}%" if isinstance(said, float) else value(said)


def within(window: Window) -> str:
    """A window after a clause; nothing for all time."""
    parts = (
        ("in {}", window.within),
        ("up to {} ago", window.ago),
        ("since {}", window.since and value(window.since)),
        ("until {}", window.until and value(window.until)),
        ("during {}", window.during),
    )
    return "".join(f" {words.format(each)}" for words, each in parts if each is not None)


def zone(said: str) -> str:
    """Whose days are meant; nothing for the project's."""
    if not said:
        return ""
    return " zone own" if said == "own" else f" zone {value(said)}"


def missing(said: str) -> str:
    """What a missing value counts as; nothing for unknown."""
    return " or missing" if said == "match" else ""


def decimal(number: float) -> str:
    """A number without an exponent, no digit lost."""
    return format(Decimal(repr(number)).normalize(), "f")
