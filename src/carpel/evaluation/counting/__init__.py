"""Tallies and sequences in memory, for engines that hand over rows as fast as they read them."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

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
    atoms: Iterable[Atom],
    catalogue: Catalogue,
    universe: BitMap,
    besides: Iterable[dict[Atom, Sets]] = (),
) -> Iterator[dict[Atom, Sets]]:
    """Give the sets of atoms that are `countable`, as they come; those `besides` among them."""
    listed = list(atoms)
    steps = _steps([each for each in listed if is_sequence(each)], catalogue, universe)
    tallies = (each for each in listed if is_tally(each))
    yield from tallied(tallies, catalogue, universe, chain(steps, besides))


def _steps(
    atoms: Sequence[Atom], catalogue: Catalogue, universe: BitMap
) -> Iterator[dict[Atom, Sets]]:
    yield gone_through(atoms, happened_to(atoms, catalogue), catalogue, universe)
