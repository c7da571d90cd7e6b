"""A prediction about everybody, whose figures become traits that rules can read."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from carpel.specs.base import Document, Name

Days = Annotated[int, Field(ge=7, le=730)]


class BuyingPrediction(Document):
    """How often people order again: whether they still do, how many orders, when, for how much."""

    name: Name
    label: str = ""
    kind: Literal["buying"]
    days: tuple[Days, ...] = (30, 90, 365)
    """The times ahead for which orders are expected; the value of people is of the longest."""
    margin: float | None = Field(default=None, gt=0, le=1)
    """What of revenue is earned; left out, value is revenue."""
    yearly_discount: float = Field(default=0.1, ge=0, le=1)
    """By how much a value is less when it comes a year later."""
    held_out_days: Days | None = None
    """The last days, on which models are tried; a quarter of the history when left out."""


Prediction = BuyingPrediction


def predicted(spec: Prediction) -> Mapping[str, str]:
    """The traits that a prediction makes, and their kinds."""
    orders = {f"predicted_orders_{days}d": "number" for days in sorted(set(spec.days))}
    value = {f"clv_{max(spec.days)}d": "number"} if spec.days else {}
    return {"p_alive": "number", **orders, "next_order_at": "instant", **value}
