"""From plain data (YAML, JSON) to a rule tree, every mistake with its path in the data."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any as Anything

from carpel.language import belongings, doings, form
from carpel.language.depth import Walk, walked
from carpel.language.form import Data
from carpel.language.mistakes import RuleError, as_one, at, unknown
from carpel.language.nodes import Account, All, Any, Node, NoneOf, Not, PeopleWhere, Some
from carpel.language.operands import AT_LEAST_ONCE
from carpel.language.operators import WORDS
from carpel.language.text import parse_text


def parse(data: Anything) -> Node:
    """Read a rule; text in its place is read as the text form.

    Raises RuleError with every mistake in it, each with its path.
    """
    return walked(_parse(data))


def _parse(data: Anything) -> Walk[Node]:
    if isinstance(data, Node):
        return data
    if isinstance(data, str):
        return parse_text(data)
    if not isinstance(data, Mapping):
        raise RuleError(f"a rule is a mapping such as {{trait: …}}, not {data!r}")
    word = _word(data)
    if word == "people" and not isinstance(data["people"], Mapping):
        return belongings.people(data)
    if word in NESTED:
        return (yield from NESTED[word](data))
    return LEAVES[word](data)


def _word(data: Data) -> str:
    """The one word that says which clause it is."""
    words = [word for word in READERS if word in data]
    if not words:
        first = next(iter(data), "nothing")
        told = f"unknown word {first!r}. {MEANT[first]}" if first in MEANT else ""
        raise RuleError(told or unknown("word", first, READERS), (first,) if data else ())
    if len(words) > 1:
        raise RuleError(
            f"`{words[0]}` and `{words[1]}` stand in one place; "
            "put each in an item of its own under `all:` or `any:`",
            (words[1],),
        )
    return words[0]


def _child(data: Anything, *path: str | int) -> Walk[Node]:
    with at(*path):
        found: Node = yield _parse(data)
        return found


def _children(word: str, data: Data, *others: str) -> Walk[tuple[Node, ...]]:
    form.only(data, [word, *others])
    listed = data[word]
    if not isinstance(listed, list | tuple) or not listed:
        raise RuleError(f"`{word}` expects a list of rules", (word,))
    found: list[Node] = []
    mistakes: list[RuleError] = []
    for index, each in enumerate(listed):
        try:
            found.append((yield from _child(each, word, index)))
        except RuleError as error:
            mistakes.extend(error.mistakes)
    if mistakes:
        raise as_one(mistakes)
    return tuple(found)


def _group(kind: type[All] | type[Any] | type[NoneOf], word: str, data: Data) -> Walk[Node]:
    return kind((yield from _children(word, data)))


def _not(data: Data) -> Walk[Node]:
    form.only(data, ["not"])
    return Not((yield from _child(data["not"], "not")))


def _some(data: Data) -> Walk[Node]:
    children = yield from _children("some", data, "at_least")
    least = form.count(data, "at_least")
    if least > len(children):
        raise RuleError(f"at least {least} of {len(children)} can never be", ("at_least",))
    return Some(least, children)


def _minus(data: Data) -> Walk[Node]:
    first, *rest = yield from _children("minus", data)
    if not rest:
        raise RuleError("`minus` expects who is meant, then who is taken away", ("minus",))
    return All((first, *(Not(each) for each in rest)))


def _account(data: Data) -> Walk[Node]:
    form.only(data, ["account"])
    return Account((yield from _child(data["account"], "account")))


def _people(data: Data) -> Walk[Node]:
    """Of an account: how many of its people match."""
    form.only(data, ["people"])
    said = data["people"]
    with at("people"):
        form.only(said, ("where", *WORDS))
        if "where" not in said:
            raise RuleError("say which people, such as `where: {did: signed_in}`")
        compared = form.compared(said) or AT_LEAST_ONCE
        return PeopleWhere((yield from _child(said["where"], "where")), compared)


NESTED: dict[str, Callable[[Data], Walk[Node]]] = {
    "all": partial(_group, All, "all"),
    "any": partial(_group, Any, "any"),
    "none": partial(_group, NoneOf, "none"),
    "not": _not,
    "some": _some,
    "union": partial(_group, Any, "union"),
    "intersect": partial(_group, All, "intersect"),
    "minus": _minus,
    "account": _account,
    "people": _people,
}
LEAVES: dict[str, Callable[[Data], Node]] = {
    "trait": belongings.trait,
    "did": doings.did,
    "sequence": doings.sequence,
    "regularly": doings.regularly,
    "stopped": doings.stopped,
    "restarted": doings.restarted,
    "changed": doings.changed,
    "holds": doings.holds,
    "held": doings.holds,
    "segment": belongings.segment,
    "entered": belongings.entered,
    "left": belongings.left,
    "segmentation": belongings.segmentation,
    "moved": belongings.moved,
    "consent": belongings.consent,
    "sample": belongings.sample,
    "near": belongings.near,
    "holiday": belongings.holiday,
}
_A_LIST = "Did you mean a list of people by key: `{people: [17, 311]}`?"
_A_FACT = "Did you mean a fact about the person: `{trait: city, is: Berlin}`?"
_AN_EVENT = "Did you mean what people did: `{did: order_completed, within: 90 days}`?"
MEANT: Mapping[str, str] = {
    **dict.fromkeys(("static", "list", "ids", "keys", "customers", "customer", "members"), _A_LIST),
    **dict.fromkeys(("attribute", "property", "field", "column", "profile"), _A_FACT),
    **dict.fromkeys(("event", "events", "has_done", "behavior", "behaviour"), _AN_EVENT),
    "and": "Did you mean `all`?",
    "or": "Did you mean `any`?",
}
"""Words of other tools, and what is said here."""
READERS = (*NESTED, *LEAVES)
"""The words that say which clause it is."""
