"""A trait of the user's own: an aggregate over an event, or an expression over traits."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from carpel.language import RuleError, period
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


class SeasonalTrait(_Trait):
    """The holiday before which somebody does it far more often than time alone gives."""

    kind: Literal["seasonal"]
    event: Name = "order_completed"
    days: int = Field(default=21, ge=3, le=60)
    """How many days before a holiday count as its season, the day itself as well."""
    holiday: str = ""
    """Only holidays whose name holds this; all of the country where they live when left out."""


class AffinityTrait(_Trait):
    """What somebody buys, or looks at, far more often than everybody does."""

    kind: Literal["affinity"]
    event: Name = "product_purchased"
    property: Name = "category"
    within: str | None = None
    """A period such as `365 days`; all time when left out."""

    @model_validator(mode="after")
    def _a_period(self) -> "AffinityTrait":
        try:
            _ = self.within and period(self.within)
        except RuleError as error:
            raise ValueError(f"within: {error}") from None
        return self


Trait = Annotated[
    AffinityTrait | AggregateTrait | ExpressionTrait | SeasonalTrait, Field(discriminator="kind")
]
