"""The JSON Schema takes every rule that the language can say, and refuses what it cannot."""

import copy
import json
import re
from random import Random
from typing import Any, get_args

import pytest

from carpel.language import Operator, to_json
from carpel.language.schema import definitions
from carpel.language.schema_values import OPERANDS
from carpel.testing.rules import random_tree

from .test_rule_forms import READ, REFUSED

DEFINITIONS = definitions()
TYPES: dict[str, Any] = {
    "string": str,
    "number": (int, float),
    "integer": int,
    "boolean": bool,
    "null": type(None),
    "array": list,
    "object": dict,
}


def fits(value: Any, schema: dict[str, Any]) -> bool:
    """The few words of JSON Schema that ours uses, each by its own meaning."""
    if "$ref" in schema:
        return fits(value, DEFINITIONS[schema["$ref"].rpartition("/")[2]])
    return all(_KEYWORDS[word](value, said, schema) for word, said in schema.items())


def _typed(value: Any, said: Any, _schema: Any) -> bool:
    listed = said if isinstance(said, list) else [said]
    return any(
        isinstance(value, TYPES[each]) and (each == "boolean" or not isinstance(value, bool))
        for each in listed
    )


def _properties(value: Any, said: Any, _schema: Any) -> bool:
    return not isinstance(value, dict) or all(
        fits(each, said[key]) for key, each in value.items() if key in said
    )


def _additional(value: Any, said: Any, schema: Any) -> bool:
    others = [each for key, each in value.items() if key not in schema.get("properties", {})]
    return not others if said is False else all(fits(each, said) for each in others)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_KEYWORDS: dict[str, Any] = {
    "type": _typed,
    "anyOf": lambda value, said, _: any(fits(value, each) for each in said),
    "enum": lambda value, said, _: value in said,
    "pattern": lambda value, said, _: not isinstance(value, str) or re.search(said, value),
    "minLength": lambda value, said, _: not isinstance(value, str) or len(value) >= said,
    "minimum": lambda value, said, _: not _number(value) or value >= said,
    "maximum": lambda value, said, _: not _number(value) or value <= said,
    "minItems": lambda value, said, _: not isinstance(value, list) or len(value) >= said,
    "maxItems": lambda value, said, _: not isinstance(value, list) or len(value) <= said,
    "items": lambda value, said, _: (
        not isinstance(value, list) or all(fits(each, said) for each in value)
    ),
    "minProperties": lambda value, said, _: not isinstance(value, dict) or len(value) >= said,
    "maxProperties": lambda value, said, _: not isinstance(value, dict) or len(value) <= said,
    "required": lambda value, said, _: (
        not isinstance(value, dict) or all(each in value for each in said)
    ),
    "properties": _properties,
    "additionalProperties": lambda value, said, schema: (
        not isinstance(value, dict) or _additional(value, said, schema)
    ),
    "description": lambda *_: True,
}


def test_every_operator_has_a_schema() -> None:
    assert set(OPERANDS) == set(get_args(Operator))


def test_every_rule_of_the_generator_fits() -> None:
    random = Random(17)
    for _ in range(400):
        data = to_json(random_tree(random))
        assert fits(data, DEFINITIONS["Rule"]), data


def test_a_word_that_is_none_never_fits() -> None:
    random = Random(18)
    for _ in range(200):
        data = copy.deepcopy(to_json(random_tree(random, depth=1)))
        data["wrong"] = 1
        assert not fits(data, DEFINITIONS["Rule"])


MISTAKES: list[Any] = [
    {},
    {"all": []},
    {"trait": "age", "at_leest": 3},
    {"trait": "age", "in_last": 30},
    {"trait": "age", "in_last": "30 dys"},
    {"trait": "age", "between": [1]},
    {"trait": "born", "before": 3},
    {"trait": "age", "top": 10},
    {"trait": "age", "length": "long"},
    {"did": "x", "within": 30},
    {"did": "x", "sum": None},
    {"some": [{"did": "x"}]},
    {"sequence": [{"did": "x"}]},
    {"stopped": "x"},
    {"near": [1], "within": "3 km"},
    {"people": [-1]},
    {"sample": "10%"},
    {"moved": "tier", "from": "a"},
]


@pytest.mark.parametrize("data", MISTAKES, ids=str)
def test_a_mistake_does_not_fit(data: Any) -> None:
    assert not fits(data, DEFINITIONS["Rule"])


