"""What columns add up to over many sets of people at once, as one product of matrices.

A row for each pair of a set and a person would be a hundred times as many rows as there are people.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

Floats = NDArray[np.float64]
Keys = NDArray[np.int64]
Columns = Callable[[slice], Floats]
"""Gives the columns of some people, by their places; without a missing value."""
BLOCK = 4096
"""People at a time."""
MEMBERSHIPS = 50_000_000
"""Members of sets at a time: they take four bytes each."""


def totals(people: Keys, columns: Columns, sets: Sequence[BitMap]) -> Floats:
    """The sum of each column over each set: a row a set, a column a column.

    `people` are the keys of everybody, ascending; members who are none of these count nowhere.
    """
    parts = [_totals(people, columns, some) for some in _batches(sets)]
    width = columns(slice(0, 0)).shape[1]
    return np.concatenate(parts) if parts else np.zeros((0, width))


def _batches(sets: Sequence[BitMap]) -> Iterator[list[BitMap]]:
    some: list[BitMap] = []
    many = 0
    for each in sets:
        if some and many + len(each) > MEMBERSHIPS:
            yield some
            some, many = [], 0
        some.append(each)
        many += len(each)
    if some:
        yield some


def _totals(people: Keys, columns: Columns, sets: Sequence[BitMap]) -> Floats:
    places = [_places(people, each) for each in sets]
    found = np.zeros((len(sets), columns(slice(0, 0)).shape[1]))
    for begin in range(0, len(people), BLOCK):
        block = slice(begin, min(begin + BLOCK, len(people)))
        members = np.zeros((len(sets), block.stop - begin))
        for row, listed in enumerate(places):
            low, high = np.searchsorted(listed, (begin, block.stop))
            members[row, listed[low:high] - begin] = 1
        found += members @ columns(block)
    return found


def _places(people: Keys, members: BitMap) -> NDArray[np.uint32]:
    """Where these people stand among all."""
    keys = np.frombuffer(members.to_array(), np.uint32)
    at = np.searchsorted(people, keys)
    there = at < len(people)
    there[there] = people[at[there]] == keys[there]
    return at[there].astype(np.uint32)
