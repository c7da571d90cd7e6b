"""A trait of the user's own: an aggregate over an event, or an expression over traits."""

from typing import Annotated, Literal

from pydantic import Field

from carpel.specs.base import Document, Name
from carpel.specs.source import ComparisonRef

Criterion = Literal["demographic", "geographic", "psychographic", "behavioural", "value"]


class _Trait(Document):
    name: Name
    label: str = ""
    meaning: str = ""
    unit: str = ""
    criterion: Criterion = "behavioural"


class AggregateTrait(_Trait):
    """A figure over what somebody did."""

    kind: Literal["aggregate"]
    event: Name
    aggregate: Literal["count", "sum", "avg", "min", "max", "distinct", "first", "last"] = "count"
    property: Name | None = None
    where: dict[str, ComparisonRef] = Field(default_factory=dict)
    within: str | None = None
    """A period such as `90 days`; all time when left out."""


class ExpressionTrait(_Trait):
    """Arithmetic over other traits: `spend_365d / orders_365d`."""

    kind: Literal["expression"]
    expression: str


Trait = Annotated[AggregateTrait | ExpressionTrait, Field(discriminator="kind")]
