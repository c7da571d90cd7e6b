"""Atoms for everybody: what customers have and did in memory, anything else by a scan for all
that can be had together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeVar

import pyarrow as pa
from pyroaring import BitMap
from sqlglot import exp

from carpel.engine.query import aliased, column
from carpel.evaluation.bitmaps import bitmap
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.costs import Watch
from carpel.evaluation.counting import countable, counted
from carpel.evaluation.counting.facts import Facts, is_fact
from carpel.evaluation.counting.few import from_kept
from carpel.evaluation.counting.kept import Kept
from carpel.evaluation.measures import Atom, Measure
from carpel.evaluation.scans import CUSTOMER, scan, together
from carpel.evaluation.sets import Sets

EMBEDDED = "duckdb"
"""The engine that lives in this process: it hands over rows as fast as it reads them."""
FEW = 30
"""So many figures of events pay for reading their rows; the engine counts fewer sooner: RFM and
five rules over 1.5 M rows in a quarter of the time."""
T = TypeVar("T")
AT_ONCE = 200
"""Measures a query computes at most: more of them only take memory."""
MOST_VERDICTS = 1000
"""Columns a query gives at most: PostgreSQL allows 1,664."""


def everybody(
    atoms: Iterable[Atom],
    catalogue: Catalogue,
    universe: BitMap,
    spent: dict[Atom, float] | None = None,
    facts: Facts | None = None,
    kept: Kept | None = None,
) -> dict[Atom, Sets]:
    """Give for each atom who matches and of whom it is not known.

    `spent` takes the seconds of each; what several atoms share is split evenly. `facts` keeps
    what was read of customers for the next time, `kept` the rows of events.
    """
    found: dict[Atom, Sets] = {}
    watch, spent = Watch(), {} if spent is None else spent
    asked = dict.fromkeys(atoms)
    for sets in _in_memory(list(asked), catalogue, universe, facts or Facts(catalogue), kept):
        found |= sets
        watch.lap(sets, spent)
    by_measure: dict[Measure, list[Atom]] = {}
    for atom in (each for each in asked if each not in found):
        by_measure.setdefault(atom.measure, []).append(atom)
    listed = [atom for some in by_measure.values() for atom in some]
    absent = _without_rows(listed, catalogue)
    for group in together(by_measure):
        for measures in _chunks(group):
            some = [atom for measure in measures for atom in by_measure[measure]]
            for part in _chunks(some, MOST_VERDICTS):
                found |= _scanned(part, catalogue, universe, absent)
                watch.lap(part, spent)
    return found


def _in_memory(
    atoms: Sequence[Atom],
    catalogue: Catalogue,
    universe: BitMap,
    facts: Facts,
    kept: Kept | None,
) -> Iterator[dict[Atom, Sets]]:
    """The sets of what is had in memory; of an engine elsewhere, nothing."""
    if catalogue.engine.dialect != EMBEDDED:
        return
    figures = [each for each in atoms if countable(each)]
    decided = facts.decided(filter(is_fact, atoms), universe)
    if len(figures) >= FEW:
        yield from counted(figures, catalogue, universe, decided)
        return
    if kept is not None:
        yield from from_kept(figures, kept, catalogue, universe)
    yield from decided


def _chunks(items: Sequence[T], most: int = AT_ONCE) -> Iterator[list[T]]:
    rest = iter(items)
    while chunk := list(islice(rest, most)):
        yield chunk


def _without_rows(atoms: Sequence[Atom], catalogue: Catalogue) -> dict[Atom, bool | None]:
    """The verdict on somebody of whom a scan has no row."""
    found: dict[Atom, bool | None] = {}
    for some in _chunks(atoms, MOST_VERDICTS):
        verdicts = exp.select(*(atom.holds(atom.typed(atom.nothing), catalogue) for atom in some))
        found |= zip(some, catalogue.engine.rows(verdicts)[0], strict=True)
    return found


def _scanned(
    atoms: Sequence[Atom],
    catalogue: Catalogue,
    universe: BitMap,
    absent: Mapping[Atom, bool | None],
) -> dict[Atom, Sets]:
    measures = dict.fromkeys(atom.measure for atom in atoms)
    names = {measure: f"m{index}" for index, measure in enumerate(measures)}
    inner = scan({name: measure for measure, name in names.items()}, catalogue)
    verdicts = [
        aliased(atom.holds(column(names[atom.measure]), catalogue), f"a{index}")
        for index, atom in enumerate(atoms)
    ]
    tree = exp.select(column(CUSTOMER), *verdicts).from_(
        inner.subquery("measured", copy=False), copy=False
    )
    rows = catalogue.engine.fetch(tree)
    keys = rows.column(0)
    others = universe - bitmap(keys)
    return {
        atom: _sets(keys, rows.column(index), universe, others, absent[atom])
        for index, atom in enumerate(atoms, start=1)
    }


def _sets(
    keys: pa.ChunkedArray,
    verdicts: pa.ChunkedArray,
    universe: BitMap,
    others: BitMap,
    absent: bool | None,
) -> Sets:
    yes = bitmap(keys.filter(verdicts)) & universe
    unknown = bitmap(keys.filter(verdicts.is_null())) & universe
    if absent is None:
        return Sets(yes, unknown | others)
    return Sets(yes | others if absent else yes, unknown)
