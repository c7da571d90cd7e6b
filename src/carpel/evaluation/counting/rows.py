"""What people did, for many windows at once: in plain columns, the oldest stretch first.

Windows that end together lie within each other, so that between the starts of one and the next
is a stretch which the longer has and the shorter has not. Every figure of a window is then that
of the shorter one and of one stretch more.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from pyarrow.compute import add
from pyroaring import BitMap

from carpel.evaluation.bitmaps import flagged, packed
from carpel.evaluation.counting.ordering import Order

Array = np.ndarray
CUSTOMER, STRETCH = "customer", "stretch"
SPARSE = 32
"""With fewer rows than one in so many keys, those who have any are numbered."""


@dataclass(frozen=True)
class Column:
    """Values of a column and which of them are there; where one is not, it may be anything."""

    values: Array
    there: Array | None = None
    """None when all are."""

    def taken(self, order: Order) -> "Column":
        """The same in another order."""
        return Column(order.of(self.values), None if self.there is None else order.of(self.there))

    def taken_at(self, places: Array) -> "Column":
        """The values at these places."""
        there = None if self.there is None else self.there.take(places)
        return Column(self.values.take(places), there)

    def part(self, rows: slice) -> "Column":
        """The same for some rows."""
        return Column(self.values[rows], None if self.there is None else self.there[rows])


@dataclass(frozen=True)
class Rows:
    """Columns of rows, the oldest stretch first."""

    columns: Mapping[str, Column]
    begins: Array
    """Where the rows of each stretch begin, of the newest first."""
    ascend: bool
    """Whether all of them are in time order; otherwise columns say when they were."""

    def only(self, flags: Array, names: Collection[str]) -> "Rows":
        """These columns of the rows whose flag is true."""
        rows = np.flatnonzero(flags)
        columns = {name: self.columns[name].taken_at(rows) for name in names}
        return replace(self, columns=columns, begins=np.searchsorted(rows, self.begins))


@dataclass(frozen=True)
class Doings:
    """Rows, the oldest stretch first."""

    who: Array
    """For each row the place of its customer."""
    size: int
    """So many places there are."""
    keys: Array | None
    """Whose each place is, ascending, 32 bits; None when places are the keys themselves."""
    begins: Array
    """Where the rows of each window begin, the shortest first; each has all from there on."""
    columns: Mapping[str, Column]
    ascend: bool = False
    """Whether the rows are known to be in time order."""

    def until(self, windows: Sequence[int]) -> "Doings":
        """With these windows only."""
        return replace(self, begins=self.begins[list(windows)])

    def customers(self, flags: Array) -> BitMap:
        """Whose places are flagged."""
        return packed(flags) if self.keys is None else flagged(self.keys, flags)

    @property
    def anybody(self) -> BitMap:
        """Who did anything."""
        flags = np.zeros(self.size, bool)
        flags[self.who] = True
        return self.customers(flags)

    def stretches(self) -> Iterator[slice]:
        """The rows of one stretch after the other, the newest first."""
        end = len(self.who)
        for begin in self.begins.tolist():
            yield slice(begin, end)
            end = begin


def doings(rows: Rows) -> Doings:
    """From rows, of which one column is the customer."""
    who, size, keys = placed(rows.columns[CUSTOMER].values)
    rest = {name: each for name, each in rows.columns.items() if name != CUSTOMER}
    return Doings(who, size, keys, rows.begins, rest, rows.ascend)


def plain(values: pa.ChunkedArray) -> Column:
    """A column of numbers, instants or truth values; instants are microseconds."""
    if pa.types.is_timestamp(values.type):
        values = values.cast(pa.int64())
    if pa.types.is_boolean(values.type):
        found = plain(values.cast(pa.uint8()))
        return Column(found.values.view(bool), found.there)
    if pa.types.is_dictionary(values.type):
        values = pa.chunked_array([each.indices for each in values.chunks], values.type.index_type)
    return Column(_array(values), _there(values) if values.null_count else None)


def _there(values: pa.ChunkedArray) -> Array:
    """Which values are there, from the bits that say so."""
    there = np.ones(len(values), bool)
    begin = 0
    for each in values.chunks:
        if each.null_count:
            bits = np.frombuffer(each.buffers()[0], np.uint8)
            said = np.unpackbits(bits, count=each.offset + len(each), bitorder="little")
            there[begin : begin + len(each)] = said[each.offset :]
        begin += len(each)
    return there


def _array(values: pa.ChunkedArray) -> Array:
    """The numbers of a column, any where there is none; pyarrow's own way would load pandas."""
    width = values.type.to_pandas_dtype()
    parts = [
        np.frombuffer(each.buffers()[1], width)[each.offset : each.offset + len(each)]
        for each in values.chunks
    ]
    return np.concatenate(parts) if parts else np.empty(0, width)


def coded(values: pa.ChunkedArray) -> tuple[Column, pa.Array]:
    """A column as numbers of its different values, and these; zero and minus zero are one."""
    if pa.types.is_floating(values.type):
        values = add(values, pa.scalar(0.0, values.type))
    codes = pa.nulls(0, values.type).dictionary_encode()
    if values.num_chunks:
        codes = values.dictionary_encode().combine_chunks()
    return plain(pa.chunked_array([codes.indices])), codes.dictionary


def placed(customers: Array) -> tuple[Array, int, Array | None]:
    """For each row the place of its customer, how many there are, and whose each is."""
    size = int(customers.max(initial=0)) + 1
    if SPARSE * len(customers) >= size:
        return customers, size, None
    keys, who = np.unique(customers, return_inverse=True)
    return who, len(keys), keys
