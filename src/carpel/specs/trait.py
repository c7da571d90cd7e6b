"""A trait of the user's own: an aggregate over an event, or an expression over traits."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from carpel.language import RuleError, period
from carpel.specs.base import Document, Name, Names
from carpel.specs.column import ComparisonRef

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


def _each_once(items: tuple[str, ...]) -> tuple[str, ...]:
    if twice := [each for at, each in enumerate(items) if each in items[:at]]:
        raise ValueError(f"{twice[0]!r} stands here twice")
    return items


Items = Annotated[tuple[Name, ...], AfterValidator(_each_once)]


class ScaleTrait(_Trait):
    """What several answers to a survey say together: their mean, where they hang together."""

    kind: Literal["scale"]
    criterion: Criterion = "psychographic"
    items: Annotated[Items, Field(min_length=2)]
    """The traits that are its items, answered in figures."""
    reversed: Literal["auto"] | Names = "auto"
    """Items where a high answer means little of it; found when left out."""
    lowest: float | None = None
    """The lowest and the highest answer that can be given; those given, when left out."""
    highest: float | None = None

    @model_validator(mode="after")
    def _its_own(self) -> "ScaleTrait":
        named = self.backwards or ()
        if strange := [each for each in named if each not in self.items]:
            raise ValueError(f"reversed: {strange[0]!r} is none of the items")
        if (self.lowest is None) != (self.highest is None):
            raise ValueError("give both lowest and highest, or neither")
        if self.ends and self.ends[0] >= self.ends[1]:
            raise ValueError("lowest is below highest")
        return self

    @property
    def backwards(self) -> tuple[str, ...] | None:
        """The items that are said to run backwards; None where that is to be found."""
        return None if isinstance(self.reversed, str) else self.reversed

    @property
    def ends(self) -> tuple[float, float] | None:
        """The lowest and the highest answer, where they are said."""
        if self.lowest is None or self.highest is None:
            return None
        return self.lowest, self.highest


class FactorsTrait(_Trait):
    """What many answers to a survey measure between them: a trait a factor that is found."""

    kind: Literal["factors"]
    criterion: Criterion = "psychographic"
    items: Annotated[Items, Field(min_length=4)]
    """The traits that are its items, answered in figures."""
    factors: int | None = Field(default=None, ge=1)
    """A number of one's own; left out, the answers decide."""
    names: dict[Name, Name] = Field(default_factory=dict)
    """Traits by an item each that tells the factor, in its direction: `{outgoing: e4}`. A factor
    that is not named is called as this file and the item that tells most of it."""

    @model_validator(mode="after")
    def _its_own(self) -> "FactorsTrait":
        if strange := [each for each in self.names.values() if each not in self.items]:
            raise ValueError(f"names: {strange[0]!r} is none of the items")
        if self.factors and self.factors > len(self.items) // 2:
            raise ValueError(
                f"factors: {len(self.items)} items carry at most {len(self.items) // 2}"
            )
        return self

    def called(self, item: str) -> str:
        """The trait of a factor without a name that this item tells most of."""
        return f"{self.name}_{item}"


Trait = Annotated[
    AffinityTrait | AggregateTrait | ExpressionTrait | FactorsTrait | ScaleTrait | SeasonalTrait,
    Field(discriminator="kind"),
]


def gives(spec: Trait) -> tuple[str, ...]:
    """The traits that a file can make; of factors, those that answers may lead to as well."""
    if isinstance(spec, FactorsTrait):
        return (*spec.names, *map(spec.called, spec.items))
    return (spec.name,)


def origins(traits: Mapping[str, Trait]) -> dict[str, str]:
    """By trait of a project's own: the name of the file that makes it."""
    return {each: name for name, spec in traits.items() for each in gives(spec)}
