"""From the sets of leaves to the sets of rules: Kleene's logic over the tree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyroaring import BitMap

from carpel.evaluation.leaves import parts, plainly
from carpel.evaluation.sets import Sets, at_least, counted, every, opposite, some
from carpel.language import All, Any, Did, Node, NoneOf, Not, People, SegmentRef, Some, Trait
from carpel.language.depth import Walk, in_turn, walked


@dataclass(frozen=True)
class Algebra:
    """What is known of the leaves and segments, for everybody or for one customer."""

    universe: BitMap
    leaves: Mapping[Node, Sets]
    members: Mapping[str, BitMap]

    def sets(self, node: Node) -> Sets:
        """Who matches a rule and of whom it is not known."""
        return walked(self._sets(node))

    def _sets(self, node: Node) -> Walk[Sets]:
        below = yield from in_turn(map(self._sets, parts(node)))
        return self.joined(node, below)

    def joined(self, node: Node, below: Sequence[Sets]) -> Sets:
        """The same from the sets of the rules right beneath it."""
        match node:
            case All():
                return every(below, self.universe)
            case Any():
                return some(below)
            case NoneOf():
                return opposite(some(below), self.universe)
            case Not():
                return opposite(below[0], self.universe)
            case Some(least):
                return at_least(least, list(below))
            case SegmentRef(segment, None):
                return Sets(self.members[segment] & self.universe, BitMap())
            case People(customers):
                return Sets(BitMap(customers) & self.universe, BitMap())
            case Trait(missing="match") | Did(missing="match"):
                return counted(self.leaves[plainly(node)])
        return self.leaves[node]
