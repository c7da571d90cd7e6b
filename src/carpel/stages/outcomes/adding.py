"""Figures of people added up: by arm, for everybody and for each segment."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
TOGETHER = 16
"""Segments whose masks are held at a time."""
SUMS = ("unknown", "y", "yy", "x", "xx", "xy", "d", "dd", "yd", "xd")
Masks = NDArray[np.bool_]


@dataclass(frozen=True)
class _Added:
    """Every figure and product of every metric, of the people who have any."""

    metrics: Sequence[str]
    people: NDArray[np.int64]
    """Places of those who are not 0 in everything."""
    products: Floats
    """A row each of them, a column a metric and sum."""

    @classmethod
    def of(cls, figures: Mapping[str, Figure]) -> "_Added":
        some = [_some(each) for each in figures.values()]
        people = np.flatnonzero(np.logical_or.reduce(some))
        columns = [each for figure in figures.values() for each in _products(figure, people)]
        return cls(list(figures), people, np.stack(columns, axis=1))


def sums(
    drawn: Drawn, figures: Mapping[str, Figure], segments: Mapping[str, BitMap]
) -> Iterator[dict[str, Any]]:
    """Rows of `outcomes`: one a segment, metric and arm; of segments those with enough people."""
    if not figures:
        return
    added = _Added.of(figures)
    largest = {name: _largest(drawn, each) for name, each in figures.items()}
    for row in _of(drawn, added, [(EVERYBODY, np.ones(len(drawn.customers), bool))]):
        yield {**row, **largest[row["metric"]][row["arm"]]}
    masks = _masks(drawn, segments)
    while some := list(islice(masks, TOGETHER)):
        yield from _of(drawn, added, some)


def _masks(drawn: Drawn, segments: Mapping[str, BitMap]) -> Iterator[tuple[str, Masks]]:
    """Who is in which segment, of those that part the people into enough of each arm."""
    for name, members in segments.items():
        inside = np.isin(drawn.customers, np.asarray(members.to_array()), assume_unique=True)
        counted = np.bincount(drawn.arm[inside], minlength=len(drawn.arms))
        if counted.min() >= FEWEST and inside.mean() < ALMOST_ALL:
            yield name, inside


def _of(drawn: Drawn, added: _Added, some: Iterable[tuple[str, Masks]]) -> Iterator[dict[str, Any]]:
    groups = [
        (name, arm, inside & (drawn.arm == place))
        for name, inside in some
        for place, arm in enumerate(drawn.arms)
    ]
    masks = np.stack([mask[added.people] for _, _, mask in groups]).astype(float)
    totals = (masks @ added.products).reshape(len(groups), len(added.metrics), len(SUMS))
    for (segment, arm, mask), by_metric in zip(groups, totals, strict=True):
        people = int(mask.sum())
        for metric, found in zip(added.metrics, by_metric, strict=True):
            told = dict(zip(SUMS, map(float, found), strict=True))
            n = people - round(told.pop("unknown"))
            yield {"segment": segment, "metric": metric, "arm": arm, "n": n, **told}


def _some(figure: Figure) -> Masks:
    parts = [each for each in (figure.y, figure.x, figure.d) if each is not None]
    some: Masks = np.logical_or.reduce([each != 0 for each in parts])  # NaN is not 0 either
    return some


def _products(figure: Figure, people: NDArray[np.int64]) -> Iterator[Floats]:
    """By `SUMS`; of whom the outcome is not known, or what is known before, nothing counts."""
    none = np.zeros(len(people))
    y = figure.y[people]
    x = none if figure.x is None else figure.x[people]
    d = none if figure.d is None else figure.d[people]
    unknown = np.isnan(y) | np.isnan(x) | np.isnan(d)
    y, x, d = (np.where(unknown, 0.0, each) for each in (y, x, d))
    yield from (unknown.astype(float), y, y * y, x, x * x, x * y, d, d * d, y * d, x * d)


def _largest(drawn: Drawn, figure: Figure) -> dict[str, dict[str, Any]]:
    """By arm: the largest outcome of one person, and how many were drawn in."""
    found = {}
    for place, arm in enumerate(drawn.arms):
        mine = drawn.arm == place
        known = figure.y[mine & ~np.isnan(figure.y)]
        found[arm] = {
            "largest": float(known.max()) if len(known) else None,
            "giant": figure.giant,
            "drawn_in": int(figure.drawn_in[mine].sum()) if len(figure.drawn_in) else 0,
        }
    return found
