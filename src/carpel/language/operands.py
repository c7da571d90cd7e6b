"""What rules compare with: values, periods, calendar stretches, windows, comparisons."""

from dataclasses import dataclass
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
    "is_empty",
    "before",
    "after",
    "on",
    "during",
    "in_last",
    "not_in_last",
    "in_next",
    "older_than",
    "anniversary_in",
    "weekday",
    "any_of",
    "all_of",
    "none_of",
    "length",
    "top",
    "bottom",
    "decile",
    "zscore",
]
RANKED: frozenset[Operator] = frozenset({"lt", "le", "gt", "ge", "between"})
"""Operators that ask for an order: text has one by the alphabet, and none with a number."""
Aggregate = Literal["count", "sum", "avg", "min", "max", "distinct", "first", "last", "share"]
Missing = Literal["unknown", "match"]
Unit = Literal["hours", "days", "weeks", "months", "years"]
CalendarUnit = Literal["day", "week", "month", "quarter", "year"]
HOURS = {"hours": 1, "days": 24, "weeks": 168}
"""Of the units that always last as long: how many hours one is."""


@dataclass(frozen=True)
class Period:
    """A stretch of time as people say it: `90 days`, `6 months`."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.count} {self.unit.rstrip('s') if self.count == 1 else self.unit}"


@dataclass(frozen=True)
class Calendar:
    """Calendar periods: `this month` (count 0), `last quarter` (1), `last 3 months` (3).

    The last ones are whole and end where this one begins. Weeks begin on Monday.
    """

    unit: CalendarUnit
    count: int = 0

    def __str__(self) -> str:
        if self.unit == "day" and self.count < 2:
            return "yesterday" if self.count else "today"
        if self.count == 0:
            return f"this {self.unit}"
        return f"last {self.unit}" if self.count == 1 else f"last {self.count} {self.unit}s"


@dataclass(frozen=True)
class Comparison:
    """An operator and what it compares with; some compare a figure of the value further."""

    operator: Operator
    value: "Value | Period | Calendar | Comparison" = None
    fold: bool = False
    """Whether case and accents are put aside."""


@dataclass(frozen=True)
class Window:
    """Which moments count, none later than `as_of`: rolling, from-until, or by the calendar.

    A rolling window ends `ago` before `as_of`, or at it.
    """

    within: Period | None = None
    ago: Period | None = None
    since: date | datetime | None = None
    until: date | datetime | None = None
    during: Calendar | None = None


ALL_TIME = Window()
AT_LEAST_ONCE = Comparison("ge", 1)
