"""Tallies and sequences in memory, for engines that hand over rows as fast as they read them."""

from collections.abc import Iterable, Iterator

from pyroaring import BitMap

from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.counting.groups import tallied
from carpel.evaluation.counting.readings import is_tally
from carpel.evaluation.counting.steps import gone_through, happened_to, is_sequence
from carpel.evaluation.measures import Atom
from carpel.evaluation.sets import Sets


def countable(atom: Atom) -> bool:
    """Whether an atom can be had in memory."""
    return is_tally(atom) or is_sequence(atom)


def counted(
    atoms: Iterable[Atom], catalogue: Catalogue, universe: BitMap
) -> Iterator[dict[Atom, Sets]]:
    """Give the sets of atoms that are `countable`, as they come."""
    listed = list(atoms)
    yield from tallied((each for each in listed if is_tally(each)), catalogue, universe)
    steps = [each for each in listed if is_sequence(each)]
    yield gone_through(steps, happened_to(steps, catalogue), catalogue, universe)
