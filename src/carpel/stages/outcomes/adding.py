"""Figures of people added up: by arm, for everybody and for each segment."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from carpel.evaluation.movements import EVERYBODY
from carpel.stages.outcomes.drawn import Drawn
from carpel.stages.outcomes.figures import Figure
from carpel.stats.tails import Floats

FEWEST = 30
"""People there have to be in each arm of a segment for it to be looked at."""
ALMOST_ALL = 0.95
"""A segment of so large a part of the people says nothing that they all together do not."""
TOGETHER = 32
"""Segments whose masks are held at a time."""
SUMS = ("y", "yy", "x", "xx", "xy", "d", "dd", "yd", "xd")
UNKNOWN = "unknown"
Masks = NDArray[np.bool_]
Row = dict[str, Any]
Parts = tuple[Floats, Floats | None, Floats | None]


@dataclass(frozen=True)
class _Part:
    """The people of one arm, and every figure and product of those who have any."""

    arm: str
    people: NDArray[np.int64]
    """Places of everybody in the arm."""
    some: NDArray[np.int64]
    """Of those who are not 0 in everything."""
    columns: Mapping[tuple[str, str], int]
    """By metric and sum, where it stands among the products; those that do not are 0."""
    products: Floats
    """A row a metric and sum, a column each of `some`."""

    @classmethod
    def of(cls, arm: str, people: NDArray[np.int64], figures: Mapping[str, Figure]) -> "_Part":
        mine = {name: _taken(each, people) for name, each in figures.items()}
        any_of_it = np.zeros(len(people), bool)
        for parts in mine.values():
            for part in filter(lambda it: it is not None, parts):
                any_of_it |= part != 0  # NaN is not 0 either
        made = {
            (name, word): column
            for name, figure in figures.items()
            for word, column in _products(figure, _taken_of(mine[name], any_of_it))
        }
        products = np.stack(list(made.values()))
        return cls(arm, people, people[any_of_it], {key: n for n, key in enumerate(made)}, products)

    def totals(self, masks: Iterable[Masks]) -> tuple[list[int], Floats]:
        """How many people of the arm each mask has, and the sums of their products."""
        listed = list(masks)
        inside = np.stack([each[self.some] for each in listed]).astype(float)
        counts = [int(np.count_nonzero(each[self.people])) for each in listed]
        found: Floats = inside @ self.products.T
        return counts, found


def sums(
    drawn: Drawn, figures: Mapping[str, Figure], segments: Mapping[str, BitMap]
) -> Iterator[Row]:
    """Rows of `outcomes`: one a segment, metric and arm; of segments those with enough people."""
    if not figures:
        return
    parts = [
        _Part.of(arm, np.flatnonzero(drawn.arm == place), figures)
        for place, arm in enumerate(drawn.arms)
    ]
    largest = {name: _largest(parts, each) for name, each in figures.items()}
    for row in _of(parts, figures, [(EVERYBODY, np.ones(len(drawn.customers), bool))]):
        yield {**row, **largest[row["metric"]][row["arm"]]}
    masks = _masks(drawn, segments)
    while some := list(islice(masks, TOGETHER)):
        yield from _of(parts, figures, some)


def _masks(drawn: Drawn, segments: Mapping[str, BitMap]) -> Iterator[tuple[str, Masks]]:
    """Who is in which segment, of those that part the people into enough of each arm."""
    if not len(drawn.customers):
        return
    last = int(drawn.customers[-1])
    for name, members in segments.items():
        flags = np.zeros(last + 1, bool)
        flags[np.asarray((members & BitMap(range(last + 1))).to_array(), np.int64)] = True
        inside = flags[drawn.customers]
        counted = np.bincount(drawn.arm[inside], minlength=len(drawn.arms))
        if counted.min() >= FEWEST and inside.mean() < ALMOST_ALL:
            yield name, inside


def _of(
    parts: Iterable[_Part], metrics: Iterable[str], some: list[tuple[str, Masks]]
) -> Iterator[Row]:
    for part in parts:
        counts, totals = part.totals(mask for _, mask in some)
        for (segment, _), people, found in zip(some, counts, totals, strict=True):
            for metric in metrics:
                told = {name: _told(part, found, metric, name) for name in SUMS}
                n = people - round(_told(part, found, metric, UNKNOWN))
                yield {"segment": segment, "metric": metric, "arm": part.arm, "n": n, **told}


def _told(part: _Part, found: Floats, metric: str, name: str) -> float:
    """One sum; that of the squares of yes and no is that of yes and no themselves."""
    at = part.columns.get((metric, name))
    if at is None and name in ("yy", "xx"):
        at = part.columns.get((metric, name[0]))
    return 0.0 if at is None else float(found[at])


def _taken(figure: Figure, people: NDArray[np.int64]) -> Parts:
    """The outcome, what is known before and the denominator of these people."""
    x, d = (None if each is None else each[people] for each in (figure.x, figure.d))
    return figure.y[people], x, d


def _taken_of(parts: Parts, some: Masks) -> Parts:
    y, x, d = parts
    return y[some], None if x is None else x[some], None if d is None else d[some]


def _products(figure: Figure, parts: Parts) -> Iterator[tuple[str, Floats]]:
    """Those of `SUMS` that are not 0 for everybody, or another one.

    Of whom the outcome is not known, or what is known before, nothing counts.
    """
    y, x, d = parts
    unknown = np.isnan(y)
    for each in (x, d):
        unknown |= False if each is None else np.isnan(each)
    if unknown.any():
        yield UNKNOWN, unknown.astype(float)
        y, x, d = _taken_of((y, x, d), np.ones(len(y), bool))
        for each in (y, x, d):
            if each is not None:
                each[unknown] = 0.0
    yield "y", y
    if not figure.yes_or_no:
        yield "yy", y * y
    if x is not None:
        yield from (("x", x), ("xy", x * y))
        if not figure.yes_or_no:
            yield "xx", x * x
    if d is not None:
        yield from (("d", d), ("dd", d * d), ("yd", y * d))
    if x is not None and d is not None:
        yield "xd", x * d


def _largest(parts: Iterable[_Part], figure: Figure) -> dict[str, Row]:
    """By arm: the largest outcome of one person, and how many were drawn in."""
    found = {}
    for part in parts:
        mine = figure.y[part.people]
        known = mine[~np.isnan(mine)]
        found[part.arm] = {
            "largest": float(known.max()) if len(known) else None,
            "giant": figure.giant,
            "drawn_in": int(figure.drawn_in[part.people].sum()) if len(figure.drawn_in) else 0,
        }
    return found
