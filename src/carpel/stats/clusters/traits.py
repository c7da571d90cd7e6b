"""What segments are sought in: traits as columns of numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Trait:
    """One trait of everybody: numbers, NaN where missing.

    With `levels` it is a category, and each value is the place of its level among them.
    """

    name: str
    values: Floats
    levels: tuple[str, ...] = ()
    criterion: str = ""

    def take(self, rows: Ints) -> "Trait":
        """The same trait of some people."""
        return Trait(self.name, self.values[rows], self.levels, self.criterion)


def taken(traits: Sequence[Trait], rows: Ints) -> list[Trait]:
    """The same traits of some people."""
    return [each.take(rows) for each in traits]


def drawn(people: int, size: int, seed: int) -> Ints:
    """The rows of a simple random sample without replacement, in order; all when that is fewer."""
    if people <= size:
        return np.arange(people)
    return np.sort(np.random.default_rng(seed).choice(people, size, replace=False))
