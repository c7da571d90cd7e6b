"""By what a campaign is measured, as far as the data can give it."""

from collections.abc import Mapping

from carpel.specs import Definitions
from carpel.specs.campaign_parts import CampaignGoal
from carpel.specs.metric import Metric, ShareMetric, built_in


def measured_by(found: Definitions, own: Mapping[str, Metric], *, paid: bool) -> dict[str, Metric]:
    """The built-in ones, those of its `own` and the project's; without what is `paid` no money."""
    revenue = found.project.revenue
    there = {
        name: metric
        for name, metric in built_in(revenue).items()
        if paid or isinstance(metric, ShareMetric) or name == "orders_per_person"
    }
    return {**there, **own, **found.metrics}


def of_goal(goal: CampaignGoal) -> dict[str, Metric]:
    """The metric that a goal makes: the share that does an event."""
    if goal.event is None:
        return {}
    does = f"share who do “{goal.event.replace('_', ' ')}”"
    made = ShareMetric(name=goal.measured_by, kind="share", event=goal.event, label=does)
    return {made.name: made}
