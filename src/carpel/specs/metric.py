"""A metric: what is counted of people, said once for every place that shows it."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from carpel.specs.base import Document, Name
from carpel.specs.column import ComparisonRef
from carpel.specs.project import Revenue

AVERAGE_ORDER = "average_order"
"""The metric whose sums know of each person's revenue and orders, and of both together."""
ORDER_RATE = "order_rate"
"""The metric whose sum is how many people order."""
REVENUE = "revenue_per_person"
"""The metric by which what was caused is told in money."""
Shown = Literal["money", "share", "number"]


class _Metric(Document):
    name: Name
    label: str = ""
    better: Literal["more", "less"] = "more"
    """Whether a campaign that raises it does good or harm."""

    @property
    def called(self) -> str:
        """What it is called on screen."""
        return self.label or self.name.replace("_", " ")


class _Doing(_Metric):
    event: Name
    where: dict[str, ComparisonRef] = Field(default_factory=dict)


class ShareMetric(_Doing):
    """The share of people who do something at least once."""

    kind: Literal["share"]


class MeanMetric(_Doing):
    """How often people do something, or how much of a property that comes to; a mean of all."""

    kind: Literal["mean"]
    aggregate: Literal["count", "sum", "distinct"] = "count"
    property: Name | None = None
    giants: float | None = Field(default=None, gt=0.5, lt=1)
    """Figures above this share of those who have any are taken as that high: 0.99."""

    @model_validator(mode="after")
    def _of_what(self) -> "MeanMetric":
        if (self.property is None) != (self.aggregate == "count"):
            raise ValueError("`property` goes with sum and distinct, and only with them")
        return self


class RatioMetric(_Metric):
    """One mean over another of the same people: revenue over orders is the average order."""

    kind: Literal["ratio"]
    of: Name
    per: Name


class TraitMetric(_Metric):
    """What an attribute says of people, as a finished test brings it: a share of yes, or a mean."""

    kind: Literal["trait"]
    trait: Name
    before: Name | None = None
    """The attribute that says the same of the time before, to compare more closely by."""
    giants: float | None = Field(default=None, gt=0.5, lt=1)
    unit: Shown = "share"
    """Yes and no make a share; say where it is an amount or a number."""


Metric = Annotated[
    ShareMetric | MeanMetric | RatioMetric | TraitMetric, Field(discriminator="kind")
]


def built_in(revenue: Revenue) -> dict[str, Metric]:
    """The metrics there are without a file, by what the project says that revenue is."""
    return {
        each.name: each
        for each in (
            ShareMetric(
                name=ORDER_RATE, kind="share", event=revenue.event, label="share who order"
            ),
            MeanMetric(
                name="orders_per_person", kind="mean", event=revenue.event, label="orders a person"
            ),
            MeanMetric(
                name="revenue_per_person",
                kind="mean",
                aggregate="sum",
                event=revenue.event,
                property=revenue.property,
                label="revenue a person",
            ),
            RatioMetric(
                name=AVERAGE_ORDER,
                kind="ratio",
                of="revenue_per_person",
                per="orders_per_person",
                label="average order",
            ),
        )
    }


def shown(metric: Metric, metrics: Mapping[str, Metric], revenue: Revenue) -> Shown:
    """How a metric is shown: as an amount in the project's currency, per cent, or a number."""
    if isinstance(metric, RatioMetric):
        of, per = (metrics.get(each) for each in (metric.of, metric.per))
        paid = [each is not None and shown(each, metrics, revenue) == "money" for each in (of, per)]
        return "money" if paid == [True, False] else "number"
    if isinstance(metric, MeanMetric):
        of_it = (metric.aggregate, metric.event, metric.property)
        return "money" if of_it == ("sum", revenue.event, revenue.property) else "number"
    return metric.unit if isinstance(metric, TraitMetric) else "share"
