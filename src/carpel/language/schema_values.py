"""JSON Schema of values, and of what each operator compares with."""

from collections.abc import Mapping
from typing import Any as Anything

from carpel.language.operators import SAID

Schema = dict[str, Anything]
TEXT: Schema = {"type": "string", "minLength": 1}
NUMBER: Schema = {"type": "number"}
COUNT: Schema = {"type": "integer", "minimum": 1}
TRUTH: Schema = {"type": "boolean"}
_UNITS = "(hour|day|week|month|year)s?"
PERIOD: Schema = {"type": "string", "pattern": rf"^\s*[0-9]{{1,6}}\s*{_UNITS}\s*$"}
CALENDAR: Schema = {
    "type": "string",
    "pattern": r"^\s*(today|yesterday|(this|last)\s+([0-9]{1,4}\s+)?"
    r"(day|week|month|quarter|year)s?)\s*$",
}
DAY: Schema = {"type": "string", "pattern": r"^\s*\d{4}-\d{2}-\d{2}"}
SHARE: Schema = {
    "anyOf": [
        {"type": "number", "minimum": 0, "maximum": 1},
        {"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*%\s*$"},
    ]
}


def _tagged(kind: str) -> Schema:
    return {
        "type": "object",
        "required": [kind],
        "additionalProperties": False,
        "properties": {kind: DAY},
    }


_SCALAR: Schema = {
    "anyOf": [{"type": ["string", "number", "boolean"]}, _tagged("date"), _tagged("instant")]
}
_ORDERED: Schema = {"anyOf": [{"type": ["string", "number"]}, _tagged("date"), _tagged("instant")]}


def several(items: Schema, least: int = 1) -> Schema:
    """A list of these."""
    return {"type": "array", "items": items, "minItems": least}


def one_or_several(items: Schema) -> Schema:
    """One of these or a list of them."""
    return {"anyOf": [items, several(items)]}


_FIGURE: Schema = {
    "anyOf": [
        NUMBER,
        several(NUMBER),
        {
            "type": "object",
            "minProperties": 1,
            "maxProperties": 1,
            "additionalProperties": False,
            "properties": {
                **dict.fromkeys(("lt", "le", "gt", "ge", "eq", "ne", *SAID), NUMBER),
                **{word: several(NUMBER) for word in ("between", "in", "not_in")},
            },
        },
    ]
}
_LIST: Schema = one_or_several(_SCALAR)
OPERANDS: Mapping[str, Schema] = {
    "eq": {"anyOf": [_SCALAR, {"type": "null"}]},
    "ne": {"anyOf": [_SCALAR, {"type": "null"}]},
    "lt": _ORDERED,
    "le": _ORDERED,
    "gt": _ORDERED,
    "ge": _ORDERED,
    "between": {**several(_ORDERED, 2), "maxItems": 2},
    "in": _LIST,
    "not_in": _LIST,
    "contains": {"type": ["string", "number"], "minLength": 1},
    "starts_with": {"type": ["string", "number"], "minLength": 1},
    "ends_with": {"type": ["string", "number"], "minLength": 1},
    "matches": TEXT,
    "is_set": {"type": ["boolean", "null"]},
    "is_missing": {"type": ["boolean", "null"]},
    "is_empty": {"enum": [True, None]},
    "before": DAY,
    "after": DAY,
    "on": DAY,
    "during": CALENDAR,
    "in_last": PERIOD,
    "not_in_last": PERIOD,
    "in_next": PERIOD,
    "older_than": PERIOD,
    "anniversary_in": PERIOD,
    "weekday": one_or_several({"type": "string", "minLength": 3}),
    "any_of": _LIST,
    "all_of": _LIST,
    "none_of": _LIST,
    "length": _FIGURE,
    "top": SHARE,
    "bottom": SHARE,
    "decile": _FIGURE,
    "zscore": _FIGURE,
}
"""What each operator compares with."""
