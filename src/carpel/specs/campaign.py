"""A campaign: who gets which message by which channel, what for, and who is kept aside."""

from datetime import date, datetime, time
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from carpel.language import Period
from carpel.specs.base import Document, Name, Names, Spec
from carpel.specs.recommend import Recommend
from carpel.specs.shares import Share, shared_out
from carpel.specs.trigger import PeriodRef, Step, Trigger

HOLDOUT = "comparison"
"""What the arm of those kept aside is called; no variant may be."""
ALONE = "all"
"""What the one arm is called where there are no variants."""


def called(arm: str) -> str:
    """An arm's name on screen."""
    return {HOLDOUT: "comparison group", ALONE: "everybody"}.get(arm, f"version {arm}")


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


class Campaign(Document):
    """Who is meant, with what, by which channel; and what shows afterwards whether it worked."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$")]
    """That of its file; behind a dot the region, of which it is a part."""
    label: str = ""
    goal: CampaignGoal
    guardrails: Names = ()
    """Metrics that must not get worse by it."""
    audience: str
    """A segment, or a group of a set as `rfm.champions`."""
    regions: Regions | None = None
    """Into which campaigns it falls apart, one a region; it is planned and sent by these."""
    within: Within | None = None
    """Only those of the audience; of each region its own people."""
    channel: Name
    purpose: Name = "marketing"
    """What people must have given permission for."""
    message: Name | None = None
    """The one message, where there are no `variants`."""
    variants: tuple[Variant, ...] = ()
    holdout: float = Field(default=0.1, ge=0, lt=1)
    """Share of people who are kept aside, to compare with."""
    no_holdout_because: str = ""
    """Why nobody is kept aside; without a reason somebody has to be."""
    links: Literal["direct", "tracked"] = "direct"
    """Whether links lead straight to where they say, or by `carpel serve`, which notes it."""
    offer: str = ""
    """What is promised; `{{ offer }}` in messages."""
    offer_until: date | None = None
    """The last day on which it holds; `{{ offer_until }}` in messages."""
    coupon: Name | None = None
    """Whose code each person gets; `{{ coupon }}` in messages."""
    recommend: Recommend | None = None
    """What is recommended to each person: `{{ recommendations }}` in messages."""
    schedule: Schedule | None = None
    trigger: Trigger | None = None
    """What begins it for one person after the other, instead of for all of the audience at once."""
    steps: tuple[Step, ...] = ()
    """Several messages, one after the other."""
    too_late: PeriodRef = Period(3, "days")
    """A step that could not be taken for so long is not taken any more."""
    priority: int = 0
    """Who is meant by several campaigns at a time gets that of the highest."""
    cap: Cap | None = None
    quiet_hours: QuietHours | None = None
    best_hour: bool = False
    """Whether people are written to at the hour at which they open, click or buy most."""
    budget: float | None = Field(default=None, ge=0)
    costs: UnitCosts = UnitCosts()
    owner: str = Field(default="local", min_length=1)
    """Whose campaign it is."""
    approver: str | None = None
    """The only one who may approve it; else whoever has that role."""

    @model_validator(mode="after")
    def _arms(self) -> "Campaign":
        if self.regions is not None and self.within is not None:
            raise ValueError("`regions` say who is meant already: leave `within` out")
        if self.message is not None and self.variants:
            raise ValueError("give one `message`, or `variants` with one each")
        shared_out(self.variants, {HOLDOUT}, "those kept aside are called")
        self._whole_steps([each.name for each in self.variants])
        if self.holdout == 0 and not self.no_holdout_because.strip():
            raise ValueError(
                "nobody is kept aside, so nobody could tell what it brought: set `holdout`, or say "
                "`no_holdout_because`"
            )
        return self

    def _whole_steps(self, variants: list[str]) -> None:
        if not self.steps:
            return
        if self.message is not None or any(each.message for each in self.variants):
            raise ValueError("what people read stands in the `steps`: give it there alone")
        named = [each.name for each in self.steps]
        if len(set(named)) < len(named):
            raise ValueError("two steps have the same name")
        if any(each.after is None for each in self.steps[1:]):
            raise ValueError("say of each step but the first how long `after` the one before")
        for step in self.steps:
            lacking = [each for each in variants or [ALONE] if step.of(each) is None]
            if lacking or step.messages.keys() - set(variants):
                raise ValueError(f"step {step.name}: `messages` names each variant, and no other")

    @property
    def family(self) -> str:
        """What it shares with all its regions: nobody gets it of two of them."""
        return self.name.partition(".")[0]

    def region(self, place: str) -> "Campaign":
        """The campaign of one of its regions; raises ValidationError where that cannot be.

        A budget of the whole, and what is paid once, are of no region.
        """
        assert self.regions is not None
        said = self.regions.places[place].model_dump(exclude_unset=True, exclude={"value"})
        whole = self.model_dump(exclude_unset=True, exclude={"regions", "budget"})
        for one, other in (("message", "variants"), ("variants", "message")):
            if said.get(one) is not None:
                whole.pop(other, None)
        own = {"name": f"{self.name}.{place}", "costs": {"per_message": self.costs.per_message}}
        within = {"trait": self.regions.by, "value": self.regions.value(place)}
        named = {"label": f"{self.label or self.name}: {place}"} if self.label else {}
        return Campaign.model_validate({**whole, **own, **named, **said, "within": within})

    @property
    def is_sequence(self) -> bool:
        """Whether people go through it one by one, each at their own time."""
        return self.trigger is not None or bool(self.steps)

    @property
    def segments(self) -> frozenset[str]:
        """Every segment that has a part in it."""
        moved = [self.trigger.enters, self.trigger.leaves] if self.trigger else []
        asked = [name for each in self.steps for name in (each.only_if, each.unless)]
        instead = [each.segment for arm in self.arms for each in arm.instead]
        return frozenset(filter(None, [self.audience, *moved, *asked, *instead]))

    @property
    def waits(self) -> tuple[Period | None, ...]:
        """By step: how long after the one before."""
        return tuple(each.after for each in self.steps) or (None,)

    def message_of(self, variant: Variant, step: int = 0) -> str | None:
        """Which message the people of a variant get in a step."""
        return self.steps[step].of(variant.name) if self.steps else variant.message

    @property
    def arms(self) -> tuple[Variant, ...]:
        """The variants; one called `all` where there is a message alone."""
        return self.variants or (Variant(name=ALONE, message=self.message),)

    @property
    def messages(self) -> tuple[str, ...]:
        """Every message that somebody may get, each once."""
        steps = range(len(self.waits))
        said = (self.message_of(arm, step) for step in steps for arm in self.arms)
        instead = (each.message for arm in self.arms for each in arm.instead)
        return tuple(dict.fromkeys(each for each in (*said, *instead) if each))
