"""Regions of a campaign: parts of its audience, each with what is different there."""

from datetime import date

from pydantic import Field, model_validator

from carpel.specs.base import Name, Spec
from carpel.specs.campaign_parts import CampaignGoal, QuietHours, Schedule, UnitCosts, Variant


class Place(Spec):
    """One region: whom it is for, and what of the campaign is different there."""

    value: str = ""
    """What the trait says of its people; the region's own name where that is left out."""
    label: str | None = None
    message: Name | None = None
    variants: tuple[Variant, ...] | None = None
    channel: Name | None = None
    goal: CampaignGoal | None = None
    offer: str | None = None
    offer_until: date | None = None
    coupon: Name | None = None
    schedule: Schedule | None = None
    quiet_hours: QuietHours | None = None
    budget: float | None = Field(default=None, ge=0)
    costs: UnitCosts | None = None
    owner: str | None = Field(default=None, min_length=1)
    approver: str | None = None


class Regions(Spec):
    """Parts of an audience by one trait of people, such as their branch or country."""

    by: Name
    places: dict[Name, Place] = Field(min_length=1)

    @model_validator(mode="after")
    def _told_apart(self) -> "Regions":
        values = [self.value(name) for name in self.places]
        if len(set(values)) < len(values):
            raise ValueError("two regions are for the same people: their `value` is one")
        return self

    def value(self, place: str) -> str:
        """What the trait says of a region's people."""
        return self.places[place].value or place


class Within(Spec):
    """People of whom a trait says this, such as those of one region."""

    trait: Name
    value: str
