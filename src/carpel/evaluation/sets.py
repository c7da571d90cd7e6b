"""Sets of customers with what is not known, and Kleene's logic on them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

from pyroaring import BitMap


@dataclass(frozen=True)
class Sets:
    """Who matches for certain, and of whom it is not known; everybody else does not match."""

    yes: BitMap
    unknown: BitMap

    @property
    def possible(self) -> BitMap:
        """Who matches or may match."""
        return self.yes | self.unknown


def every(children: Iterable[Sets], universe: BitMap) -> Sets:
    """In each of them; without any, everybody."""
    listed = list(children)
    yes = reduce(BitMap.__and__, (each.yes for each in listed), universe)
    possible = reduce(BitMap.__and__, (each.possible for each in listed), universe)
    return Sets(yes, possible - yes)


def some(children: Iterable[Sets]) -> Sets:
    """In at least one of them; without any, nobody."""
    listed = list(children)
    yes = BitMap.union(BitMap(), *(each.yes for each in listed))
    possible = BitMap.union(BitMap(), *(each.possible for each in listed))
    return Sets(yes, possible - yes)


def at_least(least: int, children: Sequence[Sets]) -> Sets:
    """In at least so many of them."""
    yes = _in_so_many(least, [each.yes for each in children])
    return Sets(yes, _in_so_many(least, [each.possible for each in children]) - yes)


def _in_so_many(least: int, sets: Sequence[BitMap]) -> BitMap:
    """Keys that are in at least so many of the sets: one more level for each set a key is in."""
    levels = [BitMap() for _ in range(least)]
    for each in sets:
        for level in range(least - 1, 0, -1):
            levels[level] |= levels[level - 1] & each
        levels[0] |= each
    return levels[-1]


def opposite(child: Sets, universe: BitMap) -> Sets:
    """Not in it; who is unknown stays unknown."""
    return Sets(universe - child.yes - child.unknown, child.unknown)


def counted(child: Sets) -> Sets:
    """Missing counts as a match."""
    return Sets(child.possible, BitMap())
