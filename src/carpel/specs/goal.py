"""A goal: a figure, a target and a date."""

from datetime import date
from typing import Literal

from carpel.specs.base import Document, Name

GoalMetric = Literal["repeat_purchase_rate", "active_customers", "revenue"]


class Goal(Document):
    """What the business wants, by when, for everybody or for one segment."""

    name: Name
    label: str = ""
    metric: GoalMetric
    target: float
    by: date
    segment: Name | None = None
    within_days: int = 365
    """The stretch of time the figure is measured over, up to `as_of`."""


def unmeasured(metric: str) -> str:
    """Why a goal's figure cannot be measured, for one without a value."""
    if metric == "active_customers":
        return "cannot be measured, because neither orders nor a lifecycle say who is active"
    return "cannot be measured, because no orders of these people in its time are known"
