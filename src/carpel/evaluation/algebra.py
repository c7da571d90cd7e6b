"""From the sets of leaves to the sets of rules: Kleene's logic over the tree."""

from collections.abc import Mapping
from dataclasses import dataclass

from pyroaring import BitMap

from carpel.evaluation.leaves import plainly
from carpel.evaluation.sets import Sets, at_least, counted, every, opposite, some
from carpel.language import All, Any, Did, Node, NoneOf, Not, People, SegmentRef, Some, Trait


@dataclass(frozen=True)
class Algebra:
    """What is known of the leaves and segments, for everybody or for one customer."""

    universe: BitMap
    leaves: Mapping[Node, Sets]
    members: Mapping[str, BitMap]

    def sets(self, node: Node) -> Sets:
        """Who matches a rule and of whom it is not known."""
        match node:
            case All(children):
                return every(map(self.sets, children), self.universe)
            case Any(children):
                return some(map(self.sets, children))
            case NoneOf(children):
                return opposite(some(map(self.sets, children)), self.universe)
            case Not(child):
                return opposite(self.sets(child), self.universe)
            case Some(least, children):
                return at_least(least, [self.sets(child) for child in children])
            case SegmentRef(segment, None):
                return Sets(self.members[segment] & self.universe, BitMap())
            case People(customers):
                return Sets(BitMap(customers) & self.universe, BitMap())
            case Trait(missing="match") | Did(missing="match"):
                return counted(self.leaves[plainly(node)])
        return self.leaves[node]
