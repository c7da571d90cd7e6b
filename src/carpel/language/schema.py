"""JSON Schema of a rule and of a comparison, for editors; the parser says more than it can."""

from carpel.language.doings import AGGREGATES
from carpel.language.operators import SAID
from carpel.language.schema_values import (
    CALENDAR,
    COUNT,
    DAY,
    NUMBER,
    OPERANDS,
    PERIOD,
    SHARE,
    TEXT,
    TRUTH,
    Schema,
    one_or_several,
    several,
)

RULE: Schema = {"$ref": "#/$defs/Rule"}
COMPARISON: Schema = {"$ref": "#/$defs/Comparison"}
WORDS: Schema = {
    **OPERANDS,
    **{word: OPERANDS[operator] for word, operator in SAID.items()},
    "fold": TRUTH,
}
"""Every way to say an operator, as a property of a clause."""
_WHERE: Schema = {"type": "object", "additionalProperties": COMPARISON}
_WINDOWS: Schema = {
    "within": PERIOD,
    "ago": PERIOD,
    "since": DAY,
    "until": DAY,
    "during": CALENDAR,
}
_MISSING: Schema = {"missing": {"enum": ["unknown", "match"]}}
_ZONE: Schema = {"zone": TEXT}
_NAMES = one_or_several(TEXT)


def _node(word: str, value: Schema, *also: str, **more: Schema) -> Schema:
    """A clause: the word that says which, what it needs and what it may say."""
    return {
        "type": "object",
        "required": [word, *also],
        "additionalProperties": False,
        "properties": {word: value, **more},
    }


_DOING: Schema = {"anyOf": [TEXT, _node("did", TEXT, where=_WHERE)]}
_WITHOUT: Schema = {"without": {"anyOf": [_DOING, {"type": "array", "items": _DOING}]}}


def _did() -> Schema:
    measures = {each: TEXT for each in AGGREGATES if each not in ("count", "share")}
    anchors = {"since_first": _DOING, "since_last": _DOING}
    open_: Schema = {"count": {"type": "null"}, "share": {"type": ["string", "null"]}}
    words = {word: schema for word, schema in WORDS.items() if word not in _WINDOWS}
    shares = {word: {"anyOf": [schema, SHARE, several(SHARE)]} for word, schema in words.items()}
    return _node(
        "did",
        TEXT,
        where=_WHERE,
        **shares,
        **measures,
        **open_,
        **_WINDOWS,
        **anchors,
        **_MISSING,
        **_ZONE,
    )


def _sequence() -> Schema:
    first = _node("did", TEXT, where=_WHERE)
    then = _node("then", TEXT, where=_WHERE, within=PERIOD, after=PERIOD, **_WITHOUT)
    absent = _node("then_not", TEXT, "within", where=_WHERE, within=PERIOD)
    steps = {"type": "array", "minItems": 2, "items": {"anyOf": [first, then, absent]}}
    return _node("sequence", steps, **_WINDOWS, ends_within=PERIOD, **_ZONE)


def _doings() -> list[Schema]:
    before = {
        "type": "object",
        "additionalProperties": False,
        "properties": {"within": PERIOD, **WORDS},
    }
    side = COMPARISON
    terms = {"anyOf": [TEXT, {"type": "null"}, several(TEXT), _WHERE]}
    return [
        _did(),
        _sequence(),
        _node(
            "regularly",
            {"anyOf": [TEXT, _did()]},
            "at_least",
            "of",
            "each",
            at_least=COUNT,
            of=COUNT,
            each=PERIOD,
        ),
        _node("stopped", TEXT, "since", where=_WHERE, since=PERIOD, after=before),
        _node("restarted", TEXT, "after", where=_WHERE, after=PERIOD, **_WINDOWS),
        _node("changed", TEXT, **{"from": side, "to": side}, **_WINDOWS),
        _node("holds", terms, **WORDS, **_ZONE),
        _node("held", terms, **WORDS, **_ZONE),
    ]


def _belongings() -> list[Schema]:
    sides = {"from": _NAMES, "to": _NAMES}
    point = {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2}
    far: Schema = {"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*([kK]?[mM]|[mM][iI])\s*$"}
    where_in: Schema = {"type": "object", "required": ["where"], "additionalProperties": False}
    where_in["properties"] = {"where": RULE, **WORDS}
    keys: Schema = {"type": "array", "items": {"type": "integer", "minimum": 0}}
    places = {"anyOf": [{"type": "string"}, several({"type": "string"})]}
    return [
        _node("trait", TEXT, **WORDS, **_MISSING, **_ZONE),
        _node("segment", TEXT, **{"for": PERIOD}),
        _node("entered", TEXT, **_WINDOWS),
        _node("left", TEXT, **_WINDOWS),
        _node("segmentation", TEXT, **{"in": places, "is": places}),
        _node("moved", TEXT, "from", "to", **sides, **_WINDOWS),
        _node("consent", TEXT, purpose=TEXT),
        _node("sample", SHARE, "salt", salt=TEXT, **{"from": SHARE}),
        _node("near", point, "within", within=far),
        _node("holiday", TEXT, "within", within=PERIOD),
        _node("account", RULE),
        _node("people", {"anyOf": [keys, where_in]}),
    ]


def definitions() -> dict[str, Schema]:
    """The two schemas by name; they refer to each other under `#/$defs/`."""
    rules = several(RULE)
    joined = ("all", "any", "none", "union", "intersect", "minus")
    said = {"type": "object", "minProperties": 1, "maxProperties": 2, "properties": WORDS}
    comparison: Schema = {
        "anyOf": [
            {"type": ["string", "number", "boolean", "null", "array"]},
            {**said, "additionalProperties": False},
        ]
    }
    rule: Schema = {
        "anyOf": [
            {**TEXT, "description": "A rule in one line, such as `age >= 30 and may email`."},
            *(_node(word, rules) for word in joined),
            _node("not", RULE),
            _node("some", rules, "at_least", at_least=COUNT),
            *_doings(),
            *_belongings(),
        ]
    }
    return {"Rule": rule, "Comparison": comparison}
