"""A prediction about everybody, whose figures become traits that rules can read."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from carpel.language import Did, Node, Not, Period, RuleError, Window, period
from carpel.language.references import references
from carpel.specs.base import Document, Name, Names
from carpel.specs.column import ComparisonRef
from carpel.specs.segment import Rule

Days = Annotated[int, Field(ge=7, le=730)]


class BuyingPrediction(Document):
    """How often people order again: whether they still do, how many orders, when, for how much."""

    name: Name
    label: str = ""
    kind: Literal["buying"]
    days: tuple[Days, ...] = (30, 90, 365)
    """The times ahead for which orders are expected; the value of people is of the longest."""
    margin: float | None = Field(default=None, gt=0, le=1)
    """What of revenue is earned; left out, value is revenue."""
    yearly_discount: float = Field(default=0.1, ge=0, le=1)
    """By how much a value is less when it comes a year later."""
    held_out_days: Days | None = None
    """The last days, on which models are tried; a quarter of the history when left out."""


class EventPrediction(Document):
    """Whether people do something within a time, or do not: a chance for each."""

    name: Name
    label: str = ""
    kind: Literal["event"]
    did: Name | None = None
    """The event whose coming is foreseen."""
    not_did: Name | None = None
    """Or the event that stays away, for churn."""
    where: dict[str, ComparisonRef] = Field(default_factory=dict)
    within: str = "90 days"
    """The time ahead, in days or weeks."""
    among: Rule | None = None
    """Whom it is about, by what was known of them then; left out, everybody known, and of an event
    that stays away everybody who did it within as long before."""
    trusted: Names = ()
    """Traits that were known before the outcome although nothing says so."""

    @property
    def event(self) -> str:
        """The event that comes or stays away."""
        return self.did or self.not_did or ""

    @property
    def days(self) -> int:
        """How many days ahead."""
        return _days(self.within)

    @property
    def outcome(self) -> Node:
        """The rule that holds, at the end of the time, for whom it came true."""
        did = Did(self.event, self.where, Window(within=Period(self.days, "days")))
        return did if self.did else Not(did)

    @property
    def whom(self) -> Node | None:
        """The rule of those it is about; None for everybody known."""
        if self.among is not None or self.did:
            return self.among
        return Did(self.event, self.where, Window(within=Period(self.days, "days")))

    @model_validator(mode="after")
    def _one_event(self) -> "EventPrediction":
        if bool(self.did) == bool(self.not_did):
            raise ValueError("say one of `did` and `not_did`, the event that is foreseen")
        return self

    @model_validator(mode="after")
    def _in_days(self) -> "EventPrediction":
        _ahead(self.within, 7)
        return self

    @model_validator(mode="after")
    def _before_segments(self) -> "EventPrediction":
        _known_before("among", self.among)
        return self


class LookalikePrediction(Document):
    """Who is like the people of a list: the chance of each that they would be on it."""

    name: Name
    label: str = ""
    kind: Literal["lookalike"]
    like: Rule
    """The people on the list, by a rule; what it asks for is not told by."""
    among: Rule | None = None
    """Whom it is about; everybody when left out. People on the list are among them."""
    without: Names = ()
    """Traits that likeness is not told by."""
    trusted: Names = ()
    """Traits that tell nearly everything and are not the list in other words."""

    @model_validator(mode="after")
    def _before_segments(self) -> "LookalikePrediction":
        _known_before("like", self.like)
        _known_before("among", self.among)
        return self


class RenewalPrediction(Document):
    """Who keeps a plan: the next renewal, leaving, and how many months are to come."""

    name: Name
    label: str = ""
    kind: Literal["renewal"]
    plans: Names = ()
    """Only these plans; all when left out."""
    months: int = Field(default=12, ge=1, le=60)
    """How far ahead."""


class IdealPrediction(Document):
    """What sets the best customers apart before they buy, and who else is like that."""

    name: Name
    label: str = ""
    kind: Literal["ideal"]
    unit: Literal["customer", "account"] = "customer"
    """Whether people or companies are compared; a company's chance is that of its people."""
    by: Name | None = None
    """The figure that says who is best: spend of 365 days, else recurring revenue, if left out."""
    share: float = Field(default=0.2, gt=0, le=0.5)
    """The part of customers that counts as the best."""
    like: Rule | None = None
    """Or the best by a rule, in place of a figure; what it asks for is not told by."""
    among: Rule | None = None
    """Who is compared; those whose figure is above 0 when left out. All others may yet come."""
    without: Names = ()
    """Traits that it is not told by."""
    trusted: Names = ()
    """Traits that it is told by although they come from what people did, or nearly say it."""

    @model_validator(mode="after")
    def _one_best(self) -> "IdealPrediction":
        if self.like is not None and (self.by or "share" in self.model_fields_set):
            raise ValueError("say who is best by `like`, or by `by` and `share`, not both")
        _known_before("like", self.like)
        _known_before("among", self.among)
        return self


