"""The rule tree: what a rule can say, as frozen values. No SQL, no data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Scalar = str | int | float | bool | date | datetime
Value = Scalar | tuple[Scalar, ...] | None

Operator = Literal[
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "between",
    "in",
    "not_in",
    "contains",
    "starts_with",
    "ends_with",
    "matches",
    "is_set",
    "is_missing",
    "before",
    "after",
    "on",
    "in_last",
    "not_in_last",
    "in_next",
    "any_of",
    "all_of",
    "none_of",
]
Aggregate = Literal["count", "sum", "avg", "min", "max", "distinct", "first", "last"]
Missing = Literal["unknown", "match"]


@dataclass(frozen=True)
class Period:
    """A stretch of time as people say it: `90 days`, `6 months`."""

    count: int
    unit: Literal["hours", "days", "weeks", "months", "years"]

    def __str__(self) -> str:
        return f"{self.count} {self.unit.rstrip('s') if self.count == 1 else self.unit}"


@dataclass(frozen=True)
class Comparison:
    """An operator and what it compares with."""

    operator: Operator
    value: Value | Period = None
    fold: bool = False
    """Whether case and accents are put aside."""


@dataclass(frozen=True)
class Window:
    """Which events count: up to `as_of` and no further back than `within`, or from-until."""

    within: Period | None = None
    since: date | datetime | None = None
    until: date | datetime | None = None


class Node:
    """One place in a rule tree."""


@dataclass(frozen=True)
class All(Node):
    """Everybody in each of the children."""

    children: tuple[Node, ...]


@dataclass(frozen=True)
class Any(Node):
    """Everybody in at least one of the children."""

    children: tuple[Node, ...]


@dataclass(frozen=True)
class NoneOf(Node):
    """Everybody in no child."""

    children: tuple[Node, ...]


@dataclass(frozen=True)
class Not(Node):
    """Everybody not in the child; who is unknown there stays unknown."""

    child: Node


@dataclass(frozen=True)
class Trait(Node):
    """A fact about the person compares so."""

    trait: str
    comparison: Comparison
    missing: Missing = "unknown"


@dataclass(frozen=True)
class Did(Node):
    """An aggregate over what the person did compares so; by default: at least once."""

    event: str
    where: Mapping[str, Comparison] = field(default_factory=dict)
    window: Window = Window()
    aggregate: Aggregate = "count"
    property: str | None = None
    comparison: Comparison = Comparison("ge", 1)
    missing: Missing = "unknown"

    def __hash__(self) -> int:
        return hash(
            (
                self.event,
                tuple(sorted(self.where.items(), key=lambda item: item[0])),
                self.window,
                self.aggregate,
                self.property,
                self.comparison,
                self.missing,
            )
        )


@dataclass(frozen=True)
class SegmentRef(Node):
    """Member of another segment."""

    segment: str


@dataclass(frozen=True)
class SegmentationRef(Node):
    """In one of the named places of a segmentation."""

    segmentation: str
    places: tuple[str, ...]


@dataclass(frozen=True)
class Consent(Node):
    """May be contacted by this channel for this purpose."""

    channel: str
    purpose: str = "marketing"


@dataclass(frozen=True)
class People(Node):
    """Exactly these people."""

    customers: tuple[int, ...]
