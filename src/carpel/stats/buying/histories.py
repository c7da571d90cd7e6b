"""What the counting models need to know of people's purchases, and nothing else."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[np.intp]


@dataclass(frozen=True)
class Histories:
    """Purchase histories, one element of each array a person or a group of equal persons.

    `repeats` is the number of purchases after the first (x), `last` the time from the first to
    the last of them (t_x, 0 without repeats), `age` the time from the first purchase to the
    moment of looking (T), `weight` how many people share the row.
    """

    repeats: Floats
    last: Floats
    age: Floats
    weight: Floats

    def __post_init__(self) -> None:
        columns = (self.repeats, self.last, self.age, self.weight)
        if len({each.shape for each in columns}) != 1 or self.repeats.ndim != 1:
            raise ValueError("repeats, last, age and weight must be arrays of one length")
        if not all(np.isfinite(each).all() for each in columns):
            raise ValueError("a history holds a value that is missing or infinite")
        if (
            (self.repeats < 0).any()
            or (self.last < 0).any()
            or (self.last > self.age).any()
            or (self.weight <= 0).any()
            or ((self.repeats == 0) != (self.last == 0)).any()
        ):
            raise ValueError(
                "a history contradicts itself: 0 <= last <= age, and last is 0 without repeats only"
            )

    @property
    def people(self) -> float:
        """How many people there are."""
        return float(self.weight.sum())

    def where(self, chosen: Any) -> "Histories":
        """The histories that an index or a mask picks."""
        return Histories(
            self.repeats[chosen], self.last[chosen], self.age[chosen], self.weight[chosen]
        )

    def in_units(self, unit: float) -> "Histories":
        """The same with times counted in `unit` of the former ones."""
        return Histories(self.repeats, self.last / unit, self.age / unit, self.weight)


def histories(repeats: Any, last: Any, age: Any, weight: Any = None) -> Histories:
    """Histories from anything array-like; ValueError where they contradict themselves."""
    x = np.asarray(repeats, dtype=np.float64)
    w = np.ones_like(x) if weight is None else np.asarray(weight, dtype=np.float64)
    return Histories(x, np.asarray(last, dtype=np.float64), np.asarray(age, dtype=np.float64), w)


def grouped(each: Histories) -> tuple[Histories, Numbers]:
    """Equal histories as one with their weights added, and for every old row its new one."""
    order = np.lexsort((each.last, each.age, each.repeats))
    x, t, age = each.repeats[order], each.last[order], each.age[order]
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = (x[1:] != x[:-1]) | (t[1:] != t[:-1]) | (age[1:] != age[:-1])
    number = np.cumsum(fresh) - 1
    group = np.empty(len(order), dtype=np.intp)
    group[order] = number
    weight = np.bincount(number, each.weight[order]).astype(np.float64)
    return Histories(x[fresh], t[fresh], age[fresh], weight), group


def from_purchases(people: Numbers, at: Any, until: float) -> Histories:
    """Histories of everybody who bought by `until`, in order of their number from 0.

    `people` holds 0 to n - 1, each at least once by `until`; purchases of one person at the same
    `at` are one, and those after `until` are left out.
    """
    when = np.asarray(at, dtype=np.float64)
    known = when <= until
    pairs = np.unique(np.column_stack([people[known], when[known]]), axis=0)
    who, starts = np.unique(pairs[:, 0], return_index=True)
    if len(people) == 0 or len(who) != people.max() + 1:
        raise ValueError("people must be numbered from 0, each with a purchase by `until`")
    counts = np.diff(np.append(starts, len(pairs)))
    first, latest = pairs[starts, 1], pairs[starts + counts - 1, 1]
    return histories(counts - 1, latest - first, until - first)
