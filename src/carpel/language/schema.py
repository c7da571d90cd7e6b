"""JSON Schema of a rule and of a comparison, for editors; the parser says more than it can."""

from typing import Any as Anything

from carpel.language.doings import AGGREGATES
from carpel.language.operands import Aggregate
from carpel.language.operators import WORDS

Schema = dict[str, Anything]
_TEXT: Schema = {"type": "string"}
_RULES: Schema = {"type": "array", "items": {"$ref": "#/$defs/Rule"}, "minItems": 1}
_OPERATORS: Schema = {word: {} for word in WORDS} | {"fold": {"type": "boolean"}}
_MISSING: Schema = {"missing": {"enum": ["unknown", "match"]}}


def _node(word: str, value: Schema, **more: Schema) -> Schema:
    return {
        "type": "object",
        "required": [word],
        "additionalProperties": False,
        "properties": {word: value, **more},
    }


def _measured(aggregate: Aggregate) -> Schema:
    return {} if aggregate == "count" else _TEXT


def definitions() -> dict[str, Schema]:
    """The two schemas by name; they refer to each other under `#/$defs/`."""
    comparison: Schema = {
        "anyOf": [
            {"type": ["string", "number", "boolean", "null", "array"]},
            {"type": "object", "properties": _OPERATORS, "additionalProperties": False},
        ]
    }
    window = {"within": _TEXT, "since": _TEXT, "until": _TEXT}
    where: Schema = {"type": "object", "additionalProperties": {"$ref": "#/$defs/Comparison"}}
    rule: Schema = {
        "anyOf": [
            *(_node(word, _RULES) for word in ("all", "any", "none")),
            _node("not", {"$ref": "#/$defs/Rule"}),
            _node("trait", _TEXT, **_OPERATORS, **_MISSING),
            _node(
                "did",
                _TEXT,
                where=where,
                **window,
                **_OPERATORS,
                **_MISSING,
                **{each: _measured(each) for each in AGGREGATES},
            ),
            _node("segment", _TEXT),
            _node("segmentation", _TEXT, **{"in": {"type": ["string", "array"], "items": _TEXT}}),
            _node("consent", _TEXT, purpose=_TEXT),
            _node("people", {"type": "array", "items": {"type": "integer"}}),
        ]
    }
    return {"Rule": rule, "Comparison": comparison}
