"""Tallies counted in memory: all windows of an event at once, part by part.

The engine reads and filters rows; meanwhile another thread counts what was read before.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from pyroaring import BitMap

from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.counting.figures import Counting, figures
from carpel.evaluation.counting.readings import (
    CODE,
    EDGES,
    FLAGS,
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
    Order,
    coded,
    doings,
    order,
    plain,
)
from carpel.evaluation.counting.told import of_different
from carpel.evaluation.counting.verdicts import Among, Flags, compared, places
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
        by_filter: dict[str | None, dict[int, list[Asked]]] = {}
        for each in self.reading.asked:
            by_filter.setdefault(each.value, {}).setdefault(each.flag, []).append(each)
        places = self._places() if by_filter.keys() - {None} else {}
        for value, by_flag in by_filter.items():
            for flag, asked in by_flag.items():
                names = {*needed(asked), *([FLAGS] if flag else [])}
                columns = {name: self.columns[name] for name in names}
                if value is not None:
                    columns = {name: each.taken(places[value]) for name, each in columns.items()}
                yield asked, meant(columns, flag) if flag else columns

    def _places(self) -> dict[str, Order]:
        """Where the rows of each value are."""
        codes = self.columns[PART]
        numbers = codes.values.astype(np.int64) + 1  # 0: a value that nobody asks about
        numbers = numbers if codes.there is None else np.where(codes.there, numbers, 0)
        by_part = order(numbers, len(self.reading.values) + 1)
        return {value: by_part.only(code + 1) for code, value in enumerate(self.reading.values)}


def meant(columns: Mapping[str, Column], flag: int) -> Mapping[str, Column]:
    """The rows that have a flag, without it."""
    rows = np.flatnonzero(columns[FLAGS].values & flag)
    return {name: each.taken_at(rows) for name, each in columns.items() if name != FLAGS}


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
        among = Among(self.did.customers, universe, universe - self.did.anybody)
        found: dict[Atom, Sets] = {}
        for counting, windows in self._countings().items():
            did = self.did.until(list(windows))
            for values, some in zip(figures(counting, did), windows.values(), strict=True):
                for each in some:
                    found[each.atom] = among.sets(*self._verdicts(each, values))
        return found

    def _countings(self) -> dict[Counting, dict[int, list[Asked]]]:
        """What to count, for which windows (the shortest first), for whom."""
        place = {start: number for number, start in enumerate(self.starts)}
        found: dict[Counting, dict[int, list[Asked]]] = {}
        for each in sorted(self.asked, key=lambda it: place[it.tally.span.start]):
            windows = found.setdefault(Counting(each.tally.word, each.column), {})
            windows.setdefault(place[each.tally.span.start], []).append(each)
        return found

    def _verdicts(self, asked: Asked, values: Column) -> tuple[Flags, Flags]:
        """The verdicts on these values, and that on somebody who did nothing."""
        if asked.atom in self.said:
            said = self.said[asked.atom]
            return said.taken_at(places(values)), said.part(slice(-1, None))
        nothing = asked.tally.at_nothing
        none = Column(np.array([nothing or 0]), None if nothing is not None else NOT_THERE)
        kind = asked.tally.kind
        return compared(values, asked.comparison, kind), compared(none, asked.comparison, kind)


NOT_THERE: Array = np.array([False])
