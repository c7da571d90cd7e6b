"""A test made elsewhere, or one of places: what people did is in the data."""

from collections import Counter
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from carpel.specs.base import Document, Name, Names, Spec
from carpel.specs.column import ComparisonRef
from carpel.specs.offer import Offer


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


def _in_quotes(value: Any) -> Any:
    if isinstance(value, int | float):
        raise ValueError("write a place in quotes: '0123' is not the number 123")
    return value


Price = Annotated[float, Field(gt=0)]
WITH_IT, ELSEWHERE = "places with it", "other places"
"""The two sides of a test of places, as they are called."""
PlaceName = Annotated[str, BeforeValidator(_in_quotes)]
"""What an attribute says that people live in, or shop at."""


class PlaceTest(Spec):
    """Which places got something, a flyer or a fair, and which by lot did not."""

    trait: Name
    """The attribute that says who belongs to which place: a postcode, a city, a branch."""
    pairs: tuple[tuple[PlaceName, PlaceName], ...] = ()
    """Places that are alike, in each pair first the one that got it."""
    treated: tuple[PlaceName, ...] = ()
    """Or, without pairs, those that got it."""
    others: tuple[PlaceName, ...] = ()
    """Those they are held against; all that somebody belongs to when left out."""

    @model_validator(mode="after")
    def _two_sides(self) -> "PlaceTest":
        if bool(self.pairs) == bool(self.treated):
            raise ValueError("give one of `pairs` and `treated`")
        if self.pairs and self.others:
            raise ValueError("`others` goes with `treated`: each pair has both already")
        counted = Counter(
            (*self.treated, *self.others, *(each for two in self.pairs for each in two))
        )
        if twice := [place for place, times in counted.items() if times > 1]:
            raise ValueError(f"the place {twice[0]!r} is named twice")
        return self


class Experiment(Document):
    """A test: who was in which arm or which places got it, and what it is measured by."""

    name: Name
    label: str = ""
    arms: Arms | None = None
    comparison: str = ""
    """The arm that all others are compared with."""
    places: PlaceTest | None = None
    """Instead of arms: places, of which some got it."""
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
    offers: dict[str, Offer] = Field(default_factory=dict)
    """By arm: what it offered, to learn which offer earns most."""
    prices: dict[str, Price] = Field(default_factory=dict)
    """By arm: the price that people saw, where that is what arms differ by."""
    cost_per_order: float = Field(default=0, ge=0)
    """What an order costs whoever sells, at any of the prices."""
    cost: float = Field(default=0, ge=0)
    """What it cost besides, in all: printing and carrying flyers."""

    @model_validator(mode="after")
    def _people_or_places(self) -> "Experiment":
        if (self.arms is None) == (self.places is None):
            raise ValueError("give one of `arms` and `places`")
        if (self.arms is None) != (not self.comparison):
            raise ValueError("`arms` and `comparison` go together")
        if self.places and self.started is None:
            raise ValueError("a test of places says on which day it `started`")
        if self.places and (self.shares or self.segments or self.offers or self.prices):
            raise ValueError("`shares`, `segments`, `offers` and `prices` are not of places")
        if self.prices and self.comparison not in self.prices:
            raise ValueError("`prices` says nothing of the comparison, which has that of today")
        if len(set(self.prices.values())) < len(self.prices):
            raise ValueError("two arms have the same price")
        if self.comparison in self.offers:
            raise ValueError("the comparison offers nothing: offers are held against it")
        return self

    @model_validator(mode="after")
    def _whole(self) -> "Experiment":
        if self.shares and self.comparison not in self.shares:
            raise ValueError(f"`shares` says nothing of the comparison, {self.comparison!r}")
        if self.shares and (
            min(self.shares.values()) <= 0 or abs(sum(self.shares.values()) - 1) > 1e-6
        ):
            raise ValueError("`shares` are above 0 and add up to 1")
        return self
