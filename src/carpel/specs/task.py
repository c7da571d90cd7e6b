"""A list of what people are to do for somebody: call them, greet them, show them something."""

from typing import Literal

from pydantic import Field

from carpel.specs.base import Name
from carpel.specs.senders import Speaking
from carpel.specs.webhook import Hook


class Task(Speaking):
    """A line a person for a salesperson or a coach, with what to say."""

    kind: Literal["task"]
    medium: Literal["email", "sms", "phone"] = "phone"
    assigned_to: Name | None = None
    """The trait that says whose task it is."""
    columns: dict[str, Name] = Field(default_factory=dict)
    """Further columns: a heading, and the trait that stands under it."""
    due_days: int = Field(default=7, ge=0, le=365)
    """Until when it is to be done, in days from when it is handed over."""
    hook: Hook | None = None
    """The web address that takes tasks; without one they are written to a file."""
