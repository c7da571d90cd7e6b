"""What a campaign is made of: its goal, versions, limits, dates and costs."""

from datetime import date, datetime, time
from typing import Literal

from pydantic import Field, model_validator

from carpel.specs.base import Name, Spec
from carpel.specs.offer import Offer
from carpel.specs.shares import Share


class CampaignGoal(Spec):
    """What is to come of it: a figure of the people who get it, counted after each contact."""

    metric: Literal["order_rate", "revenue_per_person", "event_rate"]
    """The share that orders, what they pay on average, or the share that does `event`."""
    target: float = Field(gt=0)
    by: date
    within_days: int = Field(default=14, ge=1, le=365)
    """What they do for so many days after their contact counts."""
    event: Name | None = None
    smallest: float | None = Field(default=None, gt=0)
    """The least change that would matter; left out, as much as the target asks for."""

    @model_validator(mode="after")
    def _measurable(self) -> "CampaignGoal":
        if (self.event is None) != (self.metric != "event_rate"):
            raise ValueError("`event` goes with the metric event_rate, and only with it")
        if self.metric.endswith("_rate") and self.target > 1:
            raise ValueError("a rate of more than 1 can never be reached: write 5 % as 0.05")
        return self

    @property
    def is_money(self) -> bool:
        """Whether the target is an amount, not a share of people."""
        return self.metric == "revenue_per_person"

    @property
    def measured_by(self) -> str:
        """The metric that the verdict is about."""
        return f"does_{self.event}" if self.event else self.metric

    def told(self, currency: str) -> str:
        """The goal in words; an amount is in this currency."""
        until = f"within {self.within_days} days, by {self.by}"
        if self.is_money:
            return f"{self.target:,g} {currency} a person {until}"
        does = "order" if self.metric == "order_rate" else f"do “{self.event}”"
        return f"{100 * self.target:g} % of people {does} {until}"


class Instead(Spec):
    """Another message for some: those in a segment, those who read a language, or both."""

    message: Name
    segment: str | None = None
    language: str | None = Field(default=None, pattern=r"^[a-z]{2}$")

    @model_validator(mode="after")
    def _for_somebody(self) -> "Instead":
        if self.segment is None and self.language is None:
            raise ValueError("say for whom: `segment`, `language` or both")
        return self


class Variant(Spec):
    """One version: its message, and the share of those contacted who get it."""

    name: Name
    message: Name | None = None
    """What they read; the tool's own where the channel is your sender."""
    share: Share = 1.0
    instead: tuple[Instead, ...] = ()
    """The first that fits takes the message's place."""
    offer: Offer | None = None
    """What it offers, to learn which offer earns most."""


class Cap(Spec):
    """At most so many messages by this kind of channel, of any campaign, in so many days."""

    messages: int = Field(ge=1)
    within_days: int = Field(ge=1, le=365)


class QuietHours(Spec):
    """When nobody is written to, on each person's own clock; they wait until it ends."""

    start: time
    end: time

    @model_validator(mode="after")
    def _some_time(self) -> "QuietHours":
        if self.start == self.end:
            raise ValueError("`start` and `end` are the same: no time would be left, or none quiet")
        return self


class Schedule(Spec):
    """When it may leave: not before `at`, which is local to the project without a zone."""

    at: datetime


class UnitCosts(Spec):
    """What it costs, in the project's currency: each message, and what is paid once."""

    per_message: float = Field(default=0, ge=0)
    fixed: float = Field(default=0, ge=0)

    def of(self, messages: int) -> float:
        """What so many messages come to."""
        return self.fixed + self.per_message * messages
