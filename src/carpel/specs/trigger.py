"""What begins a campaign for one person, and the steps that follow."""

from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from carpel.language import Period, period
from carpel.specs.base import Name, Spec
from carpel.specs.column import ComparisonRef

PeriodRef = Annotated[
    Period, BeforeValidator(period), WithJsonSchema({"type": "string", "examples": ["3 days"]})
]
"""A stretch of time as rules say it: `3 days`, `24 hours`."""
CAUSES = ("enters", "leaves", "event", "date", "holiday")


class Trigger(Spec):
    """What has to happen to somebody; each time it does is an occasion.

    Only what the data or the clock bring begins anything: an edited rule, joined records, a
    correction or a rollback wait for a person.
    """

    enters: str | None = None
    """A segment, or a group as `lifecycle.slipping`, that somebody comes into."""
    leaves: str | None = None
    event: Name | None = None
    """Something that somebody does."""
    date: Name | None = None
    """A trait that is a date, such as `birth_date`, or the day that an order is expected."""
    holiday: str | None = None
    """A public holiday by name, where the person lives."""
    where: dict[str, ComparisonRef] = Field(default_factory=dict)
    """What the event's properties have to be."""
    without: Name | None = None
    """Another event that must not follow `within` this time: a cart left behind."""
    within: PeriodRef | None = None
    before: PeriodRef | None = None
    """So long before the date or the holiday."""
    yearly: bool = False
    """The date's day of every year; 29 February is 28 February where there is none."""
    again_after: PeriodRef | None = None
    """When it may begin for the same person again; without it once, or once each year."""

    @model_validator(mode="after")
    def _one_cause(self) -> "Trigger":
        said = [each for each in CAUSES if getattr(self, each) is not None]
        if len(said) != 1:
            raise ValueError(f"give one of {', '.join(CAUSES)}")
        if (self.without is None) != (self.within is None):
            raise ValueError("`without` and `within` go together: who did not do that in this time")
        if self.within and self.within.unit in ("months", "years"):
            raise ValueError("`within` is so many hours, days or weeks")
        for word, needs in _GOES_WITH.items():
            if getattr(self, word) and said[0] not in needs:
                raise ValueError(f"`{word}` goes with {' or '.join(f'`{n}`' for n in needs)}")
        return self

    @property
    def cause(self) -> str:
        """Which of the causes it is."""
        return next(each for each in CAUSES if getattr(self, each) is not None)

    @property
    def returns(self) -> bool:
        """Whether it comes again by itself, each year."""
        return self.yearly or self.holiday is not None

    @property
    def told(self) -> str:
        """The trigger in words."""
        words = {
            "enters": f"comes into {self.enters}",
            "leaves": f"leaves {self.leaves}",
            "event": f"does “{self.event}”",
            "date": f"has “{self.date}”",
            "holiday": f"lives where it is {self.holiday}",
        }[self.cause]
        without = f" and not “{self.without}” within {self.within}" if self.without else ""
        each = " each year" if self.yearly else ""
        return f"{f'{self.before} before ' if self.before else ''}somebody {words}{without}{each}"


_GOES_WITH = {
    "where": ("event",),
    "without": ("event",),
    "before": ("date", "holiday"),
    "yearly": ("date",),
}


class Step(Spec):
    """One message of several, and when somebody gets it."""

    name: Name
    message: Name | None = None
    messages: dict[Name, Name] = Field(default_factory=dict)
    """By variant, where they read something else each."""
    after: PeriodRef | None = None
    """How long after the step before; the first, after what began it."""
    only_if: str | None = None
    """A segment that somebody has to be in by then; else the step is passed over."""
    unless: str | None = None
    even_after_goal: bool = False
    """Whether those get it too who have done by then what the campaign is for."""

    @model_validator(mode="after")
    def _some_message(self) -> "Step":
        if (self.message is None) == (not self.messages):
            raise ValueError("give a `message`, or `messages` by variant")
        return self

    def of(self, variant: str) -> str | None:
        """Which message the people of a variant get."""
        return self.message or self.messages.get(variant)
