"""Columns that are filled while the engine still reads, so that few rows are in memory twice.

Memory that nobody has had yet is slow: what a batch stood in serves the next one.
"""

from collections.abc import Collection
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa

from carpel.evaluation.counting.rows import Array, Column, coded, plain


class Filling:
    """A column of numbers that grows; at first there is room for so many."""

    def __init__(self, room: int) -> None:
        self._room, self._size = room, 0
        self._values: Array | None = None
        self._there: Array | None = None

    def add(self, more: Column) -> None:
        """Put some values behind those that are here."""
        begin, self._size = self._size, self._size + len(more.values)
        self._values = self._fit(self._values, more.values.dtype)
        self._values[begin : self._size] = more.values
        if more.there is not None or self._there is not None:
            fresh = self._there is None
            self._there = self._fit(self._there, np.dtype(bool))
            self._there[: begin if fresh else 0] = True
            self._there[begin : self._size] = True if more.there is None else more.there

    def _fit(self, values: Array | None, kind: np.dtype[Any]) -> Array:
        """Where there is room for all."""
        if values is None:
            return np.empty(max(self._room, self._size), kind)
        if self._size <= len(values):
            return values
        return np.concatenate([values, np.empty(self._size, kind)])

    @property
    def whole(self) -> Column:
        """All of them."""
        assert self._values is not None
        there = None if self._there is None else self._there[: self._size]
        return Column(self._values[: self._size], there)


def filled(
    reader: pa.RecordBatchReader, codes: Collection[str], room: int
) -> tuple[dict[str, Column], dict[str, pa.Array]]:
    """Columns of rows as they come; those in `codes` as numbers of their different values, and
    these. There may be more rows than `room`, but that takes longer.
    """
    numbers = {each: Filling(room) for each in reader.schema.names if each not in codes}
    values: dict[str, list[pa.Array]] = {each: [] for each in codes}
    nothing = pa.RecordBatch.from_pylist([], reader.schema)
    for batch in chain([nothing], reader):
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            if name in numbers:
                numbers[name].add(plain(pa.chunked_array([column])))
            elif len(column):
                values[name].append(column)
    columns = {name: each.whole for name, each in numbers.items()}
    different = {}
    for name, some in values.items():
        whole = pa.chunked_array(some, reader.schema.field(name).type)
        columns[name], different[name] = coded(whole)
    return columns, different