MORE_THAN_A_SCHEMA_SAYS: list[Any] = [
    {"trait": "age", "matches": "a", "fold": True},
    {"trait": "a", "fold": True},
    {"trait": "a", "decile": 0},
    {"trait": "a", "decile": 11},
    {"trait": "a", "decile": [1, 11]},
    {"trait": "a", "top": 0},
    {"trait": "a", "top": "200%"},
    {"trait": "a", "weekday": ["mon", "noday"]},
    {"trait": "a", "between": ["2026", "2025"]},
    {"trait": "a", "matches": "(?<=a)b"},
    {"trait": "a", "matches": "(?!a)b"},
    {"trait": "a", "matches": "(a)\\1"},
    {"trait": "a", "during": "this 3 months"},
    {"trait": "a", "during": "last 0 months"},
    {"trait": " ", "is": 1},
    {"trait": "a", "is": 1, "zone": "Mars/X"},
    {"sample": 0.2, "salt": "s", "from": "90%"},
    {"near": [91, 2], "within": "3 km"},
    {"near": [1, 181], "within": "3 km"},
    {"near": [-91, 2], "within": "3 km"},
    {"some": [{"did": "x"}], "at_least": 2},
    {"minus": [{"did": "x"}]},
    {"did": "x", "count": None, "sum": "a"},
    {"did": "x", "distinct": "a"},
    {"did": "x", "share": "amount", "at_least": "x"},
    {"did": "x", "share": "count"},
    {"did": "x", "share": "count", "at_least": 2},
    {"did": "x", "last": "at", "during": "today"},
    {"did": "x", "since_last": "y", "since_first": "y"},
    {"did": "x", "since_last": "y", "since": "2026-01-01"},
    {"did": "x", "within": "3 days", "until": "2026-01-01"},
    {"did": "x", "during": "today", "within": "3 days"},
    {"did": "x", "during": "today", "since": "2026-01-01"},
    {"did": "x", "ago": "2 days", "since": "2026-01-01"},
    {"did": "x", "ago": "2 days", "until": "2026-01-01"},
    {"sequence": [{"then": "a"}, {"then": "b"}]},
    {"sequence": [{"did": "a"}, {"did": "b"}]},
    {"sequence": [{"did": "a"}, {"then": "b", "within": "1 month"}]},
    {"sequence": [{"did": "a"}, {"then": "b", "after": "1 year"}]},
    {"sequence": [{"then_not": "a", "within": "1 day"}, {"then": "b"}]},
    {"regularly": {"did": "a", "within": "1 day"}, "at_least": 3, "of": 4, "each": "1 week"},
    {"regularly": {"did": "a", "since_first": "b"}, "at_least": 3, "of": 4, "each": "1 week"},
    {"regularly": "a", "at_least": 5, "of": 4, "each": "1 week"},
    {"restarted": "a", "after": "3 months"},
    {"holds": "any", "zone": "x"},
]
"""The parser refuses them, for what they say together or for a name there is none of."""
LESS_THAN_PEOPLE_SAY: list[Any] = [
    {"trait": "a", "during": " Today "},
    {"trait": "a", "in_last": "3 Days"},
    {"trait": "a", "is": 1, "zone": None},
    {"segment": "a", "for": None},
    {"did": "x", "where": None},
    {"did": "x", "since_last": None},
    {"stopped": "a", "since": "3 days", "after": None},
]
"""The parser reads them; an editor may ask for the plainer form."""


def test_the_schema_takes_what_is_read_and_refuses_what_is_refused() -> None:
    for data, _ in READ:
        if _is_json(data) and data not in LESS_THAN_PEOPLE_SAY:
            assert fits(data, DEFINITIONS["Rule"]), data
    for data, _, _ in REFUSED:
        if _is_json(data):
            assert fits(data, DEFINITIONS["Rule"]) == (data in MORE_THAN_A_SCHEMA_SAYS), data


def _is_json(data: Any) -> bool:
    try:
        json.dumps(data, allow_nan=False)
    except (TypeError, ValueError):
        return False
    return True


def test_the_whole_schema_says_the_same_to_a_validator_of_others() -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    schema = {"$defs": DEFINITIONS, "$ref": "#/$defs/Rule"}
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    random = Random(19)
    for _ in range(40):
        assert validator.is_valid(to_json(random_tree(random, depth=1)))
    assert not any(validator.is_valid(each) for each in MISTAKES)
