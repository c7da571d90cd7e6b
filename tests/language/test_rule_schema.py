"""The JSON Schema takes every rule that the language can say, and refuses what it cannot."""

import copy
import re
from random import Random
from typing import Any, get_args

import pytest

from carpel.language import Operator, to_json
from carpel.language.schema import definitions
from carpel.language.schema_values import OPERANDS
from carpel.testing.rules import random_tree

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


def test_the_whole_schema_says_the_same_to_a_validator_of_others() -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    schema = {"$defs": DEFINITIONS, "$ref": "#/$defs/Rule"}
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    random = Random(19)
    for _ in range(40):
        assert validator.is_valid(to_json(random_tree(random, depth=1)))
    assert not any(validator.is_valid(each) for each in MISTAKES)
