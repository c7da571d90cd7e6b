"""How rows are put together that have the same numbers, and whether they are in time order then.

Files are sorted, so that rows which belong together mostly stand in long runs already.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

Array = np.ndarray
RUN = 64
"""Rows that are alike stand together at least so many at a time, or they are sorted anew."""


@dataclass(frozen=True)
class Order:
    """Rows by their number, run by run; equal ones stay as they were."""

    ends: Array
    """Where the rows of each number end."""
    begins: Array
    finishes: Array | None
    """Where the runs end; None when each is one row."""
    first: Array
    """The first of the runs of each number, and how many runs there are."""

    @property
    def starts(self) -> Array:
        """Where the rows of each number begin."""
        return np.append(0, self.ends[:-1])

    def of(self, values: Array) -> Array:
        """Values in this order."""
        if self.finishes is None:
            return values.take(self.begins)
        runs = zip(self.begins.tolist(), self.finishes.tolist(), strict=True)
        parts = [values[begin:finish] for begin, finish in runs]
        return np.concatenate(parts) if len(parts) > 1 else parts[0] if parts else values[:0]

    def between(self, low: int, high: int) -> "Order":
        """Nothing but the rows of the numbers from one up to, and not including, another."""
        before = self.ends[low - 1] if low else 0
        runs = slice(self.first[low], self.first[high])
        finishes = None if self.finishes is None else self.finishes[runs]
        first = self.first[low : high + 1] - self.first[low]
        return Order(self.ends[low:high] - before, self.begins[runs], finishes, first)


def order(*by: tuple[Array, int]) -> Order:
    """Put rows in the order of their numbers, by the first of these before the next.

    Each is of so many different ones; those of one row make one number.
    """
    rows, many = len(by[0][0]), int(np.prod([each for _, each in by]))
    changes = [numbers[1:] != numbers[:-1] for numbers, _ in by]
    edges = np.flatnonzero(np.logical_or.reduce(changes)) + 1
    if len(edges) * RUN > rows:
        places = np.argsort(_together(by, slice(None)), kind="stable")
        ends = np.cumsum(np.bincount(_together(by, slice(None)), minlength=many))
        return Order(ends, places, None, np.append(0, ends))
    begins = np.append(0, edges) if rows else edges
    finishes = np.append(edges, rows) if rows else edges
    run = _together(by, begins)
    lengths = np.bincount(run, weights=finishes - begins, minlength=many).astype(np.intp)
    sorted_ = np.argsort(run, kind="stable")
    first = np.searchsorted(run[sorted_], np.arange(many + 1))
    return Order(np.cumsum(lengths), begins[sorted_], finishes[sorted_], first)


def _together(by: Sequence[tuple[Array, int]], rows: Array | slice) -> Array:
    """One number of all those of some rows."""
    found = by[0][0][rows].astype(np.intp)
    for numbers, many in by[1:]:
        found = found * many + numbers[rows]
    return found


@dataclass(frozen=True)
class Times:
    """When rows happened; of one instant, their keys decide."""

    at: Array
    keys: Array

    def ascend(self, order: Order) -> bool:
        """Whether rows put in this order are in time order."""
        begins = order.begins
        lasts = begins if order.finishes is None else order.finishes - 1
        if np.any(np.searchsorted(self._breaks, begins) != np.searchsorted(self._breaks, lasts)):
            return False
        return not self._later(lasts[:-1], begins[1:]).any()

    @cached_property
    def _breaks(self) -> Array:
        """The rows after which one comes that is earlier."""
        back = self.at[1:] < self.at[:-1]
        same = np.flatnonzero(self.at[1:] == self.at[:-1])
        back[same] = self.keys[same + 1] < self.keys[same]
        return np.flatnonzero(back)

    def _later(self, rows: Array, others: Array) -> Array:
        """Which rows are later than others."""
        at, other = self.at[rows], self.at[others]
        later: Array = (at > other) | ((at == other) & (self.keys[rows] > self.keys[others]))
        return later
