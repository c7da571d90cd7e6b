"""The rows of one event, by what its files are sorted by and by time, in blocks.

A block knows the least and the most of its instants and values, so that a filter and a window look
at few. A property is kept as numbers of its different values.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

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

    def taken(self, rows: Array, *, whole: bool | None) -> Column:
        """The values of some rows: whole numbers, or not; None: by their codes."""
        codes = self.codes[rows]
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
class Event:
    """The rows of one event: customers, instants as microseconds, keys, and properties."""

    customers: Array
    at: Array
    keys: Array
    properties: Mapping[exp.Column, Coded] = field(default_factory=dict)

    def rows(self, meant: Meant, start: int, end: int) -> Array:
        """The places of the rows that are meant, from an instant up to another."""
        places = self._near(meant, start, end)
        held = (self.at[places] >= start) & (self.at[places] < end)
        found: Array = np.flatnonzero(held) if isinstance(places, slice) else places[held]
        for name, true in meant:
            found = found[true[self.properties[name].codes[found]]]
        return found

    def _near(self, meant: Meant, start: int, end: int) -> Array | slice:
        """The places of blocks that may have such rows, or all when these are most."""
        first, last = self._instants
        blocks = (last >= start) & (first < end)
        for name, true in meant:
            least, most = self.properties[name].edges
            upto = np.append(0, np.cumsum(true))
            blocks &= upto[most.astype(np.intp) + 1] > upto[least]
        if 2 * np.count_nonzero(blocks) > len(blocks):
            return slice(None)
        places: Array = (np.flatnonzero(blocks)[:, None] * BLOCK + np.arange(BLOCK)).reshape(-1)
        return places[: np.searchsorted(places, len(self.at))]

    @cached_property
    def _instants(self) -> tuple[Array, Array]:
        return _edges(self.at)

    def by_customer(self) -> None:
        """Find out where everybody's rows are, so that `of` is quick."""
        _ = self._sorted

    def of(self, customer: int) -> Array:
        """The places of the rows of one customer."""
        edges = np.array([customer, customer + 1], self._sorted.dtype)  # or all keys were cast
        begin, end = np.searchsorted(self._sorted, edges)
        places: Array = self._by_customer[begin:end]
        return places

    @cached_property
    def _by_customer(self) -> Array:
        places: Array = np.argsort(self.customers, kind="stable").astype(np.uint32)
        return places

    @cached_property
    def _sorted(self) -> Array:
        found: Array = self.customers[self._by_customer]
        return found


def compact(values: pa.ChunkedArray) -> Coded:
    """A property as numbers of its different values, as narrow as these allow."""
    of, different = coded(values)
    missing = len(different)
    codes = of.values if of.there is None else np.where(of.there, of.values, missing)
    return Coded(codes.astype(np.min_scalar_type(missing)), different)
