"""Columns as the matrices that models read, learned from the rows a model is fitted on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from carpel.stats.yes_no.columns import Column, Floats

SHARED = 20
"""People who share a level before it counts by itself; rarer ones count as one."""
MOST_LEVELS = 100
ENDS = (0.005, 0.995)
"""A linear model sees nothing beyond these quantiles: one giant would bend it for everybody."""


@dataclass(frozen=True)
class Number:
    """How a column of numbers is read."""

    low: float
    high: float
    middle: float
    spread: float
    unknown: bool = False
    """Whether it was of nobody in what is learned from: then it says nothing of anybody."""

    def for_trees(self, column: Column) -> Floats:
        """As it is: trees see order only, and missing is a direction of its own."""
        return np.zeros(len(column.values)) if self.unknown else column.values

    def for_lines(self, column: Column) -> Floats:
        """In standard deviations from the mean, and whether it is missing (rows, 2)."""
        missing = np.isnan(column.values)
        inside = np.clip(column.values, self.low, self.high)
        scaled = np.where(missing, 0.0, (inside - self.middle) / self.spread)
        return np.column_stack([scaled, missing])


@dataclass(frozen=True)
class Category:
    """How a category is read: which levels count by themselves, by their place."""

    places: Mapping[str, int]

    def for_trees(self, column: Column) -> Floats:
        """The place of each level; all rare or new ones are the last."""
        other = len(self.places)
        of = np.array([self.places.get(each, other) for each in column.levels], np.float64)
        missing = np.isnan(column.values)
        found: Floats = of[np.where(missing, 0, column.values).astype(np.intp)]
        return np.where(missing, np.nan, found)

    def for_lines(self, column: Column) -> Floats:
        """One column a level that counts, and one for missing."""
        codes = np.where(np.isnan(column.values), -1.0, self.for_trees(column))
        places = [*range(len(self.places)), -1]
        return np.column_stack([codes == each for each in places]).astype(np.float64)


@dataclass(frozen=True)
class Encoding:
    """How each column is read, by its name; columns are taken in the order of their names."""

    readings: Mapping[str, Number | Category]

    @staticmethod
    def learned(columns: Sequence[Column]) -> "Encoding":
        """From the rows that a model is fitted on."""
        ordered = sorted(columns, key=lambda each: each.name)
        return Encoding({each.name: _reading(each) for each in ordered})

    def for_trees(self, columns: Sequence[Column]) -> Floats:
        """Rows by columns, NaN where missing."""
        by_name = {each.name: each for each in columns}
        return np.column_stack([how.for_trees(by_name[it]) for it, how in self.readings.items()])

    def for_lines(self, columns: Sequence[Column]) -> Floats:
        """Rows by terms, nothing missing."""
        by_name = {each.name: each for each in columns}
        return np.hstack([how.for_lines(by_name[it]) for it, how in self.readings.items()])

    @property
    def categorical(self) -> list[bool]:
        """Which columns of the matrix for trees are categories."""
        return [isinstance(how, Category) for how in self.readings.values()]


def shared_levels(column: Column) -> list[str]:
    """Levels that enough people share, the most frequent first."""
    known = column.values[~np.isnan(column.values)].astype(np.intp)
    counts = np.bincount(known, minlength=len(column.levels))
    often = sorted(np.flatnonzero(counts >= SHARED), key=lambda at: (-counts[at], at))
    return [column.levels[at] for at in often[:MOST_LEVELS]]


def _reading(column: Column) -> Number | Category:
    if column.levels:
        return Category({level: at for at, level in enumerate(shared_levels(column))})
    known = column.values[~np.isnan(column.values)]
    if not len(known):
        return Number(0.0, 0.0, 0.0, 1.0, unknown=True)
    low, high = np.quantile(known, ENDS)
    inside = np.clip(known, low, high)
    return Number(float(low), float(high), float(inside.mean()), float(inside.std()) or 1.0)
