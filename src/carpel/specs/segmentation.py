"""A segmentation: segments that split everyone with no overlap."""

from typing import Annotated, Literal

from pydantic import Field

from carpel.specs.base import Document, Name, Spec


class _Segmentation(Document):
    name: Name
    label: str = ""


class RfmGroup(Spec):
    """One named group of the RFM map: the scores it covers, each from-to."""

    name: Name
    label: str = ""
    recency: tuple[int, int] = (1, 5)
    frequency: tuple[int, int] = (1, 5)
    monetary: tuple[int, int] = (1, 5)


class Rfm(_Segmentation):
    """Recency, frequency and monetary scores on any event."""

    kind: Literal["rfm"]
    event: Name = "order_completed"
    property: Name | None = "amount"
    monetary: Literal["total", "average"] = "total"
    within_days: int | None = Field(default=None, ge=1)
    recency_cutoffs: tuple[float, ...] = ()
    """Fixed cut-offs in days, four of them; else score = 1 + floor(5 x share strictly below)."""
    frequency_cutoffs: tuple[float, ...] = ()
    monetary_cutoffs: tuple[float, ...] = ()
    groups: tuple[RfmGroup, ...] = ()
    """The named groups in order, first match wins; empty for the eleven built-in ones."""


class Lifecycle(_Segmentation):
    """Where everybody stands in the rhythm of an event."""

    kind: Literal["lifecycle"]
    event: Name = "order_completed"
    new_days: int | None = Field(default=None, ge=1)
    slipping_after: float = Field(default=1.5, gt=0)
    """Times the person's usual gap after which they are slipping."""
    lost_after: float = Field(default=3.0, gt=0)


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
    within_days: int = Field(default=365, ge=1)
    levels: tuple[Tier, ...] = Field(min_length=1)


Segmentation = Annotated[Rfm | Lifecycle | Tiers, Field(discriminator="kind")]
