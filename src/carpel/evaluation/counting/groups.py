"""Tallies counted in memory: all windows of an event at once, part by part.

The engine reads and filters rows; meanwhile another thread counts what was read before.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from pyroaring import BitMap

from carpel.evaluation.bitmaps import flagged
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.counting.figures import Counting, figures
from carpel.evaluation.counting.readings import (
    CODE,
    EDGES,
    ORDER,
    PART,
    Asked,
    Reading,
    readings,
)
from carpel.evaluation.counting.rows import (
    CUSTOMER,
    STRETCH,
    Array,
    Column,
    Doings,
    coded,
    doings,
    order,
    plain,
)
from carpel.evaluation.counting.verdicts import Flags, compared, of_different
from carpel.evaluation.measures import Atom
from carpel.evaluation.sets import Sets

AHEAD = 2
"""So many readings at most wait to be counted: they take memory."""


def tallied(
    atoms: Iterable[Atom], catalogue: Catalogue, universe: BitMap
) -> Iterator[dict[Atom, Sets]]:
    """Give the sets of atoms of which each `is_tally`, as they come."""
    with ThreadPoolExecutor(1) as counting:
        under_way: list[Future[dict[Atom, Sets]]] = []
        for reading in readings(atoms, catalogue):
            if len(under_way) > AHEAD:
                yield under_way.pop(0).result()
            under_way.append(counting.submit(read(reading, catalogue).sets, universe))
        for each in under_way:
            yield each.result()


def read(reading: Reading, catalogue: Catalogue) -> "Read":
    """The rows of a reading, with all that only the engine can say of them."""
    rows = catalogue.engine.fetch(reading.query(catalogue))
    columns: dict[str, Column] = {}
    different: dict[str, pa.Array] = {}
    for name in rows.column_names:
        if name.startswith(CODE):
            columns[name], different[name] = coded(rows.column(name))
        else:
            columns[name] = plain(rows.column(name))
    said: dict[Atom, Flags] = {}
    for name, values in different.items():
        atoms = [each.atom for each in reading.asked if each.column == name and not each.numeric]
        if atoms:
            said |= zip(atoms, of_different(values, atoms, catalogue), strict=True)
    return Read(reading, columns, said)


@dataclass(frozen=True)
class Read:
    """A reading with its rows."""

    reading: Reading
    columns: Mapping[str, Column]
    said: Mapping[Atom, Flags]
    """Verdicts on each different value, of atoms that compare no numbers."""

    def sets(self, universe: BitMap) -> dict[Atom, Sets]:
        """Count, compare and gather."""
        found: dict[Atom, Sets] = {}
        for asked, columns in self.parts():
            starts = self.reading.starts
            part = Part(asked, doings(columns, len(starts)), starts, self.said)
            with np.errstate(over="ignore", invalid="ignore"):  # infinities and no numbers go on
                found |= part.sets(universe)
        return found

    def parts(self) -> Iterator[tuple[list[Asked], Mapping[str, Column]]]:
        """The rows of one filter after the other, with what is asked about them."""
        by_value: dict[str | None, list[Asked]] = {}
        for each in self.reading.asked:
            split = self.reading.split is not None
            by_value.setdefault(each.value if split else None, []).append(each)
        if None in by_value:
            asked = by_value.pop(None)
            yield asked, {name: self.columns[name] for name in needed(asked)}
        if not by_value:
            return
        codes = self.columns[PART]
        numbers = codes.values.astype(np.int64) + 1  # 0: a value that nobody asks about
        numbers = numbers if codes.there is None else np.where(codes.there, numbers, 0)
        by_part = order(numbers, len(self.reading.values) + 1)
        for code, value in enumerate(self.reading.values):
            asked = by_value[value]
            part = by_part.only(code + 1)
            yield asked, {name: self.columns[name].taken(part) for name in needed(asked)}


def needed(asked: Iterable[Asked]) -> set[str]:
    """The columns that some of the atoms need."""
    listed = list(asked)
    edges = ORDER if any(each.tally.word in EDGES for each in listed) else ()
    return {CUSTOMER, STRETCH, *edges, *(each.column for each in listed if each.column)}


@dataclass(frozen=True)
class Part:
    """The rows of one event and filter, and what is asked about them."""

    asked: Sequence[Asked]
    did: Doings
    starts: Sequence[object]
    said: Mapping[Atom, Flags]

    def sets(self, universe: BitMap) -> dict[Atom, Sets]:
        """The sets of all atoms."""
        others = universe - flagged(self.did.keys, np.ones(len(self.did.keys), bool))
        found: dict[Atom, Sets] = {}
        for counting, windows in self._countings().items():
            did = self.did.until(list(windows))
            for values, some in zip(figures(counting, did), windows.values(), strict=True):
                for each in some:
                    found[each.atom] = self._sets(each, values, universe, others)
        return found

    def _countings(self) -> dict[Counting, dict[int, list[Asked]]]:
        """What to count, for which windows (the shortest first), for whom."""
        place = {start: number for number, start in enumerate(self.starts)}
        found: dict[Counting, dict[int, list[Asked]]] = {}
        for each in sorted(self.asked, key=lambda it: place[it.tally.span.start]):
            windows = found.setdefault(Counting(each.tally.word, each.column), {})
            windows.setdefault(place[each.tally.span.start], []).append(each)
        return found

    def _sets(self, asked: Asked, values: Column, universe: BitMap, others: BitMap) -> Sets:
        flags, absent = self._verdicts(asked, values)
        yes, unknown = flagged(self.did.keys, flags.values) & universe, BitMap()
        if flags.there is not None:
            unknown = flagged(self.did.keys, ~flags.there) & universe
        if absent is None:
            return Sets(yes, unknown | others)
        return Sets(yes | others if absent else yes, unknown)

    def _verdicts(self, asked: Asked, values: Column) -> tuple[Flags, bool | None]:
        """The verdicts on these values, and that on somebody who did nothing."""
        if asked.atom in self.said:
            said = self.said[asked.atom]
            held, last = _looked_up(said, values), said.part(slice(-1, None))
        else:
            nothing = asked.tally.at_nothing
            none = Column(np.array([nothing or 0]), None if nothing is not None else NOT_THERE)
            held, last = (
                compared(each, asked.comparison, asked.tally.kind) for each in (values, none)
            )
        known = last.there is None or bool(last.there[0])
        return held, bool(last.values[0]) if known else None


NOT_THERE: Array = np.array([False])


def _looked_up(said: Flags, codes: Column) -> Flags:
    """Verdicts by code; the last is that on what is not there."""
    places = codes.values if codes.there is None else np.where(codes.there, codes.values, -1)
    return said.taken_at(places)
