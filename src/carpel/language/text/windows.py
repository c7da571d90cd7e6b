"""What follows a clause in the text of a rule: its window, its zone, what missing counts as."""

from collections.abc import Callable, Mapping
from typing import Any as Anything

from carpel.language.text.comparing import calendar, period, where
from carpel.language.text.cursor import Cursor, Draft


def endings(cursor: Cursor, draft: Draft) -> None:
    """Take all of them that come next."""
    while followed(cursor, draft):
        pass


def followed(cursor: Cursor, draft: Draft) -> bool:
    """Take one window or other ending into the data of a clause, if one comes next."""
    for words, take in _ENDINGS.items():
        if cursor.at(*words) and (words != ("in",) or cursor.kind(1) == "number"):
            place = cursor.place
            cursor.take(*words)
            take(cursor, draft, place)
            return True
    return False


def doing(cursor: Cursor) -> Anything:
    """Take an event with its filters: `order_completed`, `did order_completed(amount > 5)`."""
    cursor.take("did")
    draft = Draft(cursor)
    draft.say("did", cursor.name("an event"), cursor.place)
    where(cursor, draft)
    return draft.data if "where" in draft.data else draft.data["did"]


def _period(word: str) -> Callable[[Cursor, Draft, int], None]:
    return lambda cursor, draft, place: draft.say(word, period(cursor), place)


def _day(word: str) -> Callable[[Cursor, Draft, int], None]:
    def take(cursor: Cursor, draft: Draft, place: int) -> None:
        if cursor.kind() != "date":
            cursor.fail("a day such as `2026-03-01`")
        draft.say(word, cursor.next().value, place)

    return take


def _since(which: str) -> Callable[[Cursor, Draft, int], None]:
    return lambda cursor, draft, place: draft.say(f"since_{which}", doing(cursor), place)


def _ago(cursor: Cursor, draft: Draft, place: int) -> None:
    draft.say("ago", period(cursor), place)
    cursor.need("ago")


def _during(cursor: Cursor, draft: Draft, place: int) -> None:
    draft.say("during", calendar(cursor), place)


def _zone(cursor: Cursor, draft: Draft, place: int) -> None:
    if cursor.kind() != "text" and not cursor.at("own"):
        cursor.fail('`own` or a zone such as "Europe/Berlin"', ["own"])
    draft.say("zone", cursor.next().value, place)


def _missing(_cursor: Cursor, draft: Draft, place: int) -> None:
    draft.say("missing", "match", place)


_ENDINGS: Mapping[tuple[str, ...], Callable[[Cursor, Draft, int], None]] = {
    ("in",): _period("within"),
    ("in", "last"): _period("within"),
    ("in", "the", "last"): _period("within"),
    ("up", "to"): _ago,
    ("since", "first"): _since("first"),
    ("since", "last"): _since("last"),
    ("since",): _day("since"),
    ("until",): _day("until"),
    ("during",): _during,
    ("ending", "in"): _period("ends_within"),
    ("zone",): _zone,
    ("or", "missing"): _missing,
}
