"""Tests that were made elsewhere, as experiments."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from carpel.errors import Problem, ProjectError, suggestion
from carpel.evaluation.arms import by_event, by_trait, in_arm
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.comparisons import Clock
from carpel.evaluation.windows import utc
from carpel.language import Doing
from carpel.specs import Arms, Experiment
from carpel.specs.metric import AVERAGE_ORDER, ORDER_RATE, Metric, TraitMetric
from carpel.stages.base import Line
from carpel.stages.outcomes.drawn import STAMP, Drawn, Keys, Moments, placed


@dataclass(frozen=True)
class Finished:
    """A test of people that a file describes."""

    spec: Experiment
    arms: Arms

    @property
    def name(self) -> str:
        """The file's."""
        return self.spec.name

    @property
    def about(self) -> Any:
        """What its drawing depends on."""
        return self.spec.model_dump(mode="json")

    @property
    def own(self) -> dict[str, Metric]:
        """Metrics of its own: none."""
        return {}

    def _measured(self, metrics: Mapping[str, Metric]) -> list[str]:
        """By what it is measured, and what margins of offers and prices are worked out of."""
        spec = self.spec
        also = [ORDER_RATE, AVERAGE_ORDER] if spec.prices or spec.offers else []
        return list(dict.fromkeys((*spec.metrics, *(each for each in also if each in metrics))))

    def drawn(self, line: Line, metrics: Mapping[str, Metric]) -> Drawn:
        """With its arms; raises ProjectError where the comparison is none of them."""
        spec, catalogue = self.spec, Catalogue(line.engine, Clock(line.moment, line.zone))
        rows = _rows(self.arms, catalogue)
        arms = _arms(spec, rows)
        found = placed([in_arm(rows, each) for each in arms])
        since = _since(line, self, rows, found.customers)
        return Drawn(
            name=spec.name,
            kind="experiment",
            label=spec.label or spec.name.replace("_", " "),
            goal=spec.metrics[0],
            metrics=self._measured(metrics),
            guardrails=spec.guardrails,
            segments=spec.segments,
            changed=[each.trait for each in metrics.values() if isinstance(each, TraitMetric)],
            arms=arms,
            shares=spec.shares or {each: 1 / len(arms) for each in arms},
            sent={},
            within_days=spec.within_days,
            looked_up=None,
            customers=found.customers,
            arm=found.arm,
            since=since,
            until=since + np.timedelta64(timedelta(days=spec.within_days)),
            in_several=found.in_several,
            smallest=spec.smallest,
            cost=spec.cost_per_person,
            fixed_cost=spec.cost,
        )


def _rows(where: Arms, catalogue: Catalogue) -> pa.Table:
    if where.event is None:
        return by_trait(catalogue, str(where.trait))
    return by_event(catalogue, Doing(where.event, where.where), str(where.property))


def _arms(spec: Experiment, rows: pa.Table) -> list[str]:
    """The comparison, then the others by name; those of `shares` where there are any."""
    found = sorted(set(rows.column("arm").to_pylist()))
    wanted = [each for each in found if not spec.shares or each in spec.shares]
    if spec.comparison not in wanted or len(wanted) < 2:
        near = suggestion(spec.comparison, found)
        raise ProjectError(
            [
                Problem(
                    f"nobody is in the arm {spec.comparison!r}"
                    if spec.comparison not in wanted
                    else f"nobody is in another arm than {spec.comparison!r}",
                    f"experiments/{spec.name}.yml",
                    action=f"{near} The data has: {', '.join(map(repr, found[:10])) or 'no arms'}.",
                )
            ]
        )
    for word in ("offers", "prices"):
        if astray := [each for each in getattr(spec, word) if each not in wanted]:
            said, file = f"nobody is in the arm {astray[0]!r}", f"experiments/{spec.name}.yml"
            there = f"Arms are: {', '.join(map(repr, wanted[:10]))}."
            action = f"{suggestion(astray[0], wanted)} {there}".strip()
            raise ProjectError([Problem(f"`{word}`: {said}", file, action=action)])
    return [spec.comparison, *(each for each in wanted if each != spec.comparison)]


def _since(line: Line, test: Finished, rows: pa.Table, customers: Keys) -> Moments:
    """When each person's time began: at the event, or on the first day for all."""
    spec = test.spec
    if test.arms.event:
        keys = np.asarray(rows.column("customer"), np.int64)
        order = np.argsort(keys, kind="stable")
        at = np.asarray(rows.column("at")).astype(STAMP)[order]
        return np.asarray(at[np.searchsorted(keys[order], customers)])
    first = datetime.combine(spec.started, time()) if spec.started else None
    begins = utc(first, line.zone) if first else line.moment - timedelta(days=spec.within_days)
    return np.full(len(customers), begins, STAMP)
