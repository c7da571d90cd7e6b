"""Which items of a survey can be read at all, and why the others are left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from carpel.stats.survey.reliability import Floats, correlations

FEWEST = 50
"""People who answer an item, and who answer enough of them all, at least."""
HALF = 0.5
"""Share of the items that a person answers at least, to be told a score."""
TWIN = 0.999
"""Correlation from which two items are one."""


@dataclass(frozen=True)
class Answers:
    """Answers to items (people x items, NaN is none), and why other items were left out."""

    values: Floats
    items: tuple[str, ...]
    left_out: Mapping[str, str]

    @property
    def enough(self) -> np.ndarray:
        """Who answers at least half of the items."""
        return np.asarray((~np.isnan(self.values)).mean(axis=1) >= HALF)

    def without(self, left_out: Mapping[str, str]) -> "Answers":
        """The same without some items."""
        kept = [each not in left_out for each in self.items]
        items = tuple(each for each in self.items if each not in left_out)
        return Answers(self.values[:, kept], items, {**self.left_out, **left_out})


def answers(values: Floats, items: Sequence[str]) -> Answers:
    """Answers to the items that enough people answer, and not all alike, each item once."""
    whole = Answers(np.asarray(values, np.float64), tuple(items), {})
    left = whole.without(
        {
            name: reason
            for name, column in zip(items, whole.values.T, strict=True)
            if (reason := _unreadable(column))
        }
    )
    return left.without(_twins(left))


def _unreadable(column: Floats) -> str:
    known = column[~np.isnan(column)]
    if len(known) < FEWEST:
        return f"{len(known):,} people answer it, {FEWEST} are needed"
    return "everybody answers it alike" if known.min() == known.max() else ""


def _twins(given: Answers) -> dict[str, str]:
    """Items that say the same as one before them."""
    found: dict[str, str] = {}
    for at, name in enumerate(given.items):
        for before in range(at):
            other = given.items[before]
            both = ~np.isnan(given.values[:, [before, at]]).any(axis=1)
            if other not in found and _same(given.values[both][:, [before, at]]):
                found[name] = f"says the same as {other}"
                break
    return found


def _same(pair: Floats) -> bool:
    if len(pair) < FEWEST or (pair.min(axis=0) == pair.max(axis=0)).any():
        return False
    return bool(abs(correlations(pair)[0, 1]) >= TWIN)
