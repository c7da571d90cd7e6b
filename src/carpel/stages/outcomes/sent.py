"""Campaigns that have begun, as experiments."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from pyroaring import BitMap

from carpel.evaluation.arms import survivors
from carpel.evaluation.windows import shift
from carpel.specs import Campaign
from carpel.specs.campaign import HOLDOUT
from carpel.specs.metric import Metric
from carpel.stages.base import Line
from carpel.stages.outcomes.drawn import STAMP, Drawn, Keys, Moments, placed
from carpel.stages.outcomes.metrics import of_goal
from carpel.store.assignments import Assignment


@dataclass(frozen=True)
class Sent:
    """A campaign of which something has left."""

    assignment: Assignment
    campaign: Campaign
    today: Callable[[], Mapping[int, int]]
    """By key of former days: the key under which that person lives today."""

    @property
    def name(self) -> str:
        """The campaign's."""
        return self.campaign.name

    @property
    def about(self) -> Any:
        """What its drawing depends on."""
        return [self.assignment.fingerprint, self.campaign.model_dump(mode="json")]

    @property
    def own(self) -> dict[str, Metric]:
        """The metric that its goal makes: the share that does an event."""
        return of_goal(self.campaign.goal)

    def drawn(self, line: Line, metrics: Mapping[str, Metric]) -> Drawn:
        """With its arms by today's keys; who is in two of them since a merge is in none."""
        campaign, assignment = self.campaign, self.assignment
        names = [HOLDOUT, *(each.name for each in campaign.arms)]
        today = self.today()
        found = placed([survivors(assignment.arms.get(name, BitMap()), today) for name in names])
        since, until = _moments(line, self, found.customers, today)
        goal = campaign.goal
        return Drawn(
            name=campaign.name,
            kind="campaign",
            label=campaign.title,
            goal=goal.measured_by,
            metrics=list(dict.fromkeys((goal.measured_by, *metrics))),
            guardrails=campaign.guardrails,
            segments=(),
            changed=(),
            arms=names,
            shares=campaign.shares,
            sent=assignment.sent,
            within_days=goal.within_days,
            looked_up=assignment.as_of,
            customers=found.customers,
            arm=found.arm,
            since=since,
            until=until + np.timedelta64(timedelta(days=goal.within_days)),
            in_several=found.in_several,
            target=goal.target,
            smallest=goal.smallest,
            cost=campaign.costs.per_message,
            fixed_cost=campaign.costs.fixed,
        )


def _moments(
    line: Line, sent: Sent, customers: Keys, today: Mapping[int, int]
) -> tuple[Moments, Moments]:
    """From when each person's doings count, and when their last message left, or would have.

    The same for all arms: from the first message to the last of anybody; where people go through
    it one by one, from what began it for them to the last step.
    """
    assignment, campaign = sent.assignment, sent.campaign
    if campaign.trigger is None:
        ends = (_plain(assignment.since), _plain(assignment.until))
        since, until = (np.full(len(customers), each, STAMP) for each in ends)
        return since, until
    own = {today.get(key, key): _plain(at) for key, at in assignment.each.items()}
    begun = [own[int(key)] for key in customers]
    ended = [_through(each, campaign, line.zone) for each in begun]
    return np.array(begun, STAMP), np.array(ended, STAMP)


def _through(moment: datetime, campaign: Campaign, zone: ZoneInfo) -> datetime:
    for wait in filter(None, campaign.waits):
        moment = shift(moment, wait, zone, back=False)
    return moment


def _plain(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
