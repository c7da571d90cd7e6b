"""What evaluating a rule reads, before it is evaluated."""

from collections.abc import Iterator
from dataclasses import dataclass

from carpel.language.checks.vocabulary import Vocabulary
from carpel.language.nodes import Consent, Did, Holds, Node, Sequence, Trait
from carpel.language.references import references
from carpel.language.unfolding import core
from carpel.language.walking import children

CUSTOMERS = "customers"
_SORTED = 4
"""How many times as long an event takes that is put in order as one that is only counted."""


@dataclass(frozen=True)
class Cost:
    """Different traits and events a rule asks about, scans of events, and rows, weighted, in all.

    `rows` tells one rule from another; it is no time.
    """

    traits: int
    events: int
    scans: int
    rows: int


def cost(node: Node, vocabulary: Vocabulary, *, account: bool = False) -> Cost:
    """Estimate what a rule costs by the sizes of tables; those not known count nothing.

    Of segments that it names, the cost is their own.
    """
    rule = core(node)
    leaves = set(_leaves(rule))
    names = {(each.kind, each.name) for each in references(rule, account=account)}
    rows, scans = 0, 0
    for leaf in leaves:
        events = [each.name for each in references(leaf) if each.kind == "event"]
        weight = _SORTED if isinstance(leaf, Sequence) or _has_anchor(leaf) else 1
        rows += weight * sum(vocabulary.rows.get(each, 0) for each in events)
        scans += len(events)
        if isinstance(leaf, Trait | Consent | Holds):
            rows += vocabulary.rows.get(CUSTOMERS, 0)
    traits = sum(kind in ("trait", "account trait") for kind, _ in names)
    return Cost(traits, sum(kind == "event" for kind, _ in names), scans, rows)


def _leaves(node: Node) -> Iterator[Node]:
    waiting = [node]
    while waiting:
        each = waiting.pop()
        below = children(each)
        waiting += below
        if not below:
            yield each


def _has_anchor(leaf: Node) -> bool:
    return isinstance(leaf, Did) and leaf.since is not None
