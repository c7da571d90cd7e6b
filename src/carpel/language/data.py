"""From a rule tree back to plain data: what `parse` reads as the same tree."""

from typing import Any as Anything

from carpel.language.nodes import (
    All,
    Any,
    Comparison,
    Consent,
    Did,
    Node,
    NoneOf,
    Not,
    People,
    Period,
    SegmentationRef,
    SegmentRef,
    Trait,
)
from carpel.language.parse import AT_LEAST_ONCE

Data = dict[str, Anything]
_SAID = {
    "ge": "at_least",
    "le": "at_most",
    "gt": "more_than",
    "lt": "less_than",
    "eq": "is",
    "ne": "is_not",
}


def to_data(node: Node) -> Data:
    """Give the rule as mappings, lists and values; `parse(to_data(node)) == node`.

    Days and instants stay `date` and `datetime`, as YAML has them.
    """
    match node:
        case All(children) | Any(children) | NoneOf(children):
            word = {All: "all", Any: "any", NoneOf: "none"}[type(node)]
            return {word: [to_data(child) for child in children]}
        case Not(child):
            return {"not": to_data(child)}
        case Trait():
            return {"trait": node.trait, **comparison_to_data(node.comparison), **_missing(node)}
        case Did():
            return _did(node)
        case SegmentRef(segment):
            return {"segment": segment}
        case SegmentationRef(segmentation, places):
            return {"segmentation": segmentation, "in": list(places)}
        case Consent(channel, purpose):
            return {"consent": channel} | ({} if purpose == "marketing" else {"purpose": purpose})
        case People(customers):
            return {"people": list(customers)}
    raise TypeError(f"no rule: {node!r}")


def comparison_to_data(comparison: Comparison) -> Data:
    """Give a comparison as `{operator: value}`, in the words people use."""
    word = _SAID.get(comparison.operator, comparison.operator)
    return {word: _value(comparison)} | ({"fold": True} if comparison.fold else {})


def _value(comparison: Comparison) -> Anything:
    if comparison.operator in ("is_set", "is_missing"):
        return True
    value = comparison.value
    if isinstance(value, Period):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def _missing(node: Trait | Did) -> Data:
    return {} if node.missing == "unknown" else {"missing": node.missing}


def _did(node: Did) -> Data:
    data: Data = {"did": node.event}
    if node.where:
        data["where"] = {name: comparison_to_data(each) for name, each in node.where.items()}
    if node.aggregate != "count":
        data[node.aggregate] = node.property
    if node.aggregate != "count" or node.comparison != AT_LEAST_ONCE:
        data |= comparison_to_data(node.comparison)
    window = node.window
    given = {
        "within": window.within and str(window.within),
        "since": window.since,
        "until": window.until,
    }
    return data | {word: each for word, each in given.items() if each is not None} | _missing(node)
