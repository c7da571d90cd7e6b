"""Who belongs to which place, and what they did there in one stretch of time after another."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carpel.engine.query import column, query, table
from carpel.evaluation.catalogue import Catalogue
from carpel.specs.metric import Metric, RatioMetric, TraitMetric
from carpel.stages.outcomes.drawn import STAMP, Keys, Watched
from carpel.stages.outcomes.figures import figures

STRETCHES = 4
"""Stretches of time before, each as long as the test: enough to see places drift apart."""


@dataclass(frozen=True)
class Homes:
    """People, ascending, each with a place that somebody named."""

    places: Sequence[str]
    customers: Keys
    at: NDArray[np.int64]
    """Of each person, where their place stands in `places`."""

    def only(self, wanted: Sequence[str]) -> "Homes":
        """Those of these places, in this order; all of them have somebody."""
        place = {each: number for number, each in enumerate(wanted)}
        moved = np.array([place.get(each, -1) for each in self.places], np.int64)[self.at]
        return Homes(wanted, self.customers[moved >= 0], moved[moved >= 0])

    @property
    def people(self) -> NDArray[np.int64]:
        """By place."""
        return np.bincount(self.at, minlength=len(self.places))

    def add_up(self, figure: NDArray[np.float64]) -> NDArray[np.float64]:
        """The sum of a figure of everybody, by place."""
        found = np.bincount(self.at, weights=figure, minlength=len(self.places))
        return found.astype(np.float64)


def homes(catalogue: Catalogue, trait: str) -> Homes:
    """Everybody whose attribute says a place, as text; raises NotFound for no such attribute."""
    fact = catalogue.trait(trait)
    rows = catalogue.engine.fetch(
        query(
            """SELECT customer, CAST(:place AS VARCHAR) AS place FROM :home
               WHERE :place IS NOT NULL ORDER BY customer""",
            place=fact.value,
            home=table(fact.table),
        )
    )
    names = np.asarray(rows.column("place").to_pylist(), object).astype(str)
    places, at = np.unique(names, return_inverse=True)
    customers = np.asarray(rows.column("customer"), np.int64)
    return Homes(places.tolist(), customers, at.astype(np.int64))


def stretches(
    lived: Homes,
    names: Sequence[str],
    metrics: Mapping[str, Metric],
    catalogue: Catalogue,
    began: datetime,
    days: int,
) -> Iterator[dict[str, Any]]:
    """Sums by metric, place and stretch: `metric`, `at`, `period`, `n`, `y`, `d`.

    Stretches that have passed at the catalogue's moment, from the first that the data fills.
    """
    people = lived.people
    known = {name: _known_since(metrics[name], metrics, catalogue) for name in names}
    for period in range(-STRETCHES, 1):
        since = began + timedelta(days=period * days)
        until = since + timedelta(days=days)
        filled = [name for name in names if (first := known[name]) and first <= since]
        if not filled or until > catalogue.clock.moment:
            continue
        ends = (np.full(len(lived.customers), each, STAMP) for each in (since, until))
        found = figures(Watched(filled, (), lived.customers, *ends), metrics, catalogue)
        for name in filled:
            y = lived.add_up(found[name].y)
            d = found[name].d
            over = None if d is None else lived.add_up(d)
            for at in range(len(lived.places)):
                below = None if over is None else float(over[at])
                told = {"n": int(people[at]), "y": float(y[at]), "d": below}
                yield {"metric": name, "at": at, "period": period, **told}


def _known_since(
    metric: Metric, metrics: Mapping[str, Metric], catalogue: Catalogue
) -> datetime | None:
    """The first moment of what it counts; of a ratio the later of its parts."""
    if isinstance(metric, TraitMetric):
        return None
    if isinstance(metric, RatioMetric):
        parts = [
            _known_since(metrics[each], metrics, catalogue) if each in metrics else None
            for each in (metric.of, metric.per)
        ]
        return (
            max((each for each in parts if each is not None), default=None) if all(parts) else None
        )
    home = f"event_{metric.event}"
    if home not in catalogue.tables:
        return None
    asked = query("SELECT min(:at) FROM :events", at=column("at"), events=table(home))
    found: datetime | None = catalogue.engine.value(asked)
    return found
