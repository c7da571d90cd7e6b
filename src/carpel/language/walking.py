"""Walking a rule tree: what is right beneath a rule, and the words that lead there."""

from collections.abc import Iterator

from carpel.language.mistakes import Path
from carpel.language.nodes import (
    Account,
    All,
    Any,
    Node,
    NoneOf,
    Not,
    PeopleWhere,
    Some,
)
from carpel.language.sayings import Regularly

WORDS = {All: "all", Any: "any", NoneOf: "none", Some: "some"}


def children(node: Node) -> tuple[Node, ...]:
    """The rules right beneath a rule; none for a leaf."""
    return tuple(child for _, child in beneath(node))


def beneath(node: Node) -> Iterator[tuple[Path, Node]]:
    """The same with the path that leads to each in the rule's data."""
    match node:
        case All(some) | Any(some) | NoneOf(some) | Some(_, some):
            word = WORDS[type(node)]
            yield from (((word, index), child) for index, child in enumerate(some))
        case Not(child):
            yield ("not",), child
        case Account(child):
            yield ("account",), child
        case PeopleWhere(child):
            yield ("people", "where"), child
        case Regularly(did):
            yield ("regularly",), did
