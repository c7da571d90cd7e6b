"""A coupon: one code that everybody gets, or a code of their own for each."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from carpel.specs.base import Document, Name, Spec

CODE = r"[A-Za-z0-9_-]{1,60}"
Code = Annotated[str, StringConstraints(pattern=f"^{CODE}$")]
"""What stands in a shop's field for a coupon."""


class Generated(Spec):
    """How codes are made."""

    prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9_-]{0,20}$")] = ""
    length: int = Field(default=9, ge=6, le=20)
    """Signs behind the prefix; the last one checks the others."""


class Coupon(Document):
    """Without `code` each person gets one of their own: made by Carpel, or loaded from a file."""

    name: Name
    label: str = ""
    """What the discount is called in the shop."""
    code: Code | None = None
    """The one code that everybody gets."""
    generate: Generated | None = None
    percent: float | None = Field(default=None, gt=0, le=100)
    amount: float | None = Field(default=None, gt=0)
    """What it is worth: per cent of the order, or an amount in the project's currency."""
    ends_on: date | None = None
    """The last day it is good for; nothing is sent with it afterwards."""

    @model_validator(mode="after")
    def _one_way(self) -> "Coupon":
        if self.code is not None and self.generate is not None:
            raise ValueError("give one `code` for everybody, or `generate` one for each")
        if self.percent is not None and self.amount is not None:
            raise ValueError("give `percent` or `amount`, one of them")
        return self
