"""A rule as one sentence of plain English, to be read aloud."""

from collections.abc import Sequence as Listed
from typing import Any as Anything

from carpel.language.depth import Walk, in_turn, walked
from carpel.language.nodes import (
    Account,
    All,
    Any,
    Consent,
    Did,
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
from carpel.language.operands import Comparison, Window
from carpel.language.phrases import (
    Words,
    compared,
    denied,
    either,
    figure,
    in_zone,
    label,
    many,
    percent,
    said,
    state,
    stretch,
    when,
)
from carpel.language.plain_doings import doing_clause, doings, verdict

_CHANNELS = {"email": "e-mail", "sms": "text message"}


def plain(node: Node, words: Words | None = None) -> str:
    """Give the rule as a sentence such as `People whose age is at least 30, and who …`."""
    return f"People {plain_clause(node, words)}."


def plain_clause(node: Node, words: Words | None = None) -> str:
    """Give the rule as the clause that follows `People`."""
    return walked(_clause(node, words or {}, negated=False, inner=False))


def plain_comparison(comparison: Comparison) -> str:
    """Give a comparison as `is at least 30`."""
    return compared(comparison)


def plain_doings(node: Did, words: Words | None = None) -> str:
    """Give what somebody did as `“order completed” where … in the last 90 days`."""
    return doings(node, words or {})


def plain_value(value: Anything) -> str:
    """Give a value as it is said: `1,000`, `yes`, `5 January 2026`, `not known`."""
    if value is None:
        return "not known"
    return " and ".join(map(said, value)) or "nothing" if isinstance(value, list) else said(value)


def _clause(node: Node, words: Words, *, negated: bool, inner: bool) -> Walk[str]:
    match node:
        case Not(child):
            told: str = yield _clause(child, words, negated=not negated, inner=inner)
            return told
        case All(children):
            return (yield from _joined(children, words, negated, negated, inner))
        case Any(children):
            return (yield from _joined(children, words, not negated, negated, inner))
        case NoneOf(children):
            return (yield from _joined(children, words, negated, not negated, inner))
        case Some(least, children):
            return (yield from _some(least, children, words, negated))
        case Account(child):
            of = "who belong to no company" if negated else "who belong to a company"
            return f"{of} {yield _clause(child, words, negated=False, inner=True)}"
        case PeopleWhere(child, comparison):
            number = denied(comparison) if negated else compared(comparison)
            inside = yield _clause(child, words, negated=False, inner=True)
            return f"whose number of people {inside} {number}"
    return _leaf(node, words, negated)


def _leaf(node: Node, words: Words, negated: bool) -> str:
    if isinstance(node, Trait):
        if told := state(label(node.trait, words), node.comparison, node.missing, negated):
            return told
        what = figure(label(node.trait, words))
        told = verdict(node.comparison, node.missing, negated, plural=many(what))
        return f"whose {what} {told}{in_zone(node.zone)}"
    return doing_clause(node, words, negated) or _belonging(node, words, negated)


def _joined(
    children: Listed[Node], words: Words, either: bool, negated: bool, inner: bool
) -> Walk[str]:
    """Negation moves inward: not (a and b) is (not a or not b)."""
    if not children:
        return "of whom there are none" if either else "without any condition"
    inside = len(children) > 1 or inner
    parts = yield from in_turn(
        _clause(child, words, negated=negated, inner=inside) for child in children
    )
    if len(parts) == 1:
        return parts[0]
    text = f"either {', or '.join(parts)}" if either else ", and ".join(parts)
    return f"({text})" if inner else text


def _some(least: int, children: Listed[Node], words: Words, negated: bool) -> Walk[str]:
    number = f"fewer than {least}" if negated else f"at least {least}"
    parts = yield from in_turn(
        _clause(child, words, negated=False, inner=True) for child in children
    )
    return f"of whom {number} of these hold: ({'; '.join(parts)})"


def _belonging(node: Node, words: Words, negated: bool) -> str:
    are = "who are not" if negated else "who are"
    match node:
        case SegmentRef(segment, since):
            held = f" for at least {since} without a break" if since else ""
            return f"{are} in “{label(segment, words)}”{held}"
        case Entered(segment, window):
            return _passed("join", "joined", segment, window, words, negated)
        case Left(segment, window):
            return _passed("leave", "left", segment, window, words, negated)
        case SegmentationRef(segmentation, places):
            return f"{are} {_places(places, words)} in {label(segmentation, words)}"
        case Moved(segmentation, before, now, window):
            moved = "who did not move" if negated else "who moved"
            way = f"from {_places(before, words)} to {_places(now, words)}"
            return f"{moved} {way} in {label(segmentation, words)}{when(window)}"
        case Consent(channel, purpose):
            may = "may not" if negated else "may"
            by = _CHANNELS.get(channel) or channel.replace("_", " ")
            return f"who {may} be contacted by {by} for {purpose.replace('_', ' ')}"
        case People(customers):
            noun = "person" if len(customers) == 1 else "people"
            return f"{are} on a list of {len(customers):,} {noun}"
    return _drawn(node, negated)


def _drawn(node: Node, negated: bool) -> str:
    match node:
        case Sample(share, salt, start):
            of = f" that begins at {percent(start)}" if start else ""
            are = "who are not" if negated else "who are"
            return f"{are} in the random {percent(share)}{of} called “{salt}”"
        case Near(latitude, longitude, kilometres):
            live = "who do not live" if negated else "who live"
            return (
                f"{live} within {kilometres:,.10g} km of {latitude:g}° north, {longitude:g}° east"
            )
        case Holiday(period, name):
            have = "who do not have" if negated else "who have"
            return f"{have} {name or 'a public holiday'} today or in the next {stretch(period)}"
    raise TypeError(f"no rule: {node!r}")


def _places(places: Listed[str], words: Words) -> str:
    return either([label(place, words) for place in places])


def _passed(verb: str, past: str, segment: str, window: Window, words: Words, negated: bool) -> str:
    did = f"who did not {verb}" if negated else f"who {past}"
    return f"{did} “{label(segment, words)}”{when(window)}"
