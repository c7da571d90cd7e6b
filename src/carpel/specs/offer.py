"""What a version offers, and what that costs whoever offers it."""

from pydantic import Field

from carpel.specs.base import Name, Spec


class Offer(Spec):
    """An incentive, called the same wherever the same is offered."""

    name: Name
    per_order: float = Field(default=0, ge=0)
    """What it costs each time somebody orders, beyond what the order's amount says already."""
    per_person: float = Field(default=0, ge=0)
    """What it costs a person who was meant to get it: a sample in the envelope."""
