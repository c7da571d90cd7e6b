"""A test made elsewhere: people were in arms, and what they did is in the data."""

from datetime import date

from pydantic import Field, model_validator

from carpel.specs.base import Document, Name, Names, Spec
from carpel.specs.column import ComparisonRef


class Arms(Spec):
    """Where it stands who was in which arm."""

    trait: Name | None = None
    """An attribute whose values are the arms."""
    event: Name | None = None
    """Or the event that brings somebody into an arm; their time begins with the first."""
    property: Name | None = None
    """The event's property whose values are the arms."""
    where: dict[str, ComparisonRef] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_place(self) -> "Arms":
        if (self.trait is None) == (self.event is None):
            raise ValueError("give one of `trait` and `event`")
        if (self.event is None) != (self.property is None):
            raise ValueError("`event` and `property` go together")
        return self


class Experiment(Document):
    """A finished test: its arms, which of them got nothing, and what it is measured by."""

    name: Name
    label: str = ""
    arms: Arms
    comparison: str
    """The arm that all others are compared with."""
    shares: dict[str, float] = Field(default_factory=dict)
    """By arm: what share of people was meant to be in it; all alike when left out."""
    metrics: Names = Field(min_length=1)
    """What it is measured by; the verdict is about the first."""
    guardrails: Names = ()
    """Metrics that must not get worse."""
    segments: Names = ()
    """For whom it is looked at besides: segments, or sets of segments."""
    started: date | None = None
    """The first day, where arms are an attribute and metrics are events."""
    within_days: int = Field(default=14, ge=1, le=365)
    """What people do for so many days counts."""
    smallest: float | None = Field(default=None, gt=0)
    """The least change of the first metric that would matter."""
    cost_per_person: float = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _whole(self) -> "Experiment":
        if self.shares and self.comparison not in self.shares:
            raise ValueError(f"`shares` says nothing of the comparison, {self.comparison!r}")
        if self.shares and (
            min(self.shares.values()) <= 0 or abs(sum(self.shares.values()) - 1) > 1e-6
        ):
            raise ValueError("`shares` are above 0 and add up to 1")
        return self
