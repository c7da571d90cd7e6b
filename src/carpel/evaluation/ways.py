"""Which clauses would have to come out how for a rule to come out as wanted."""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from itertools import combinations, islice

from carpel.evaluation.explain import Verdict
from carpel.evaluation.leaves import plainly
from carpel.language import (
    All,
    Any,
    Consent,
    Did,
    Node,
    NoneOf,
    Not,
    SegmentationRef,
    SegmentRef,
    Some,
    Trait,
)
from carpel.language.depth import Walk, in_turn, walked

Verdicts = frozenset[Verdict]
Way = Mapping[Node, Verdicts]
"""Leaves and the verdicts that will do for each; the others do not matter."""
Subject = tuple[str, str]

YES, NO = frozenset[Verdict]({"yes"}), frozenset[Verdict]({"no"})
NOT_YES, NOT_NO = frozenset[Verdict]({"no", "unknown"}), frozenset[Verdict]({"yes", "unknown"})
_OPPOSITE = {YES: NO, NO: YES, NOT_YES: NOT_NO, NOT_NO: NOT_YES}
KEPT = 200
"""Ways kept at each place of the tree, those with the fewest changes."""


def subject(leaf: Node) -> Subject:
    """What a leaf is about: clauses about one thing change together."""
    match leaf:
        case Trait(trait):
            return "trait", trait
        case Did(event):
            return "event", event
        case SegmentationRef(segmentation):
            return "segmentation", segmentation
        case Consent(channel, purpose):
            return "consent", f"{channel} {purpose}"
        case SegmentRef(segment):
            return "segment", segment
    return "people", str(leaf)


def unmet(way: Way, held: Mapping[Node, Verdict]) -> list[Node]:
    """The leaves that would have to come out differently."""
    return [leaf for leaf, wanted in way.items() if held[leaf] not in wanted]


def ways(node: Node, wanted: Verdicts, held: Mapping[Node, Verdict]) -> list[Way]:
    """Every way for the rule to come out as wanted, those with the fewest changes first."""
    return walked(_ways(node, wanted, held))


def _ways(node: Node, wanted: Verdicts, held: Mapping[Node, Verdict]) -> Walk[list[Way]]:
    match node:
        case Not(child):
            (turned,) = yield from in_turn([_ways(child, _OPPOSITE[wanted], held)])
            return turned
        case NoneOf(children):
            (turned,) = yield from in_turn([_ways(Any(children), _OPPOSITE[wanted], held)])
            return turned
        case All(children) | Any(children):
            below = yield from in_turn(_ways(child, wanted, held) for child in children)
            if isinstance(node, All) == (wanted in (YES, NOT_NO)):
                return _all_of(below, held)
            return _fewest((way for some in below for way in some), held)
        case Some(least, children):
            below = yield from in_turn(_ways(child, wanted, held) for child in children)
            needed = least if wanted in (YES, NOT_NO) else len(children) - least + 1
            chosen = islice(combinations(below, needed), KEPT)
            return _fewest((way for some in chosen for way in _all_of(some, held)), held)
    return _of_leaf(node, wanted)


def _of_leaf(leaf: Node, wanted: Verdicts) -> list[Way]:
    if isinstance(leaf, Trait | Did) and leaf.missing == "match":
        return [{plainly(leaf): NOT_NO if "yes" in wanted else NO}]
    return [{leaf: wanted}]


def _all_of(some: Iterable[list[Way]], held: Mapping[Node, Verdict]) -> list[Way]:
    return reduce(lambda a, b: _both(a, b, held), some, [{}])


def _both(some: Sequence[Way], others: Sequence[Way], held: Mapping[Node, Verdict]) -> list[Way]:
    merged = (_merged(one, other) for one in some for other in others)
    return _fewest((way for way in merged if way is not None), held)


def _merged(one: Way, other: Way) -> Way | None:
    way = {
        leaf: one.get(leaf, wanted) & other.get(leaf, wanted)
        for leaf, wanted in {**one, **other}.items()
    }
    return way if all(way.values()) else None


def _fewest(found: Iterable[Way], held: Mapping[Node, Verdict]) -> list[Way]:
    def changes(way: Way) -> tuple[int, int]:
        still = unmet(way, held)
        return len({subject(leaf) for leaf in still}), len(still)

    return sorted(found, key=changes)[:KEPT]
