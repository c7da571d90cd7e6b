"""A channel: what carries messages to people, or to the tool that does."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from carpel.specs.ads import AudienceExport
from carpel.specs.base import Document, Name, Names, Spec
from carpel.specs.plugin import Plugin
from carpel.specs.senders import ADDRESS, Medium, Secret, Sender, Speaking, is_loopback, sender
from carpel.specs.task import Task
from carpel.specs.webhook import Webhook


def _returning(address: str) -> str:
    local = address.partition("@")[0]
    if not ADDRESS.fullmatch(address.replace("{token}", "x")) or local.count("{token}") != 1:
        raise ValueError("is no address with a token: bounces+{token}@shop.example")
    if len(local) - len("{token}") > LOCAL - TOKEN:
        raise ValueError(f"leaves the token no room: {LOCAL - TOKEN} signs beside it at most")
    return address


LOCAL, TOKEN = 64, 48
"""Characters before the @ at most (RFC 5321, section 4.5.3.1.1), and of a token there."""


class Bounces(Spec):
    """Where bounces and complaints arrive, and how they are fetched from there."""

    address: Annotated[str, AfterValidator(_returning)]
    """The return path of each message; `{token}` names the delivery, signed."""
    fetch: Literal["imap", "pop3"] | None = None
    """How the mailbox is read; without it, by `carpel bounces --from`."""
    host: str = Field(default="127.0.0.1", pattern=r"^[A-Za-z0-9.:_-]+$")
    port: int | None = Field(default=None, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "tls"
    user: str = ""
    password: Secret | None = None
    folder: str = Field(default="INBOX", pattern=r"^[\w ./+-]+$")
    timeout_seconds: float = Field(default=30, gt=0, le=600)

    @model_validator(mode="after")
    def _whole(self) -> "Bounces":
        if self.fetch and not (self.user and self.password):
            raise ValueError("a mailbox is read with a `user` and a `password`")
        if self.fetch and self.security == "none" and not is_loopback(self.host):
            raise ValueError("a password would go out readable: set security to starttls or tls")
        return self


class Dkim(Spec):
    """A private key that signs each message; its public half stands in the DNS."""

    selector: str = Field(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$")
    key: Secret
    domain: str | None = Field(default=None, pattern=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$")
    """What signs; the sender's own domain without it."""


class WarmUp(Spec):
    """A server nobody knows yet begins with few messages, and may send more each day it sends."""

    first_day: int = Field(default=50, ge=1)
    growth: float = Field(default=1.5, ge=1, le=3)
    """The next day's share of the last one's."""

    def most(self, days: int) -> int:
        """How many may leave on a day before which so many had messages."""
        return int(min(self.first_day * self.growth ** min(days, 365), 1e9))


class Smtp(Speaking):
    """A mail server that takes e-mail."""

    kind: Literal["smtp"]
    host: str = Field(pattern=r"^[A-Za-z0-9.:_-]+$")
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: Secret | None = None
    bounces: Bounces | None = None
    """Where what cannot be delivered comes back to; the sender's own address without it."""
    sender: Sender
    reply_to: Sender | None = None
    unsubscribe_mailto: Sender | None = None
    """An address that takes unsubscriptions by e-mail, beside the link or without one."""
    seeds: Annotated[Names, AfterValidator(lambda all_: tuple(map(sender, all_)))] = ()
    """Addresses of one's own that get test messages."""
    dkim: Dkim | None = None
    """Signs messages here; without it, whatever server they go to may."""
    warm_up: WarmUp | None = None
    most_per_day: int | None = Field(default=None, ge=1)
    connections: int = Field(default=1, ge=1, le=16)
    """So many connections to the server at once."""
    timeout_seconds: float = Field(default=30, gt=0, le=600)

    @property
    def medium(self) -> Medium:
        """What kind of address it needs, and what permission is asked for."""
        return "email"

    @model_validator(mode="after")
    def _no_open_password(self) -> "Smtp":
        if self.password and self.security == "none" and not is_loopback(self.host):
            raise ValueError("a password would go out readable: set security to starttls or tls")
        return self


class YourSender(Document):
    """The tool one sends with already: a file an arm, in the columns it imports."""

    name: Name
    kind: Literal["your_sender"]
    tool: Literal["klaviyo", "mailchimp", "hubspot"]
    medium: Literal["email", "sms"] = "email"
    columns: dict[str, Name] = Field(default_factory=dict)
    """Further columns: the tool's own heading, and the trait that stands under it."""


Channel = Annotated[
    Smtp | YourSender | Webhook | Task | AudienceExport | Plugin, Field(discriminator="kind")
]
