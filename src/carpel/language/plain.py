"""A rule as one sentence of plain English, to be read aloud."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any as Anything

from carpel.language.nodes import (
    All,
    Any,
    Consent,
    Did,
    Node,
    NoneOf,
    Not,
    People,
    SegmentationRef,
    SegmentRef,
    Trait,
)
from carpel.language.operands import Comparison, Period, Window

Words = Mapping[str, str]
"""Labels of traits, events, properties, segments, segmentations and places, by name."""
_MEASURES = {
    "sum": "total",
    "avg": "average",
    "min": "lowest",
    "max": "highest",
    "distinct": "number of different",
    "first": "first",
    "last": "latest",
}
_OPPOSITES = {
    "ge": "lt",
    "lt": "ge",
    "gt": "le",
    "le": "gt",
    "eq": "ne",
    "ne": "eq",
    "is_set": "is_missing",
    "is_missing": "is_set",
    "in": "not_in",
    "not_in": "in",
    "any_of": "none_of",
    "none_of": "any_of",
}
_PHRASES = {
    "eq": "is {}",
    "ne": "is not {}",
    "lt": "is less than {}",
    "le": "is at most {}",
    "gt": "is more than {}",
    "ge": "is at least {}",
    "between": "is between {}",
    "in": "is {}",
    "not_in": "is not {}",
    "contains": "contains {}",
    "starts_with": "begins with {}",
    "ends_with": "ends with {}",
    "matches": "has the pattern {}",
    "is_set": "is known",
    "is_missing": "is not known",
    "before": "is before {}",
    "after": "is after {}",
    "on": "is on {}",
    "in_last": "is in the last {}",
    "not_in_last": "is not in the last {}",
    "in_next": "is in the next {}",
    "any_of": "includes {}",
    "all_of": "includes {}",
    "none_of": "does not include {}",
}
_NEGATIONS = {
    "between": "is not between {}",
    "contains": "does not contain {}",
    "starts_with": "does not begin with {}",
    "ends_with": "does not end with {}",
    "matches": "does not have the pattern {}",
    "before": "is not before {}",
    "after": "is not after {}",
    "on": "is not on {}",
    "in_last": "is not in the last {}",
    "not_in_last": "is in the last {}",
    "in_next": "is not in the next {}",
    "all_of": "does not include all of {}",
}
_CHANNELS = {"email": "e-mail", "sms": "text message"}
_TIMES = {
    "ge": "at least {}",
    "le": "at most {}",
    "gt": "more than {}",
    "lt": "less than {}",
    "eq": "exactly {}",
    "ne": "not exactly {}",
}


def plain(node: Node, words: Words | None = None) -> str:
    """Give the rule as a sentence such as `People whose age is at least 30, and who …`."""
    return f"People {_clause(node, words or {}, negated=False, inner=False)}."


def plain_clause(node: Node, words: Words | None = None) -> str:
    """Give the rule as the clause that follows `People`."""
    return _clause(node, words or {}, negated=False, inner=False)


def plain_comparison(comparison: Comparison) -> str:
    """Give a comparison as `is at least 30`."""
    return _compared(comparison)


def plain_doings(node: Did, words: Words | None = None) -> str:
    """Give what somebody did as `“order completed” where … in the last 90 days`."""
    known = words or {}
    return f"“{_label(node.event, known)}”{_filters(node, known)}{_when(node.window)}"


def plain_value(value: Anything) -> str:
    """Give a value as it is said: `1,000`, `yes`, `5 January 2026`, `not known`."""
    if value is None:
        return "not known"
    return (
        " and ".join(map(_value, value)) or "nothing" if isinstance(value, list) else _value(value)
    )


def _clause(node: Node, words: Words, *, negated: bool, inner: bool) -> str:
    match node:
        case Not(child):
            return _clause(child, words, negated=not negated, inner=inner)
        case All(children):
            return _joined(children, words, either=negated, negated=negated, inner=inner)
        case Any(children):
            return _joined(children, words, either=not negated, negated=negated, inner=inner)
        case NoneOf(children):
            return _joined(children, words, either=negated, negated=not negated, inner=inner)
        case Trait():
            return f"whose {_within(_label(node.trait, words))} {_verdict(node, negated)}"
        case Did():
            return _did(node, words, negated)
        case _:
            return _belonging(node, words, negated)


def _joined(
    children: Sequence[Node], words: Words, *, either: bool, negated: bool, inner: bool
) -> str:
    """Negation moves inward: not (a and b) is (not a or not b)."""
    if not children:
        return "of whom there are none" if either else "without any condition"
    inner_too = len(children) > 1 or inner
    parts = [_clause(child, words, negated=negated, inner=inner_too) for child in children]
    if len(parts) == 1:
        return parts[0]
    text = f"either {', or '.join(parts)}" if either else ", and ".join(parts)
    return f"({text})" if inner else text


def _belonging(node: Node, words: Words, negated: bool) -> str:
    are = "who are not" if negated else "who are"
    match node:
        case SegmentRef(segment):
            return f"{are} in “{_label(segment, words)}”"
        case SegmentationRef(segmentation, places):
            listed = _either([_label(place, words) for place in places])
            return f"{are} {listed} in {_label(segmentation, words)}"
        case Consent(channel, purpose):
            may = "may not" if negated else "may"
            by = _CHANNELS.get(channel) or channel.replace("_", " ")
            return f"who {may} be contacted by {by} for {purpose}"
        case People(customers):
            noun = "person" if len(customers) == 1 else "people"
            return f"{are} on a list of {len(customers):,} {noun}"
    raise TypeError(f"no rule: {node!r}")


def _verdict(node: Trait | Did, negated: bool) -> str:
    """How the value compares; a missing value that matches is left out by the negation."""
    said = _denied(node.comparison) if negated else _compared(node.comparison)
    if node.missing == "unknown":
        return said
    return f"is known and {said}" if negated else f"{said} or is not known"


def _reversible(comparison: Comparison) -> bool:
    return comparison.operator in _OPPOSITES


def _opposite(comparison: Comparison) -> Comparison:
    operator = _OPPOSITES[comparison.operator]
    return Comparison(operator, comparison.value, comparison.fold)  # type: ignore[arg-type]


def _denied(comparison: Comparison) -> str:
    if _reversible(comparison):
        return _compared(_opposite(comparison))
    return _NEGATIONS[comparison.operator].format(_operand(comparison))


def _compared(comparison: Comparison) -> str:
    return _PHRASES[comparison.operator].format(_operand(comparison))


def _operand(comparison: Comparison) -> str:
    value = comparison.value
    if not isinstance(value, tuple):
        return _value(value)
    said = [_value(each) for each in value]
    return " and ".join(said) if comparison.operator in ("between", "all_of") else _either(said)


def _value(value: Anything) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:,}"
    if isinstance(value, datetime):
        return f"{value.day} {value:%B %Y, %H:%M}"
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, Period):
        return _stretch(value)
    return f"“{value}”"


def _either(parts: Sequence[str]) -> str:
    return " or ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))


def _did(node: Did, words: Words, negated: bool) -> str:
    what = plain_doings(node, words)
    if node.aggregate != "count":
        figure = f"{_MEASURES[node.aggregate]} {_within(_label(node.property or '', words))}"
        return f"whose {figure} of {what} {_verdict(node, negated)}"
    compared = (
        _opposite(node.comparison) if negated and _reversible(node.comparison) else node.comparison
    )
    if (compared.operator, compared.value) in (("lt", 1), ("le", 0), ("eq", 0)):
        return f"who did no {what}"
    if compared.operator not in _TIMES:
        return f"whose number of {what} {_verdict(node, negated)}"
    return f"who did {what} {_times(compared)}"


def _times(compared: Comparison) -> str:
    said = {"1": "once", "2": "twice"}.get(
        _value(compared.value), f"{_value(compared.value)} times"
    )
    return _TIMES[compared.operator].format(said)


def _filters(node: Did, words: Words) -> str:
    if not node.where:
        return ""
    parts = (
        f"{_within(_label(name, words))} {_compared(each)}" for name, each in node.where.items()
    )
    return f" where {' and '.join(parts)}"


def _when(window: Window) -> str:
    if window.within:
        return f" in the last {_stretch(window.within)}"
    since = f" since {_value(window.since)}" if window.since else ""
    return f"{since} until {_value(window.until)}" if window.until else since


def _stretch(period: Period) -> str:
    """`the last day` rather than `the last 1 day`."""
    return period.unit.rstrip("s") if period.count == 1 else f"{period.count:,} {period.unit}"


def _label(name: str, words: Words) -> str:
    return words.get(name) or name.replace("_", " ")


def _within(label: str) -> str:
    """A label within a sentence: `Age` begins small there, `NPS` stays."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
