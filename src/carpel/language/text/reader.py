"""From one line of text to a rule."""

from collections.abc import Callable, Sequence

from carpel.language.depth import Walk, in_turn, walked
from carpel.language.mistakes import RuleError, as_one
from carpel.language.nodes import Account, All, Any, Node, NoneOf, Not, PeopleWhere, Some
from carpel.language.operators import comparison as read_comparison
from carpel.language.text.clauses import clause
from carpel.language.text.comparing import compares, comparison
from carpel.language.text.cursor import Cursor
from carpel.language.text.mistakes import wrong
from carpel.language.text.places import people

_JOINED: dict[str, Callable[[tuple[Node, ...]], Node]] = {"and": All, "or": Any}
_GROUPS: dict[str, Callable[[tuple[Node, ...]], Node]] = {"all": All, "any": Any, "none": NoneOf}


def parse_text(text: str) -> Node:
    """Read a rule such as `did order_completed >= 2 times in 90 days and not may email`.

    Raises RuleError whose message points at the character; its `mistakes` have line and column.
    """
    cursor = Cursor(text)
    try:
        node = walked(_rule(cursor))
        if cursor.kind() != "end":
            cursor.fail("`and`, `or` or the end", ["and", "or"])
    except RuleError as error:
        raise as_one([*cursor.mistakes, error]) from None
    if cursor.mistakes:
        raise as_one(cursor.mistakes)
    return node


def _rule(cursor: Cursor) -> Walk[Node]:
    """Clauses joined by `and`, or by `or`: of both in one row nobody knows what is meant."""
    first: Node = yield _one(cursor)
    word = cursor.token.said
    if word not in _JOINED:
        return first
    parts = [first]
    while cursor.take(word):
        parts.append((yield _one(cursor)))
    if cursor.token.said in _JOINED:
        message = (
            "`and` and `or` stand in one row; say with parentheses what belongs together, "
            "such as `a and (b or c)`"
        )
        raise wrong(cursor.text, cursor.place, message)
    return _JOINED[word](tuple(parts))


def _one(cursor: Cursor) -> Walk[Node]:
    if cursor.take("not"):
        return Not((yield _one(cursor)))
    if cursor.take("("):
        return (yield from _closed(cursor))
    if cursor.take("account", "("):
        return Account((yield from _closed(cursor)))
    if cursor.take("people", "("):
        return (yield from _people(cursor))
    if cursor.take("people"):
        return people(cursor)
    for word, kind in _GROUPS.items():
        if cursor.take(word, "of", "("):
            return kind(tuple((yield from _listed(cursor))))
    if cursor.kind() == "number" and cursor.tokens[cursor.index + 1].said == "of":
        return (yield from _some(cursor))
    return clause(cursor)


def _closed(cursor: Cursor) -> Walk[Node]:
    """A rule up to its closing parenthesis."""
    found: Node = yield _rule(cursor)
    if not cursor.take(")"):
        cursor.fail("`and`, `or` or `)`", ["and", "or"])
    return found


def _listed(cursor: Cursor) -> Walk[Sequence[Node]]:
    """Rules separated by semicolons, up to the closing parenthesis."""
    found: list[Node] = yield from in_turn([_rule(cursor)])
    while cursor.take(";"):
        found.append((yield _rule(cursor)))
    if not cursor.take(")"):
        cursor.fail("`;` or `)`")
    return found


def _some(cursor: Cursor) -> Walk[Node]:
    """`2 of (a; b; c)`."""
    place, least = cursor.place, cursor.next().value
    cursor.need("of", "(")
    listed = yield from _listed(cursor)
    if not isinstance(least, int) or least < 1:
        raise wrong(cursor.text, place, "a whole number of 1 or more is expected before `of`")
    if least > len(listed):
        message = f"at least {least} of {len(listed)} can never be"
        raise wrong(cursor.text, place, message)
    return Some(least, tuple(listed))


def _people(cursor: Cursor) -> Walk[Node]:
    """`people (did signed_in) >= 2`: of an account."""
    child = yield from _closed(cursor)
    if not compares(cursor):
        return PeopleWhere(child)
    data, place = comparison(cursor)
    if "fold" in data:
        raise wrong(cursor.text, place, "a number of people has no letters")
    try:
        return PeopleWhere(child, read_comparison(data))
    except RuleError as error:
        raise wrong(cursor.text, place, error.message) from None
