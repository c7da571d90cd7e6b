"""Why a customer is in or out: every clause with its verdict, and which of them decide."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any as Anything
from typing import Literal

from pyroaring import BitMap

from carpel.evaluation.algebra import Algebra
from carpel.evaluation.leaves import parts, plainly
from carpel.evaluation.person import Reading
from carpel.evaluation.sets import Sets
from carpel.language import (
    All,
    Any,
    Comparison,
    Node,
    NoneOf,
    Not,
    SegmentationRef,
    SegmentRef,
    Some,
)
from carpel.language.depth import Walk, in_turn, walked

Verdict = Literal["yes", "no", "unknown"]


@dataclass(frozen=True)
class Explanation:
    """A clause for one customer: `decides` when the whole would differ if this did.

    `value` is what the customer has: a trait's value, an aggregate over events, a place, a
    permission, a membership. `children` of a segment are its own rule.
    """

    node: Node
    verdict: Verdict
    value: Anything = None
    decides: bool = False
    children: tuple["Explanation", ...] = ()

    @property
    def threshold(self) -> Comparison | None:
        """What the value is compared with; None for a clause that compares nothing."""
        if isinstance(self.node, SegmentationRef):
            return Comparison("in", self.node.places)
        found: Comparison | None = getattr(self.node, "comparison", None)
        return found

    def deciding(self) -> Iterator["Explanation"]:
        """The innermost clauses that decide, in reading order."""
        waiting = [self]
        while waiting:
            each = waiting.pop()
            if each.decides and not each.children:
                yield each
            waiting += reversed(each.children if each.decides else ())


@dataclass(frozen=True)
class Preview:
    """How many people a clause lets in, and of how many it is not known."""

    node: Node
    people: int
    unknown: int
    of: int
    children: tuple["Preview", ...] = ()


def preview(node: Node, algebra: Algebra) -> Preview:
    """Count a rule and every clause in it."""
    return walked(_preview(node, algebra))[0]


def _preview(node: Node, algebra: Algebra) -> Walk[tuple[Preview, Sets]]:
    below = yield from in_turn(_preview(child, algebra) for child in parts(node))
    sets = algebra.joined(node, [each for _, each in below])
    counts = len(sets.yes), len(sets.unknown), len(algebra.universe)
    return Preview(node, *counts, tuple(each for each, _ in below)), sets


def explain(
    node: Node, algebra: Algebra, found: Mapping[Node, Reading], segments: Mapping[str, Node]
) -> Explanation:
    """Explain a rule for the one customer of this algebra."""
    return walked(_decided(walked(_tree(node, algebra, found, segments))))


def verdict(one: Sets) -> Verdict:
    """The verdict that a set over one customer stands for."""
    return "yes" if one.yes else "unknown" if one.unknown else "no"


def _tree(
    node: Node, algebra: Algebra, found: Mapping[Node, Reading], segments: Mapping[str, Node]
) -> Walk[Explanation]:
    below = parts(node)
    if isinstance(node, SegmentRef) and node.since is None and node.segment in segments:
        below = (segments[node.segment],)
    inner = yield from in_turn(_tree(child, algebra, found, segments) for child in below)
    one = [_sets(each.verdict, algebra.universe) for each in inner]
    held = verdict(algebra.joined(node, one))
    reading = None if below else found.get(plainly(node))
    value = reading.value if reading else None if below else held == "yes"
    return Explanation(node, held, value, children=tuple(inner))


def _sets(held: Verdict, one: BitMap) -> Sets:
    """The set over one customer that a verdict stands for."""
    return Sets(one if held == "yes" else BitMap(), one if held == "unknown" else BitMap())


def _decided(whole: Explanation) -> Walk[Explanation]:
    """Mark it as deciding, and those beneath on which its verdict rests."""
    inner = []
    for child in whole.children:
        inner.append((yield _decided(child)) if _carries(whole, child) else child)
    return replace(whole, decides=True, children=tuple(inner))


def _carries(whole: Explanation, child: Explanation) -> bool:
    """Whether the verdict of the whole rests on this child's.

    One failing part settles an `all`, one fitting part an `any`; else every part that is not
    settled the other way counts.
    """
    match whole.node:
        case All():
            return whole.verdict == "yes" or child.verdict == whole.verdict
        case Any():
            return whole.verdict == "no" or child.verdict == whole.verdict
        case NoneOf():
            return whole.verdict == "yes" or child.verdict == _OPPOSITE[whole.verdict]
        case Some():
            return (
                child.verdict != "yes" if whole.verdict == "no" else child.verdict == whole.verdict
            )
        case Not() | SegmentRef():
            return True
    return False


_OPPOSITE: Mapping[Verdict, Verdict] = {"yes": "no", "no": "yes", "unknown": "unknown"}
