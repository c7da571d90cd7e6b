"""What people did, for many windows at once: in plain columns, the newest stretch first.

Windows that end together lie within each other, so that between the starts of one and the next
is a stretch which the longer has and the shorter has not. Every figure of a window is then that
of the shorter one and of one stretch more.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from pyarrow.compute import add
from pyroaring import BitMap

from carpel.evaluation.bitmaps import flagged, packed

Array = np.ndarray
CUSTOMER, STRETCH = "customer", "stretch"
RUN = 64
"""Rows that are alike stand together at least so many at a time, or they are sorted anew."""
SPARSE = 32
"""With fewer rows than one in so many keys, those who have any are numbered."""


@dataclass(frozen=True)
class Column:
    """Values of a column and which of them are there; where one is not, it may be anything."""

    values: Array
    there: Array | None = None
    """None when all are."""

    def taken(self, order: "Order") -> "Column":
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
class Order:
    """How rows are put together that have the same number; equal ones stay as they were."""

    ends: Array
    """Where the rows of each number end."""
    places: Array | None
    runs: Sequence[slice] = ()
    first: Array | None = None
    """The first of the runs of each number."""

    def of(self, values: Array) -> Array:
        """Values in this order."""
        if self.places is None and len(self.runs) < 2:
            return values[self.runs[0]] if self.runs else values[:0]
        runs = [self.places] if self.places is not None else self.runs
        found: Array = np.concatenate([values[each] for each in runs])
        return found

    def only(self, number: int) -> "Order":
        """Nothing but the rows of one number."""
        ends = self.ends[number : number + 1]
        if self.places is not None:
            begin = self.ends[number - 1] if number else 0
            return Order(ends - begin, self.places[begin : ends[0]])
        assert self.first is not None
        return Order(ends, None, self.runs[self.first[number] : self.first[number + 1]])


def order(numbers: Array, many: int) -> Order:
    """Put rows in the order of their numbers; quick when they stand in long runs already."""
    ends = np.cumsum(np.bincount(numbers, minlength=many))
    edges = np.flatnonzero(numbers[1:] != numbers[:-1]) + 1
    if len(edges) * RUN > len(numbers):
        return Order(ends, np.argsort(numbers, kind="stable"))
    begins = np.append(0, edges) if len(numbers) else edges
    finishes = np.append(edges, len(numbers))
    run = numbers[begins]
    sorted_ = np.argsort(run, kind="stable")
    runs = [slice(begins[each], finishes[each]) for each in sorted_]
    return Order(ends, None, runs, np.searchsorted(run[sorted_], np.arange(many + 1)))


@dataclass(frozen=True)
class Doings:
    """Rows, the newest stretch first."""

    who: Array
    """For each row the place of its customer."""
    size: int
    """So many places there are."""
    keys: Array | None
    """Whose each place is, ascending, 32 bits; None when places are the keys themselves."""
    ends: Array
    """Where the rows of each stretch end."""
    columns: Mapping[str, Column]

    def until(self, windows: Sequence[int]) -> "Doings":
        """With no more stretches than these windows have ends."""
        return replace(self, ends=self.ends[list(windows)])

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
        """The rows of one stretch after the other."""
        begin = 0
        for end in self.ends.tolist():
            yield slice(begin, end)
            begin = end


def doings(columns: Mapping[str, Column], many: int) -> Doings:
    """From columns, two of them the customer and the number of the stretch, of so many."""
    by_stretch = order(columns[STRETCH].values, many)
    who, size, keys = placed(by_stretch.of(columns[CUSTOMER].values))
    rest = {
        name: each.taken(by_stretch)
        for name, each in columns.items()
        if name not in (CUSTOMER, STRETCH)
    }
    return Doings(who, size, keys, by_stretch.ends, rest)


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
