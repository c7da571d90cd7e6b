"""Walking a rule tree: what is right beneath a rule, and the words that lead there."""

from collections.abc import Callable, Iterator
from collections.abc import Sequence as Listed
from dataclasses import replace

from carpel.language.depth import Walk, in_turn, walked
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


def is_deeper(node: Node, levels: int) -> bool:
    """Whether rules are nested in a rule to more than so many levels."""
    level: Listed[Node] = [node]
    for _ in range(levels):
        level = [child for each in level for child in children(each)]
        if not level:
            return False
    return True


def mapped(node: Node, change: Callable[[Node], Node]) -> Node:
    """The rule with every clause that has no rules beneath it changed so."""
    return walked(_mapped(node, change))


def _mapped(node: Node, change: Callable[[Node], Node]) -> Walk[Node]:
    if isinstance(node, Regularly) or not (below := children(node)):
        return change(node)
    inner = yield from in_turn(_mapped(child, change) for child in below)
    return _with_children(node, inner)


def _with_children(node: Node, below: Listed[Node]) -> Node:
    match node:
        case All() | Any() | NoneOf() | Some():
            return replace(node, children=tuple(below))
        case Not() | Account() | PeopleWhere():
            return replace(node, child=below[0])
    raise TypeError(f"no rule with rules beneath it: {node!r}")
