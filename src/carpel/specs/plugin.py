"""A channel that somebody else wrote, found by the name it is installed under."""

from typing import Any, Literal

from pydantic import Field

from carpel.specs.senders import Medium, Speaking


class Plugin(Speaking):
    """What an installed package brings under the entry point `carpel.channels`."""

    kind: Literal["plugin"]
    uses: str = Field(min_length=1)
    """The name of the entry point."""
    medium: Medium = "email"
    settings: dict[str, Any] = Field(default_factory=dict)
    """What it is told; a `${NAME}` in a text becomes the secret of that name."""
