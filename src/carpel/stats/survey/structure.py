"""What a survey's items measure between them: so many factors, each called by its leading item."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from carpel.stats.likelihood import Refused
from carpel.stats.survey.factors import Factors, factors
from carpel.stats.survey.items import Answers
from carpel.stats.survey.number import Number, number_of_factors
from carpel.stats.survey.reliability import Floats

FEWEST = 100
AN_ITEM = 5
"""People an item, at least (Gorsuch 1983)."""
FEWEST_ITEMS = 4
SAMPLE = 20_000
"""People who tell the number of factors and the loadings; everybody gets a score."""


@dataclass(frozen=True)
class Structure:
    """Loadings (items x factors) and scores (people x factors, mean 0, NaN: unknown).

    `leading` is the item that loads most on each factor, and positively: what a factor is told by.
    """

    items: tuple[str, ...]
    left_out: Mapping[str, str]
    number: Number
    people: int
    leading: tuple[str, ...]
    loadings: Floats
    between: Floats
    scores: Floats = field(repr=False)

    def home(self, item: str) -> tuple[int, int]:
        """The factor that an item loads on most, and 1 or -1 for its direction."""
        loads = self.loadings[self.items.index(item)]
        factor = int(np.abs(loads).argmax())
        return factor, 1 if loads[factor] >= 0 else -1


def structure(given: Answers, count: int | None = None) -> Structure:
    """Find the factors behind items; `count` of one's own, else the minimum average partial's.

    Raises Refused for fewer than four items, 100 people, or five people an item who answer at least
    half of them, and for more factors than the items carry.
    """
    people, items = int(given.enough.sum()), len(given.items)
    if items < FEWEST_ITEMS:
        left_out = "; ".join(f"{name}: {reason}" for name, reason in given.left_out.items())
        raise Refused(f"{items} items can be read, {FEWEST_ITEMS} are needed; {left_out}")
    if people < (needed := max(FEWEST, AN_ITEM * items)):
        raise Refused(f"{people:,} people answer at least half of the items, {needed} are needed")
    drawn = _drawn(given)
    try:
        number = number_of_factors(drawn)
        found = factors(drawn, count or min(number.factors, items // 2))
    except ValueError as error:
        raise Refused(str(error)) from None
    signs, leading = _leading(found, given.items)
    scores = found.scores(given.values) * signs
    scores[~given.enough] = np.nan
    return Structure(
        given.items,
        given.left_out,
        number,
        people,
        leading,
        found.loadings * signs,
        found.between * np.outer(signs, signs),
        scores,
    )


def _drawn(given: Answers) -> Floats:
    """Answers of people who gave enough of them; of many, some."""
    rows = np.flatnonzero(given.enough)
    if len(rows) > SAMPLE:
        rows = np.sort(np.random.default_rng(len(rows)).choice(rows, SAMPLE, replace=False))
    return given.values[rows]


def _leading(found: Factors, items: tuple[str, ...]) -> tuple[Floats, tuple[str, ...]]:
    """By factor 1 or -1, so that its leading item is positive; and that item."""
    largest = np.abs(found.loadings).argmax(axis=0)
    signs = np.where(found.loadings[largest, np.arange(len(largest))] < 0, -1.0, 1.0)
    return signs, tuple(items[int(at)] for at in largest)
