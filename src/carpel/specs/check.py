"""A check of the user's own: on the rows of a source, or on people."""

from typing import Literal

from pydantic import Field, model_validator

from carpel.specs.base import Document, Name
from carpel.specs.column import ComparisonRef
from carpel.specs.segment import Rule


class Check(Document):
    """What has to hold, for which share, and what happens when it does not."""

    name: Name
    label: str = ""
    source: Name | None = None
    rows: dict[str, ComparisonRef] = Field(default_factory=dict)
    """Every row's columns compare so."""
    people: Rule | None = None
    """Everybody matches this rule."""
    at_least: float = Field(default=1.0, ge=0, le=1)
    severity: Literal["fail", "warn"] = "fail"

    @model_validator(mode="after")
    def _one_subject(self) -> "Check":
        if bool(self.source and self.rows) == (self.people is not None):
            raise ValueError("give either `source` and `rows`, or `people`")
        return self
