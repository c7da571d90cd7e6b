"""Tallies counted in memory: all windows of an event at once, part by part.

The engine reads and filters rows; meanwhile another thread counts what was read before.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from pyroaring import BitMap

from carpel.engine.query import query, table
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.counting.figures import Counting, figures
from carpel.evaluation.counting.filling import filled
from carpel.evaluation.counting.ordering import Order, Times, order
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
    Rows,
    doings,
)
from carpel.evaluation.counting.told import of_different
from carpel.evaluation.counting.verdicts import Among, Flags, compared, places
from carpel.evaluation.measures import Atom
from carpel.evaluation.sets import Sets

AHEAD = 2
"""So many readings at most wait to be counted: they take memory."""


def tallied(
    atoms: Iterable[Atom],
    catalogue: Catalogue,
    universe: BitMap,
    besides: Iterable[dict[Atom, Sets]] = (),
) -> Iterator[dict[Atom, Sets]]:
    """Give the sets of atoms of which each `is_tally`, as they come.

    Those `besides` are made here when all is read, while the rest is still counted.
    """
    with ThreadPoolExecutor(1) as counting:
        under_way: list[Future[dict[Atom, Sets]]] = []
        for reading in readings(atoms, catalogue):
            if len(under_way) > AHEAD:
                yield under_way.pop(0).result()
            under_way.append(counting.submit(read(reading, catalogue).sets, universe))
        yield from besides
        for each in under_way:
            yield each.result()


def read(reading: Reading, catalogue: Catalogue) -> "Read":
    """The rows of a reading, with all that only the engine can say of them."""
    home = table(catalogue.event(reading.asked[0].tally.event))
    room = catalogue.engine.value(query("SELECT count(*) FROM :home", home=home))
    codes = [each for each in reading.columns if each.startswith(CODE)]
    rows = catalogue.engine.batches(reading.query(catalogue))
    columns, different = filled(rows, codes, int(room))
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
        for asked, rows in self.parts():
            part = Part(asked, doings(rows), self.reading.starts, self.said)
            with np.errstate(over="ignore", invalid="ignore"):  # infinities and no numbers go on
                found |= part.sets(universe)
        return found

    def parts(self) -> Iterator[tuple[list[Asked], Rows]]:
        """The rows of one filter after the other, with what is asked about them."""
        by_value: dict[str | None, list[Asked]] = {}
        for each in self.reading.asked:
            by_value.setdefault(each.value, []).append(each)
        for value, asked in by_value.items():
            by_flag: dict[int, list[Asked]] = {}
            for each in asked:
                by_flag.setdefault(each.flag, []).append(each)
            rows = self._rows(value, asked)
            for flag, some in by_flag.items():
                yield some, meant(rows, flag, some) if flag else rows

    def _rows(self, value: str | None, asked: Sequence[Asked]) -> Rows:
        """The rows of a value, as far as it is asked about them."""
        order = self._by_stretch if value is None else self._of_value(value)
        ascend = self._times is not None and self._times.ascend(order)
        flags = [FLAGS] if any(each.flag for each in asked) else []
        names = [*needed(asked, ascend=ascend), *flags]
        return Rows({n: self.columns[n].taken(order) for n in names}, order.starts[::-1], ascend)

    @cached_property
    def _times(self) -> Times | None:
        """When the rows happened, where that is asked."""
        if not self.columns.keys() >= set(ORDER):
            return None
        return Times(*(self.columns[each].values for each in ORDER))

    @property
    def _by_stretch(self) -> Order:
        return order(self._stretches)

    @property
    def _stretches(self) -> tuple[Array, int]:
        return self.columns[STRETCH].values, len(self.reading.starts)

    def _of_value(self, value: str) -> Order:
        """The rows of a value, by stretch."""
        many, code = len(self.reading.starts), 1 + self.reading.values.index(value)
        return self._by_value.between(code * many, (code + 1) * many)

    @cached_property
    def _by_value(self) -> Order:
        """All rows by value and stretch; 0 is the number of a value that nobody asks about."""
        codes = self.columns[PART]
        numbers = codes.values + np.uint32(1)
        numbers = numbers if codes.there is None else np.where(codes.there, numbers, 0)
        return order((numbers, len(self.reading.values) + 1), self._stretches)


def meant(rows: Rows, flag: int, asked: Iterable[Asked]) -> Rows:
    """The rows that have a flag, as far as it is asked about them."""
    names = needed(asked, ascend=rows.ascend)
    return rows.only((rows.columns[FLAGS].values & flag).astype(bool), names)


def needed(asked: Iterable[Asked], *, ascend: bool) -> set[str]:
    """The columns that some of the atoms need, of rows that are in time order or not."""
    listed = list(asked)
    edges = ORDER if not ascend and any(each.tally.word in EDGES for each in listed) else ()
    return {CUSTOMER, *edges, *(each.column for each in listed if each.column)}


@dataclass(frozen=True)
class Part:
    """The rows of one event and filter, and what is asked about them."""

    asked: Sequence[Asked]
    did: Doings
    starts: Sequence[object]
    said: Mapping[Atom, Flags]

    def sets(self, universe: BitMap) -> dict[Atom, Sets]:
        """The sets of all atoms."""
        among = Among(self.did.customers, universe, lambda: self.did.anybody)
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
