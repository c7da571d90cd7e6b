"""Clauses in the text of a rule: what people are, what they did, where they belong."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches

from carpel.language import belongings, doings
from carpel.language.nodes import Node
from carpel.language.text.comparing import compared, compares, comparison, period, value, where
from carpel.language.text.cursor import Cursor, Draft
from carpel.language.text.mistakes import expected, wrong
from carpel.language.text.places import BELONGING
from carpel.language.text.windows import doing, endings, followed
from carpel.language.text.words import MEASURES, STARTS

_SIMPLE = ("=", "==", "!=", "<>", "<", "<=", ">", ">=", "between")
"""How `did` compares its count; any other comparison is said with `count of`."""


def clause(cursor: Cursor) -> Node:
    """Take one clause without rules beneath it; raises RuleError at the character."""
    said = cursor.token.said
    if read := _CLAUSES.get(said):
        return read(cursor, Draft(cursor))
    if said in MEASURES:
        return _measured(cursor, Draft(cursor))
    if cursor.kind() not in ("word", "name") or said in STARTS:
        cursor.fail("a clause such as `age >= 30`, `did order_completed` or `in segment vip`")
    return _trait(cursor, Draft(cursor))


def _trait(cursor: Cursor, draft: Draft) -> Node:
    place, said = cursor.place, cursor.token.said
    draft.say("trait", cursor.name("a trait"), place)
    meant = get_close_matches(said, (*_CLAUSES, "not", "account"), 1, 0.65)
    follows = cursor.kind() in ("word", "name") or cursor.at("(")
    if meant and follows and not compares(cursor):
        raise wrong(cursor.text, place, expected("a clause", said, meant))
    compared(cursor, draft)
    endings(cursor, draft)
    return draft.node(belongings.trait)


def _event(cursor: Cursor, draft: Draft, word: str) -> None:
    place = cursor.place
    draft.say(word, cursor.name("an event"), place)
    where(cursor, draft)


def _did(cursor: Cursor, draft: Draft) -> Node:
    _counted(cursor, draft)
    return draft.node(doings.did)


def _measured(cursor: Cursor, draft: Draft) -> Node:
    _figured(cursor, draft)
    return draft.node(doings.did)


def _counted(cursor: Cursor, draft: Draft) -> None:
    """`did order_completed >= 2 times in 90 days`."""
    cursor.need("did")
    _event(cursor, draft, "did")
    while True:
        if cursor.token.said in _SIMPLE:
            compared(cursor, draft)
            _times(cursor)
        elif not followed(cursor, draft):
            return


def _times(cursor: Cursor) -> None:
    if not cursor.take("times"):
        cursor.take("time")


def _figured(cursor: Cursor, draft: Draft) -> None:
    """`sum(amount) of order_completed >= 100 in 90 days`."""
    place, aggregate = cursor.place, cursor.next().said
    property_ = None
    if aggregate != "count" and (aggregate != "share" or cursor.at("(")):
        cursor.need("(")
        property_ = cursor.name("a property")
        cursor.need(")")
    cursor.need("of")
    cursor.take("did")
    _event(cursor, draft, "did")
    draft.say(aggregate, property_, place)
    while not _compared_first(cursor, draft):
        if not followed(cursor, draft) and not compares(cursor):
            cursor.fail("a comparison such as `>= 100`")
    endings(cursor, draft)


def _compared_first(cursor: Cursor, draft: Draft) -> bool:
    """Take the comparison if it comes next; `during` is a window here."""
    if not compares(cursor) or cursor.at("during"):
        return False
    place = cursor.place
    if cursor.take("in", "last"):
        stretch, more = period(cursor), compares(cursor) and not cursor.at("during")
        draft.say("within" if more else "in_last", stretch, place)
        return not more
    compared(cursor, draft)
    _times(cursor)
    return True


def _sequence(cursor: Cursor, draft: Draft) -> Node:
    place = cursor.place
    cursor.need("sequence", "(")
    steps = [_step(cursor, draft, 0)]
    while cursor.take("->"):
        steps.append(_step(cursor, draft, len(steps)))
    if not cursor.take(")"):
        cursor.fail("`->` or `)`", ["within", "after", "without"])
    draft.say("sequence", steps, place)
    endings(cursor, draft)
    return draft.node(doings.sequence)


def _step(cursor: Cursor, whole: Draft, index: int) -> dict[str, object]:
    whole.marks["sequence", index] = cursor.place
    step = Draft(cursor)
    cursor.take("did")
    word = "then_not" if cursor.take("not") else "then" if index else "did"
    _event(cursor, step, word)
    while True:
        place = cursor.place
        if cursor.take("without"):
            step.say("without", _several(cursor), place)
        elif cursor.at("within") or cursor.at("after"):
            step.say(cursor.next().said, period(cursor), place)
        else:
            break
    whole.marks.update({("sequence", index, *path): at for path, at in step.marks.items() if path})
    return step.data


def _several(cursor: Cursor) -> list[object]:
    if not cursor.take("("):
        return [doing(cursor)]
    found = [doing(cursor)]
    while cursor.take(","):
        found.append(doing(cursor))
    cursor.need(")")
    return found


def _regularly(cursor: Cursor, draft: Draft) -> Node:
    """`regularly (did order_completed) in 3 of 4 periods of 30 days`."""
    place = cursor.place
    cursor.need("regularly", "(")
    inner = Draft(cursor)
    if cursor.at("did"):
        _counted(cursor, inner)
    else:
        _figured(cursor, inner)
    cursor.need(")", "in")
    draft.say("regularly", inner.data, place)
    draft.say("at_least", value(cursor), place)
    cursor.need("of")
    draft.say("of", value(cursor), place)
    cursor.need("periods", "of")
    draft.say("each", period(cursor), place)
    return draft.node(doings.regularly)


def _stopped(cursor: Cursor, draft: Draft) -> Node:
    """`stopped check_in for 21 days after >= 4 times in 60 days`."""
    cursor.need("stopped")
    _event(cursor, draft, "stopped")
    cursor.need("for")
    draft.say("since", period(cursor), cursor.place)
    place = cursor.place
    if cursor.take("after"):
        before = Draft(cursor)
        if compares(cursor):
            compared(cursor, before)
            _times(cursor)
        if cursor.take("in"):
            before.say("within", period(cursor), place)
        draft.say("after", before.data, place)
    return draft.node(doings.stopped)


def _restarted(cursor: Cursor, draft: Draft) -> Node:
    cursor.need("restarted")
    _event(cursor, draft, "restarted")
    place = cursor.place
    cursor.need("after")
    draft.say("after", period(cursor), place)
    endings(cursor, draft)
    return draft.node(doings.restarted)


def _changed(cursor: Cursor, draft: Draft) -> Node:
    """`changed plan from "basic" to "pro" in 30 days`."""
    cursor.need("changed")
    draft.say("changed", cursor.name("a trait"), cursor.place)
    for word in ("from", "to"):
        place = cursor.place
        if cursor.take(word):
            side = comparison(cursor)[0] if compares(cursor) else value(cursor)
            draft.say(word, side, place)
    endings(cursor, draft)
    return draft.node(doings.changed)


def _holds(cursor: Cursor, draft: Draft) -> Node:
    """`holds`, `holds (plan = "pro")`, `held (plan = "pro") >= 2 times`."""
    place, word = cursor.place, cursor.next().said
    where(cursor, draft, word)
    if word not in draft.data:
        draft.say(word, "any", place)
    if compares(cursor):
        compared(cursor, draft)
        _times(cursor)
    endings(cursor, draft)
    return draft.node(doings.holds)


_CLAUSES: Mapping[str, Callable[[Cursor, Draft], Node]] = {
    "did": _did,
    "sequence": _sequence,
    "regularly": _regularly,
    "stopped": _stopped,
    "restarted": _restarted,
    "changed": _changed,
    "holds": _holds,
    "held": _holds,
    **BELONGING,
}
