"""What is known of people before an answer: named columns of numbers or categories."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Column:
    """One column, a row a person (or a person at a moment): numbers, NaN where missing.

    With `levels` it is a category, and each value is the place of its level among them.
    `known_on` says on which day each value became known, where that is recorded.
    """

    name: str
    values: Floats
    levels: tuple[str, ...] = ()
    known_on: Floats | None = None

    def take(self, rows: Ints) -> "Column":
        """The same column of some rows, in their order."""
        known = None if self.known_on is None else self.known_on[rows]
        return replace(self, values=self.values[rows], known_on=known)

    def shown(self, value: float) -> str:
        """A value of it as people would write it."""
        if np.isnan(value):
            return "missing"
        return self.levels[int(value)] if self.levels else f"{value:,.6g}"


def numbers(name: str, values: ArrayLike, known_on: ArrayLike | None = None) -> Column:
    """A column of numbers or of yes and no; what is not finite is missing."""
    found = np.array(values, dtype=np.float64)
    found[~np.isfinite(found)] = np.nan
    return Column(name, found, (), _days(known_on))


def categories(
    name: str, values: Sequence[str | None], known_on: ArrayLike | None = None
) -> Column:
    """A column of words; None is missing. Its levels are in the order of the alphabet."""
    words = np.array(["" if each is None else str(each) for each in values], dtype=np.str_)
    missing = np.array([each is None for each in values], dtype=np.bool_)
    levels, codes = np.unique(words[~missing], return_inverse=True)
    found = np.full(len(words), np.nan)
    found[~missing] = codes
    named = tuple(levels.tolist()) or ("missing",)
    return Column(name, found, named, _days(known_on))


def taken(columns: Sequence[Column], rows: Ints) -> list[Column]:
    """The same columns of some rows."""
    return [each.take(rows) for each in columns]


def _days(known_on: ArrayLike | None) -> Floats | None:
    return None if known_on is None else np.asarray(known_on, np.float64)
