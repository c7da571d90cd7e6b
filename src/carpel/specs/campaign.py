"""A campaign: who gets which message by which channel, what for, and who is kept aside."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from carpel.language import Period
from carpel.specs.base import Document, Name, Names
from carpel.specs.campaign_parts import (
    CampaignGoal,
    Cap,
    QuietHours,
    Schedule,
    UnitCosts,
    Variant,
)
from carpel.specs.recommend import Recommend
from carpel.specs.regions import Regions, Within
from carpel.specs.shares import shared_out
from carpel.specs.trigger import PeriodRef, Step, Trigger

HOLDOUT = "comparison"
"""What the arm of those kept aside is called; no variant may be."""
ALONE = "all"
"""What the one arm is called where there are no variants."""


def called(arm: str) -> str:
    """An arm's name on screen."""
    return {HOLDOUT: "comparison group", ALONE: "everybody"}.get(arm, f"version {arm}")


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
    stratify_by: Name | None = None
    """A set of segments or a trait: of each of its groups the share kept aside is exact."""
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
        if self.stratify_by is not None and self.trigger is not None:
            raise ValueError(
                "`stratify_by` needs everybody at once, and a trigger begins it one by one"
            )
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
    def title(self) -> str:
        """What it is called on screen."""
        return self.label or self.name.replace("_", " ")

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

    @property
    def shares(self) -> dict[str, float]:
        """By arm, those kept aside first: the share of people who are meant to be in it."""
        contacted = 1 - self.holdout
        return {HOLDOUT: self.holdout, **{each.name: contacted * each.share for each in self.arms}}

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
