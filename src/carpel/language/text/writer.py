"""From a rule to one line of text that is read as the same rule."""

from collections.abc import Iterable

from carpel.language.depth import Walk, in_turn, walked
from carpel.language.nodes import (
    Account,
    All,
    Any,
    Consent,
    Entered,
    Holiday,
    Left,
    Moved,
    Near,
    Node,
    NoneOf,
    Not,
    People,
    PeopleWhere,
    Sample,
    SegmentationRef,
    SegmentRef,
    Some,
    Trait,
)
from carpel.language.operands import AT_LEAST_ONCE
from carpel.language.shares import as_per_cent
from carpel.language.text.phrases import compared, decimal, missing, within, zone
from carpel.language.text.told import told
from carpel.language.text.words import name, value

_JOINS = {All: " and ", Any: " or "}
_GROUPS = {All: "all", Any: "any", NoneOf: "none"}


def to_text(node: Node) -> str:
    """Give the rule as one line; `parse_text(to_text(node)) == node`."""
    return walked(_text(node))


def _text(node: Node) -> Walk[str]:
    match node:
        case All(children) | Any(children) if len(children) > 1:
            parts = yield from in_turn(map(_closed, children))
            return _JOINS[type(node)].join(parts)
        case All(children) | Any(children) | NoneOf(children):
            parts = yield from in_turn(map(_text, children))
            return f"{_GROUPS[type(node)]} of ({'; '.join(parts)})"
        case Some(least, children):
            parts = yield from in_turn(map(_text, children))
            return f"{least} of ({'; '.join(parts)})"
        case Not(child):
            return f"not {yield _closed(child)}"
        case Account(child):
            return f"account ({yield _text(child)})"
        case PeopleWhere(child, comparison):
            often = "" if comparison == AT_LEAST_ONCE else f" {compared(comparison)}"
            return f"people ({yield _text(child)}){often}"
    return told(node) or _belonging(node)


def _closed(node: Node) -> Walk[str]:
    """The rule where others stand beside it: what is joined stands in parentheses."""
    text: str = yield _text(node)
    return f"({text})" if isinstance(node, All | Any) and len(node.children) > 1 else text


def _belonging(node: Node) -> str:
    match node:
        case Trait(trait, comparison):
            return f"{name(trait)} {compared(comparison)}{zone(node.zone)}{missing(node.missing)}"
        case SegmentRef(segment, since):
            return f"in segment {name(segment)}{f' for {since}' if since else ''}"
        case Entered(segment, window):
            return f"entered {name(segment)}{within(window)}"
        case Left(segment, window):
            return f"left {name(segment)}{within(window)}"
        case SegmentationRef(segmentation, places):
            return f"in {name(segmentation)} ({_names(places)})"
        case Moved(segmentation, before, now, window):
            way = f"from ({_names(before)}) to ({_names(now)})"
            return f"moved {name(segmentation)} {way}{within(window)}"
        case Consent(channel, purpose):
            why = "" if purpose == "marketing" else f" for {name(purpose)}"
            return f"may {name(channel)}{why}"
    return _drawn(node)


def _drawn(node: Node) -> str:
    match node:
        case Sample(share, salt, start):
            begins = f" from {as_per_cent(start)}%" if start else ""
            return f"sample {as_per_cent(share)}% by {value(salt)}{begins}"
        case Near(latitude, longitude, kilometres):
            point = f"({value(latitude)}, {value(longitude)})"
            return f"near {point} within {decimal(kilometres)} km"
        case Holiday(period, called):
            return f"holiday{f' {value(called)}' if called else ''} in {period}"
        case People(customers):
            return f"people [{', '.join(map(str, customers))}]"
    raise TypeError(f"no rule: {node!r}")


def _names(names: Iterable[str]) -> str:
    return ", ".join(map(name, names))
