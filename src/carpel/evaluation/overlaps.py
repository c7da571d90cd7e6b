"""How many people sets have in common, every one with every other."""

from collections.abc import Mapping
from itertools import combinations

from pyroaring import BitMap


def overlaps(members: Mapping[str, BitMap]) -> dict[tuple[str, str], int]:
    """How many people each pair of sets shares; pairs stand in the order of the names given."""
    return {
        (one, other): members[one].intersection_cardinality(members[other])
        for one, other in combinations(members, 2)
    }
