"""What is recommended to each person: which things, how many, and what never."""

from pydantic import Field

from carpel.specs.base import Name, Spec
from carpel.specs.column import ComparisonRef
from carpel.specs.trigger import PeriodRef


class Recommend(Spec):
    """Things that people like them took up lately and they themselves did not."""

    event: Name = "product_purchased"
    """What people do with the things: buy products, use features, visit classes."""
    of: Name = "product_id"
    """The property that tells the things apart."""
    show: Name | None = None
    """The property that names them in messages, such as `product_name`; else `of`."""
    count: int = Field(default=3, ge=1, le=20)
    where: dict[str, ComparisonRef] = Field(default_factory=dict)
    """Only things of which this holds, such as `{category: coffee}`."""
    never: tuple[str, ...] = ()
    """Things that are never recommended."""
    again_after: PeriodRef | None = None
    """When something they had may be recommended again; without it, never."""
