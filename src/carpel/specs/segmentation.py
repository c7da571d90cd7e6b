"""A segmentation: segments that split everyone with no overlap."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from carpel.specs.base import Document, Name, Names, Spec

Scores = tuple[int, int]
Criterion = Literal["demographic", "geographic", "psychographic", "behavioural", "value"]


class _Segmentation(Document):
    name: Name
    label: str = ""
    labels: dict[Name, str] = Field(default_factory=dict)
    """Labels of one's own for places, by place: `{champions: Our best}`."""


class RfmGroup(Spec):
    """One named group of the RFM map: the scores it covers, each from-to."""

    name: Name
    label: str = ""
    recency: Scores = (1, 5)
    frequency: Scores = (1, 5)
    monetary: Scores = (1, 5)
    objective: str = ""
    action: str = ""

    def holds(self, recency: int, frequency: int, monetary: int) -> bool:
        """Whether these scores belong to the group."""
        return all(
            low <= score <= high
            for score, (low, high) in (
                (recency, self.recency),
                (frequency, self.frequency),
                (monetary, self.monetary),
            )
        )


class Rfm(_Segmentation):
    """Recency, frequency and monetary scores on any event."""

    kind: Literal["rfm"]
    event: Name = "order_completed"
    property: Name | None = "amount"
    """What monetary sums; without one, monetary is the frequency."""
    monetary: Literal["total", "average"] = "total"
    within_days: int | None = Field(default=None, ge=1)
    recency_cutoffs: tuple[float, ...] = ()
    """Fixed cut-offs in days, four of them; else score = 1 + floor(5 x share strictly below)."""
    frequency_cutoffs: tuple[float, ...] = ()
    monetary_cutoffs: tuple[float, ...] = ()
    groups: tuple[RfmGroup, ...] = ()
    """The named groups in order, first match wins; empty for the eleven built-in ones."""

    @model_validator(mode="after")
    def _four_rising(self) -> "Rfm":
        for figure in ("recency", "frequency", "monetary"):
            cutoffs = getattr(self, f"{figure}_cutoffs")
            if cutoffs and (len(cutoffs) != 4 or sorted(set(cutoffs)) != list(cutoffs)):
                raise ValueError(f"{figure}_cutoffs are four numbers, each above the one before")
        return self


class Lifecycle(_Segmentation):
    """Where everybody stands in the rhythm of an event."""

    kind: Literal["lifecycle"]
    event: Name = "order_completed"
    new_days: int | None = Field(default=None, ge=1)
    """How long somebody stays new, or back; the usual gap, 30 to 90 days, when left out."""
    slipping_after: float = Field(default=2.0, gt=0)
    """Times the person's usual gap after which they are slipping."""
    lost_after: float = Field(default=4.0, gt=0)

    @model_validator(mode="after")
    def _slips_first(self) -> "Lifecycle":
        if self.slipping_after >= self.lost_after:
            raise ValueError("slipping_after comes before lost_after: give a smaller number")
        return self


class Tier(Spec):
    """One level, reached from a value upwards."""

    name: Name
    label: str = ""
    at_least: float
    benefits: tuple[str, ...] = ()


class Tiers(_Segmentation):
    """Levels earned within a qualification window."""

    kind: Literal["tiers"]
    event: Name = "order_completed"
    property: Name | None = "amount"
    """What is summed towards a level; without one, events are counted."""
    within_days: int = Field(default=365, ge=1)
    levels: tuple[Tier, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _distinct(self) -> "Tiers":
        for figure in ("name", "at_least"):
            if len({getattr(level, figure) for level in self.levels}) < len(self.levels):
                raise ValueError(f"two levels have the same {figure}")
        return self


class Clusters(_Segmentation):
    """Groups of people who are alike in their traits; refused where there are none."""

    kind: Literal["clusters"]
    traits: Names = ()
    """The traits to look in; empty for all numbers and categories that enough people have."""
    method: Literal["auto", "k_means", "mixture", "ward", "density"] = "auto"
    groups: int | None = Field(default=None, ge=2, le=20)
    """A number of groups of one's own; left out, the criteria and the null test decide."""
    serve: int = Field(default=8, ge=2, le=20)
    """The most groups that the team can serve."""
    smallest: int | None = Field(default=None, ge=2)
    """The fewest people a group may have; 1 %, 20 to 1,400, when left out."""
    weights: dict[Criterion, float] = Field(default_factory=dict)
    """How much each criterion counts; 1 when not named."""

    @property
    def most(self) -> int:
        """How many groups there can be at most."""
        return max(self.serve, self.groups or 0)

    @model_validator(mode="after")
    def _positive(self) -> "Clusters":
        if any(weight <= 0 for weight in self.weights.values()):
            raise ValueError("a weight is above 0; leave a criterion's traits out to ignore it")
        return self


Segmentation = Annotated[Rfm | Lifecycle | Tiers | Clusters, Field(discriminator="kind")]