class UpliftPrediction(Document):
    """Whom an action moves: how much likelier an event is with it, told by a test that is over."""

    name: Name
    label: str = ""
    kind: Literal["uplift"]
    experiment: str | None = None
    """The campaign or test that it is learned from; or both rules and the day."""
    arm: str | None = None
    """Of the experiment, who got this version; anything at all when left out."""
    treated: Rule | None = None
    """Who got it, drawn by lot."""
    control: Rule | None = None
    """Who could have got it and by the same lot did not. What both rules ask for is not told by."""
    on: date | None = None
    """The day it began; people are told by what was known of them when that day began."""
    did: Name
    """The event it was to bring."""
    where: dict[str, ComparisonRef] = Field(default_factory=dict)
    within: str = "30 days"
    """The time in which the event counts, in days or weeks."""
    without: Names = ()
    """Traits that it is not told by."""
    trusted: Names = ()
    """Traits that were known before that day although nothing says so."""

    @property
    def days(self) -> int:
        """How many days the event had."""
        return _days(self.within)

    @property
    def outcome(self) -> Node:
        """The rule that holds, at the end of the time, for who did it."""
        return Did(self.did, self.where, Window(within=Period(self.days, "days")))

    @model_validator(mode="after")
    def _of_a_test(self) -> "UpliftPrediction":
        _ahead(self.within, 1)
        said = [each is not None for each in (self.treated, self.control, self.on)]
        if any(said) if self.experiment else not all(said):
            raise ValueError("say an `experiment`, or `treated`, `control` and `on`")
        if self.arm and not self.experiment:
            raise ValueError("`arm` is one of an `experiment`")
        _known_before("treated", self.treated)
        _known_before("control", self.control)
        return self


RULES = ("like", "among", "treated", "control")
"""The words of predictions that hold a rule."""
LATER = ("segment", "account segment", "segmentation", "place")
Prediction = Annotated[
    BuyingPrediction
    | EventPrediction
    | IdealPrediction
    | LookalikePrediction
    | RenewalPrediction
    | UpliftPrediction,
    Field(discriminator="kind"),
]


def predicted(spec: Prediction) -> Mapping[str, str]:
    """The traits that a prediction makes, and their kinds."""
    if isinstance(spec, EventPrediction | IdealPrediction | LookalikePrediction | UpliftPrediction):
        return {spec.name: "number"}
    if isinstance(spec, RenewalPrediction):
        ahead = f"{spec.months}m"
        return dict.fromkeys(("p_renewal", f"p_leaving_{ahead}", f"plan_months_{ahead}"), "number")
    orders = {f"predicted_orders_{days}d": "number" for days in sorted(set(spec.days))}
    value = {f"clv_{max(spec.days)}d": "number"} if spec.days else {}
    return {"p_alive": "number", **orders, "next_order_at": "instant", **value}


def _days(within: str) -> int:
    ahead = period(within)
    return ahead.count * (7 if ahead.unit == "weeks" else 1)


def _ahead(within: str, least: int) -> None:
    """Raises ValueError for a time that is none, or too short or long to foresee."""
    try:
        unit = period(within).unit
    except RuleError as error:
        raise ValueError(f"within: {error}") from None
    if unit not in ("days", "weeks") or not least <= _days(within) <= 730:
        raise ValueError(f"within is {least} to 730 days, or as many weeks")


def _known_before(word: str, rule: Node | None) -> None:
    named = references(rule) if rule else ()
    if later := [each.name for each in named if each.kind in LATER]:
        raise ValueError(
            f"{word}: predictions are made before segments, so {later[0]!r} is not known yet; "
            "write its rule here"
        )
