"""The rows of one event, by what its files are sorted by and by time, in blocks.

A block knows the least and the most of its instants and values, so that a filter and a window look
at few. A property is kept as numbers of its different values.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
import pyarrow as pa
from sqlglot import exp

from carpel.evaluation.counting.rows import Array, Column, coded, plain

BLOCK = 4096


@dataclass(frozen=True)
class Coded:
    """A property of each row as the number of its value; that of a missing one is the last."""

    codes: Array
    different: pa.Array

    def values(self, codes: Array, *, whole: bool | None) -> Column:
        """What some codes are of: whole numbers, or not; None: the codes themselves."""
        there = codes < len(self.different)
        if whole is None:
            return Column(codes, there)
        return Column((self._whole if whole else self._numbers)[codes], there)

    @cached_property
    def _numbers(self) -> Array:
        return _with_any(plain(pa.chunked_array([self.different.cast(pa.float64())])).values)

    @cached_property
    def _whole(self) -> Array:
        return _with_any(plain(pa.chunked_array([self.different.cast(pa.int64())])).values)

    @cached_property
    def edges(self) -> tuple[Array, Array]:
        """The least and the most code of each block."""
        return _edges(self.codes)


def _with_any(values: Array) -> Array:
    return np.append(values, values.dtype.type(0))


def _edges(values: Array) -> tuple[Array, Array]:
    if not len(values):
        return values, values
    begins = np.arange(0, len(values), BLOCK)
    return np.minimum.reduceat(values, begins), np.maximum.reduceat(values, begins)


Meant = Sequence[tuple[exp.Column, Array]]
"""Properties, and of each which of its values are meant."""


@dataclass(frozen=True)
class Places:
    """Rows of an event: stretches of them, and single ones."""

    parts: Sequence[slice | Array]

    def of(self, values: Array) -> Array:
        """The values of these rows."""
        found = [values[each] for each in self.parts]
        return np.concatenate(found) if len(found) > 1 else found[0] if found else values[:0]


@dataclass(frozen=True)
class Event:
    """The rows of one event: customers, instants as microseconds, keys, and properties."""

    customers: Array
    at: Array
    keys: Array
    properties: Mapping[exp.Column, Coded] = field(default_factory=dict)

    def rows(self, meant: Meant, start: int, end: int) -> "Places":
        """The places of the rows that are meant, from an instant up to another."""
        some, all_ = self._blocks(meant, start, end)
        states = some.astype(np.int8) + all_
        edges = np.flatnonzero(np.diff(states, prepend=0, append=0))
        found: list[Array | slice] = []
        for begin, finish in pairwise(edges.tolist()):
            near = slice(begin * BLOCK, min(finish * BLOCK, len(self.at)))
            if states[begin]:
                found.append(near if all_[begin] else self._among(near, meant, start, end))
        return Places(found)

    def _blocks(self, meant: Meant, start: int, end: int) -> tuple[Array, Array]:
        """Of which blocks some rows may be meant, and of which all are."""
        first, last = self._instants
        some, all_ = (last >= start) & (first < end), (first >= start) & (last < end)
        for name, true in meant:
            least, most = (each.astype(np.intp) for each in self.properties[name].edges)
            upto = np.append(0, np.cumsum(true))
            many = upto[most + 1] - upto[least]
            some &= many > 0
            all_ &= many == most - least + 1
        return some, all_

    def _among(self, near: slice, meant: Meant, start: int, end: int) -> Array:
        """Those of some rows that are meant."""
        at = self.at[near]
        found: Array = np.flatnonzero((at >= start) & (at < end)) + near.start
        for name, true in meant:
            found = found[true[self.properties[name].codes[found]]]
        return found

    @cached_property
    def _instants(self) -> tuple[Array, Array]:
        return _edges(self.at)

    def ready(self) -> None:
        """Find out what blocks know, so that `rows` is quick."""
        _ = self._instants, [each.edges for each in self.properties.values()]

    def by_customer(self) -> None:
        """Find out where everybody's rows are, so that `of` is quick."""
        _ = self._by_customer

    def of(self, customer: int) -> Array:
        """The places of the rows of one customer."""
        customers, places = self._by_customer
        edges = np.array([customer, customer + 1], customers.dtype)  # or all keys were cast
        begin, end = np.searchsorted(customers, edges)
        return places[begin:end]

    @cached_property
    def _by_customer(self) -> tuple[Array, Array]:
        """Customers in order, and where their rows are.

        Both share a number, 32 bits each: to sort those takes half as long as to sort places.
        """
        numbers = self.customers.astype(np.uint64) << np.uint64(32)
        numbers |= np.arange(len(numbers), dtype=np.uint64)
        numbers.sort()
        places = numbers.astype(np.uint32)
        numbers >>= np.uint64(32)
        return numbers.astype(np.uint32), places


def compact(values: pa.ChunkedArray) -> Coded:
    """A property as numbers of its different values, as narrow as these allow."""
    of, different = coded(values)
    missing = len(different)
    codes = of.values if of.there is None else np.where(of.there, of.values, missing)
    return Coded(codes.astype(np.min_scalar_type(missing)), different)
