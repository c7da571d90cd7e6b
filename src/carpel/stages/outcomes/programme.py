"""All campaigns together, beside those who are kept aside from every one: a quarter a reading."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

import numpy as np

from carpel.evaluation.kept_aside import could_be_contacted, drawn_aside
from carpel.evaluation.windows import utc
from carpel.specs.holdout import Holdout
from carpel.specs.metric import Metric
from carpel.specs.programme import ASIDE, IN_CAMPAIGNS, PROGRAMME, Quarter, quarters
from carpel.stages.base import Line
from carpel.stages.outcomes.drawn import STAMP, Drawn, placed
from carpel.store.assignments import Assignment

LATEST = 8
"""Quarters that are read; those before them are over for long."""


@dataclass(frozen=True)
class Programme:
    """What people did in one quarter, in campaigns or kept aside from all of them."""

    holdout: Holdout
    quarter: Quarter
    since: datetime
    until: datetime
    cost: float

    @property
    def name(self) -> str:
        """`programme.q2026_1` for the first of 2026."""
        return f"{PROGRAMME}.{self.quarter.name}"

    @property
    def about(self) -> Any:
        """What its drawing depends on."""
        moments = [self.since.isoformat(), self.until.isoformat()]
        return [self.holdout.model_dump(mode="json"), *moments, self.cost]

    @property
    def own(self) -> dict[str, Metric]:
        """Metrics of its own: none."""
        return {}

    def drawn(self, line: Line, metrics: Mapping[str, Metric]) -> Drawn:
        """Everybody who could have been contacted when the quarter began."""
        people = could_be_contacted(line.engine, self.holdout, self.since)
        aside = drawn_aside(people, self.holdout)
        found = placed([aside, people - aside])
        goal = self.holdout.metric or _first(metrics)
        keys = len(found.customers)
        return Drawn(
            name=self.name,
            kind=PROGRAMME,
            label=f"All campaigns, {self.quarter.called}",
            goal=goal,
            metrics=list(dict.fromkeys((goal, *metrics))),
            guardrails=(),
            segments=(),
            arms=(ASIDE, IN_CAMPAIGNS),
            shares={ASIDE: self.holdout.share, IN_CAMPAIGNS: 1 - self.holdout.share},
            sent={},
            within_days=(self.until - self.since).days,
            changed=(),
            looked_up=self.since.replace(tzinfo=UTC),
            customers=found.customers,
            arm=found.arm,
            since=np.full(keys, self.since, STAMP),
            until=np.full(keys, self.until, STAMP),
            in_several=0,
            smallest=self.holdout.smallest,
            fixed_cost=self.cost,
        )


def programme(line: Line) -> Iterator[Programme]:
    """A reading a quarter since people are kept aside, the latest ones; none where nobody is."""
    holdout = line.definitions.project.holdout
    if holdout is None:
        return
    today = line.moment.replace(tzinfo=UTC).astimezone(line.zone).date()
    for quarter in list(quarters(holdout.since, today))[-LATEST:]:
        since = utc(datetime.combine(max(quarter.first, holdout.since), time()), line.zone)
        until = utc(datetime.combine(quarter.last + timedelta(days=1), time()), line.zone)
        if since < line.moment:
            yield Programme(holdout, quarter, since, until, _cost(line, holdout, since, until))


def _cost(line: Line, holdout: Holdout, since: datetime, until: datetime) -> float:
    """Of the campaigns of which the first message left in these days."""
    campaigns, families, total = line.definitions.campaigns, set[str](), 0.0
    for each in line.assignments:
        campaign = campaigns.get(each.campaign)
        if campaign is None or campaign.purpose not in holdout.purposes:
            continue
        if not since <= _plain(each) < until:
            continue
        total += campaign.costs.of(sum(each.sent.values()))
        whole = campaigns.get(campaign.family)
        if campaign.within is not None and whole is not None and campaign.family not in families:
            families.add(campaign.family)
            total += whole.costs.fixed
    return total


def _plain(assignment: Assignment) -> datetime:
    return assignment.since.astimezone(UTC).replace(tzinfo=None)


def _first(metrics: Mapping[str, Metric]) -> str:
    return "revenue_per_person" if "revenue_per_person" in metrics else "order_rate"
