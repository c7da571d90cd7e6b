"""Clauses in the text of a rule about where people belong."""

from collections.abc import Callable, Mapping

from carpel.language import belongings
from carpel.language.nodes import Node
from carpel.language.text.comparing import period, value
from carpel.language.text.cursor import Cursor, Draft
from carpel.language.text.windows import endings


def _in(cursor: Cursor, draft: Draft) -> Node:
    """`in segment vip for 30 days`, `in rfm (champions, loyal)`."""
    cursor.need("in")
    if cursor.take("segment"):
        return _segment(cursor, draft)
    place = cursor.place
    draft.say("segmentation", cursor.name("`segment` or a segmentation"), place)
    draft.say("in", _names(cursor, "a place of the segmentation"), cursor.place)
    return draft.node(belongings.segmentation)


def _segment(cursor: Cursor, draft: Draft) -> Node:
    place = cursor.place
    draft.say("segment", cursor.name("a segment"), place)
    place = cursor.place
    if cursor.take("for"):
        draft.say("for", period(cursor), place)
    return draft.node(belongings.segment)


def _passed(cursor: Cursor, draft: Draft) -> Node:
    """`entered vip in 7 days`, `left vip in 7 days`."""
    word, place = cursor.next().said, cursor.place
    cursor.take("segment")
    draft.say(word, cursor.name("a segment"), place)
    endings(cursor, draft)
    return draft.node(belongings.entered if word == "entered" else belongings.left)


def _moved(cursor: Cursor, draft: Draft) -> Node:
    """`moved lifecycle from active to (slipping, lost) in 30 days`."""
    cursor.need("moved")
    place = cursor.place
    draft.say("moved", cursor.name("a segmentation"), place)
    for word in ("from", "to"):
        place = cursor.place
        cursor.need(word)
        draft.say(word, _names(cursor, "a place of the segmentation"), place)
    endings(cursor, draft)
    return draft.node(belongings.moved)


def _may(cursor: Cursor, draft: Draft) -> Node:
    """`may email`, `may email for service`."""
    cursor.need("may")
    place = cursor.place
    draft.say("consent", cursor.name("a channel"), place)
    place = cursor.place
    if cursor.take("for"):
        draft.say("purpose", cursor.name("a purpose"), place)
    return draft.node(belongings.consent)


def _sample(cursor: Cursor, draft: Draft) -> Node:
    """`sample 10% by "spring" from 20%`."""
    cursor.need("sample")
    draft.say("sample", value(cursor), cursor.place)
    cursor.need("by")
    draft.say("salt", value(cursor), cursor.place)
    place = cursor.place
    if cursor.take("from"):
        draft.say("from", value(cursor), place)
    return draft.node(belongings.sample)


def _near(cursor: Cursor, draft: Draft) -> Node:
    """`near (52.52, 13.4) within 10 km`."""
    place = cursor.place
    cursor.need("near", "(")
    north = value(cursor)
    cursor.need(",")
    draft.say("near", [north, value(cursor)], place)
    cursor.need(")", "within")
    place = cursor.place
    if cursor.kind() != "number":
        cursor.fail("a distance such as `10 km`")
    far = cursor.next().written
    draft.say("within", f"{far} {cursor.one_of(('km', 'm', 'mi'), '`km`, `m` or `mi`')}", place)
    return draft.node(belongings.near)


def _holiday(cursor: Cursor, draft: Draft) -> Node:
    """`holiday in 14 days`, `holiday "Easter Monday" in 14 days`."""
    place = cursor.place
    cursor.need("holiday")
    draft.say("holiday", value(cursor) if cursor.kind() == "text" else "any", place)
    place = cursor.place
    cursor.need("in")
    draft.say("within", period(cursor), place)
    return draft.node(belongings.holiday)


def people(cursor: Cursor) -> Node:
    """`people [3, 14, 15]`: what follows the word."""
    draft = Draft(cursor)
    cursor.need("[")
    keys = [] if cursor.at("]") else [value(cursor)]
    while cursor.take(","):
        keys.append(value(cursor))
    cursor.need("]")
    draft.say("people", keys, draft.marks[()])
    return draft.node(belongings.people)


def _names(cursor: Cursor, what: str) -> list[str]:
    if not cursor.take("("):
        return [cursor.name(f"{what}, or several in parentheses")]
    found = [cursor.name(what)]
    while cursor.take(","):
        found.append(cursor.name(what))
    if not cursor.take(")"):
        cursor.fail("`,` or `)`")
    return found


BELONGING: Mapping[str, Callable[[Cursor, Draft], Node]] = {
    "in": _in,
    "entered": _passed,
    "left": _passed,
    "moved": _moved,
    "may": _may,
    "sample": _sample,
    "near": _near,
    "holiday": _holiday,
}
