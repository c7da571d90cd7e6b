"""A value of a row: the column it stands in, how it is read, what it is compared with."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from carpel.language import Comparison, comparison
from carpel.specs.base import Names, Spec

ColumnType = Literal["text", "integer", "number", "boolean", "date", "instant", "list"]


def _date_formats(formats: tuple[str, ...]) -> tuple[str, ...]:
    for each in formats:
        if wrong := re.search(r"%(?!-?[aAbBcdDfFgGHIjmMnpSTuUVwWxXyYzZ%])(.?.?)", each):
            raise ValueError(f"strptime knows no {wrong[0]!r}; write such as %d.%m.%Y")
    return formats


class Column(Spec):
    """One value of a row: a column of the file, or a constant, and how to read it."""

    column: str | None = None
    constant: str | int | float | bool | None = None
    type: ColumnType | None = None
    format: Annotated[Names, AfterValidator(_date_formats)] = ()
    """Date formats to try in this order, in the notation of strptime."""
    decimal: Literal[".", ","] | None = None
    values: dict[str, str | int | float | bool | None] = Field(default_factory=dict)
    """What the file writes, and what it means: `{"1": "yes", "0": "no"}`."""
    separator: str | None = None
    """Splits one cell into a list; where one text is wanted, as for an identifier, the first of
    it counts, and of an account's key each: the person belongs to all of them."""
    times: str | None = None
    """Another column to multiply by: an amount that is quantity times unit price."""
    less: str | None = None
    """Another column to take off, whatever its sign: a line's discount. Off a refund as well."""
    percent_off: str | None = None
    """Another column with per cent to take off: 10 leaves nine tenths."""
    share: tuple[str, str] | None = None
    """Two columns: only what the first is of the second counts, at most all of it. Of a refund with
    tax and shipping in it so much as the order's subtotal is of its total, to the cent."""
    otherwise: Names = ()
    """Columns that count where this one is empty, the first that is not: of a subscription that
    was never activated the day its trial began."""

    @property
    def reckoned(self) -> bool:
        """Whether the value is worked out of several columns."""
        return bool(self.times or self.less or self.percent_off or self.share)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the value is made of."""
        named = (self.column, self.times, self.less, self.percent_off)
        further = (*(self.share or ()), *self.otherwise)
        return tuple(each for each in (*named, *further) if each)

    @model_validator(mode="after")
    def _one_origin(self) -> "Column":
        if (self.column is None) == (self.constant is None):
            raise ValueError("give either `column` or `constant`")
        if self.otherwise and (self.column is None or self.reckoned):
            raise ValueError("`otherwise` stands beside a `column` that nothing is worked out of")
        return self

    @property
    def is_list(self) -> bool:
        """Whether one cell may hold several values."""
        return self.type == "list" or self.separator is not None


def _column(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


ColumnRef = Annotated[Column, BeforeValidator(_column)]
Columns = dict[str, ColumnRef]

ComparisonRef = Annotated[
    Comparison,
    BeforeValidator(comparison),
    WithJsonSchema({"title": "Comparison", "description": "language"}),
]
"""A comparison as people write it: `coffee`, `[a, b]`, `{at_least: 3}`."""
