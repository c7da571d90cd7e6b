"""Single figures and sequences of everybody, over rows that are kept in memory."""

from collections.abc import Iterable, Iterator

import numpy as np
from pyroaring import BitMap
from sqlglot import exp

from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.counting.blocks import Event, Places
from carpel.evaluation.counting.groups import Part
from carpel.evaluation.counting.kept import Kept
from carpel.evaluation.counting.readings import CODE, EDGES, Asked, is_tally, is_whole, wanted
from carpel.evaluation.counting.rows import Array, Column, Doings, placed
from carpel.evaluation.counting.steps import Meant, gone_through, is_sequence, when_done
from carpel.evaluation.counting.told import of_different
from carpel.evaluation.measures import Atom, Tally
from carpel.evaluation.sets import Sets
from carpel.language import Comparison

VALUE = "value"


def from_kept(
    atoms: Iterable[Atom], kept: Kept, catalogue: Catalogue, universe: BitMap
) -> Iterator[dict[Atom, Sets]]:
    """Give the sets of atoms that are `countable`, of those that can be had so."""
    listed = list(atoms)
    for each in listed:
        if is_tally(each) and kept.properties(tally_of(each)) is not None:
            yield counted(each, kept, universe)
    steps = [each for each in listed if is_sequence(each)]
    when = when_done(steps, catalogue)
    if steps and all(kept.properties(tally_of(each)) is not None for each in when):
        happened: dict[Meant, tuple[Array, Array]] = {}
        for each, meant in when.items():
            event, rows = kept.rows(tally_of(each))
            happened |= dict.fromkeys(meant, (rows.of(event.customers), rows.of(event.at)))
        yield gone_through(steps, happened, catalogue, universe)


def tally_of(atom: Atom) -> Tally:
    """The figure of an atom that is about one."""
    assert isinstance(atom.measure, Tally)
    return atom.measure


def counted(atom: Atom, kept: Kept, universe: BitMap) -> dict[Atom, Sets]:
    """The sets of an atom that `is_tally`."""
    tally = tally_of(atom)
    event, rows = kept.rows(tally)
    assert isinstance(atom.comparison, Comparison)
    asked = Asked(atom, tally, atom.comparison, column=VALUE if tally.thing is not None else "")
    columns = {name: Column(rows.of(each)) for name, each in ordered(event, tally).items()}
    said, thing = {}, tally.thing
    if isinstance(thing, exp.Column):
        columns[VALUE] = values(event, asked, rows)
        if not asked.numeric:
            different = event.properties[thing].different
            said = dict(zip([atom], of_different(different, [atom], kept.catalogue), strict=True))
    who, size, keys = placed(rows.of(event.customers))
    did = Doings(who, size, keys, np.array([0]), columns)
    with np.errstate(over="ignore", invalid="ignore"):  # infinities and no numbers go on
        return Part([asked], did, [tally.span.start], said).sets(universe)


def ordered(event: Event, tally: Tally) -> dict[str, Array]:
    """What decides which row is the first, where that is asked."""
    return {"at": event.at, "event_key": event.keys} if tally.word in EDGES else {}


def values(event: Event, asked: Asked, rows: Places) -> Column:
    """What a tally is of, as it counts it; to a sum, what is missing adds nothing."""
    found, thing = wanted(asked), asked.tally.thing
    assert found is not None and isinstance(thing, exp.Column)
    code = found[0] == CODE
    known = event.properties[thing]
    it = known.values(rows.of(known.codes), whole=None if code else is_whole(asked))
    return Column(it.values) if asked.tally.word == "sum" else it
