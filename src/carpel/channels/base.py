"""What every channel does, and what goes in and out of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol

from carpel.messages import Rendered


@dataclass(frozen=True)
class Person:
    """Somebody to be contacted. `key` stands for the address where the address must not stand."""

    key: str
    address: str
    arm: str
    at: datetime
    message: Rendered | None = None
    """What they read; None where the channel has words of its own."""
    unsubscribe: str = ""
    """The address that unsubscribes this person by one click; empty without one."""
    token: str = ""
    """Says who unsubscribes, signed; for a way out by e-mail."""
    mark: str = ""
    """Names this delivery, signed: what comes back of it, such as a bounce, is known by it."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """What is known of the person under the names the channel asked for."""


@dataclass(frozen=True)
class Ready:
    """A message as the channel hands it over; `problem` says why it cannot be."""

    key: str
    address: str
    arm: str
    payload: Any = None
    problem: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of one message.

    `unsent`: surely not handed over, the channel cannot go on. `uncertain`: it may have left.
    A `passing` failure may be tried again; nothing ever arrives at an `undeliverable` address.
    `reason` holds nothing personal.
    """

    key: str
    state: Literal["sent", "failed", "uncertain", "unsent"]
    reason: str = ""
    passing: bool = False
    undeliverable: bool = False


class Carrier(Protocol):
    """A channel at work on one campaign; for one thread."""

    batch: int
    """So many messages are claimed and handed over at a time."""
    fields: Sequence[str]
    """Names of what it wants to know of each person besides the message."""
    written: Sequence[Path]
    """Files that it wrote."""

    def check(self) -> Sequence[str]:
        """What stands in the way of sending, nothing handed over; empty when nothing does."""

    def render(self, person: Person) -> Ready:
        """A message as it will be handed over."""

    def send(self, batch: Sequence[Ready]) -> Iterator[Outcome]:
        """Hand messages over, and say of each what became of it as soon as that is known."""

    def close(self) -> None:
        """Let go of connections; nothing is handed over afterwards."""
