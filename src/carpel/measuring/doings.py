"""What people did who were contacted: every metric, over each one's own time since."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from pyroaring import BitMap

from carpel.campaigns.desk import Desk
from carpel.measuring.contacts import Contacts
from carpel.specs import Campaign
from carpel.specs.metric import Metric, shown
from carpel.stages.outcomes.drawn import STAMP, Keys, Watched
from carpel.stages.outcomes.figures import Figure, figures
from carpel.stages.outcomes.metrics import measured_by, of_goal


@dataclass(frozen=True)
class Doings:
    """The metrics of everybody contacted, a place a person, keys ascending."""

    customers: Keys
    found: Mapping[str, Figure]
    metrics: Mapping[str, Metric]

    def answered(self, metric: str) -> BitMap:
        """Those of whom a metric is above 0."""
        figure = self.found.get(metric)
        return BitMap() if figure is None else BitMap(self.customers[figure.y > 0])

    def rows(self, at: Desk, people: BitMap) -> Iterator[dict[str, Any]]:
        """A row a metric: its figure among these people, and how many (of a ratio: how often what
        it is over, such as orders) that is of."""
        inside = np.isin(self.customers, np.asarray(people.to_array(), np.int64))
        for name, figure in self.found.items():
            y = figure.y[inside]
            known = ~np.isnan(y)
            over = known.sum() if figure.d is None else figure.d[inside].sum()
            metric = self.metrics[name]
            yield {
                "metric": name,
                "label": metric.called,
                "shown": shown(metric, self.metrics, at.definitions.project.revenue),
                "value": float(y[known].sum() / over) if over else None,
                "n": int(over),
            }


def doings(at: Desk, campaign: Campaign, contacts: Contacts) -> Doings:
    """Of those contacted, from their first message until the campaign's days after their last."""
    revenue = at.definitions.project.revenue
    home = f"event_{revenue.event}"
    paid = home in at.engine.tables() and revenue.property in at.engine.columns(home)
    metrics = measured_by(at.definitions, of_goal(campaign.goal), paid=paid)
    people = sorted(contacts.first)
    days = timedelta(days=campaign.goal.within_days)
    watched = Watched(
        metrics=list(metrics),
        guardrails=(),
        customers=np.array(people, np.int64),
        since=np.array([_plain(contacts.first[each]) for each in people], STAMP),
        until=np.array([_plain(contacts.last[each] + days) for each in people], STAMP),
    )
    found = figures(watched, metrics, at.catalogue) if people else {}
    return Doings(watched.customers, found, metrics)


def _plain(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
