"""One trait on one page: how it is spread; and how many people come back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from carpel.evaluation.cohorts import Cohort, cohorts
from carpel.evaluation.over_time import Series, over_time
from carpel.evaluation.windows import local
from carpel.stats.tails import Floats
from carpel.verbs.plain_traits import plain_trait, values_of
from carpel.verbs.reader import reading
from carpel.verbs.session import Session

BARS = 12
"""Bars of a histogram at most."""
VALUES = 20
"""Values of a category that are listed."""
FEWEST = 5
"""People that a value has at least, to be told."""

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Described:
    """How a trait is spread among everybody, or among a segment's people and everybody else."""

    trait: str
    label: str
    unit: str
    of: int
    groups: Mapping[str, Mapping[str, float]]
    """By group: `known`, and for figures `mean`, `spread` (standard deviation), `lowest`,
    `quarter`, `middle`, `three_quarters`, `highest`."""
    bars: Rows
    """`value` or `from` and `to`, and people by group."""


def describe(session: Session, trait: str, by: str | None = None) -> Described:
    """Spread and bars of one trait; raises NotFound, or CarpelError for one that is personal."""
    with reading(session) as reader:
        row = plain_trait(reader, trait)
        inside = np.zeros(0, np.uint32) if by is None else np.array(reader.segment(by).to_array())
        found = values_of(reader, [trait])
        keys, of = found["customer"], len(found["customer"])
        mine = np.isin(keys, inside)
        groups = {"everybody": np.ones(of, bool)} if by is None else {by: mine, "else": ~mine}
        values = found[trait]
        figures = values.dtype != object
        return Described(
            trait,
            row["label"] or trait.replace("_", " "),
            row["unit"] or "",
            of,
            {name: _summary(values[each], figures) for name, each in groups.items()},
            _bars(values, groups) if figures else _counts(values, groups),
        )


def retention(session: Session) -> list[Cohort]:
    """Cohorts of the project's revenue event; none without one."""
    with reading(session) as reader:
        event = f"event_{reader.definitions.project.revenue.event}"
        clock = reader.evaluator.catalogue.clock
        if event not in reader.build.tables():
            return []
        return cohorts(reader.engine, event, clock.moment, local(clock.moment, clock.zone).date())


def _summary(values: Any, figures: bool) -> dict[str, float]:
    if not figures:
        return {"known": float(sum(value is not None for value in values))}
    known = values[~np.isnan(values)]
    if not len(known):
        return {"known": 0.0}
    names = ("lowest", "quarter", "middle", "three_quarters", "highest")
    spread = float(known.std(ddof=1)) if len(known) > 1 else 0.0
    ends = np.quantile(known, [0, 0.25, 0.5, 0.75, 1]).tolist()
    return {
        "known": float(len(known)),
        "mean": float(known.mean()),
        "spread": spread,
        **dict(zip(names, ends, strict=True)),
    }


def _bars(values: Floats, groups: Mapping[str, Any]) -> Rows:
    """A histogram over the middle 98 %; the first and last bars hold what lies beyond."""
    known = values[~np.isnan(values)]
    if not len(known):
        return []
    low, high = np.quantile(known, [0.01, 0.99])
    edges = np.unique(np.linspace(low, high, BARS + 1)) if high > low else np.array([low, low + 1])
    at = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(edges) - 2)
    return [
        {
            "from": float(edges[bar]),
            "to": float(edges[bar + 1]),
            **{
                name: int(np.sum((at == bar) & each & ~np.isnan(values)))
                for name, each in groups.items()
            },
        }
        for bar in range(len(edges) - 1)
    ]


def _counts(values: Any, groups: Mapping[str, Any]) -> Rows:
    names, counts = np.unique([v for v in values if v is not None], return_counts=True)
    order = [at for at in np.argsort(-counts, kind="stable") if counts[at] >= FEWEST]
    return [
        {
            "value": str(names[at]),
            **{name: int(np.sum((values == names[at]) & each)) for name, each in groups.items()},
        }
        for at in order[:VALUES]
    ]


def figures(session: Session) -> list[Series]:
    """Every figure over time that the current build's data has."""
    with reading(session) as reader:
        return over_time(reader.evaluator.catalogue, reader.definitions.project)
