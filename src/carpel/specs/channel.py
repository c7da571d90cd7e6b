"""A channel: what carries messages to people, or to the tool that does."""

import re
from email.utils import parseaddr
from ipaddress import ip_address
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from carpel.specs.base import SECRET, Document, Name, Names

Medium = Literal["email", "sms"]
ADDRESS = re.compile(r"[^\s<>()\[\],;:\\\"@]+@[^\s<>()\[\],;:\\\"@]+")


def _sender(text: str) -> str:
    if re.search(r"[\r\n\0]", text) or not ADDRESS.fullmatch(parseaddr(text)[1]):
        raise ValueError("is no sender: Corner Shop <hello@shop.example>")
    return text


def _named(secret: str) -> str:
    if not SECRET.fullmatch(secret):
        raise ValueError("a password stands here: write ${NAME} and set NAME outside")
    return secret


def _unsubscribe(url: str) -> str:
    if not re.fullmatch(r"https://[^\s{}]+\{token\}[^\s{}]*", url):
        raise ValueError("is no address with a token: https://shop.example/unsubscribe/{token}")
    return url


Sender = Annotated[str, AfterValidator(_sender)]


class Smtp(Document):
    """A mail server that takes e-mail."""

    name: Name
    kind: Literal["smtp"]
    host: str = Field(pattern=r"^[A-Za-z0-9.:_-]+$")
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: Annotated[str, AfterValidator(_named)] | None = None
    sender: Sender
    reply_to: Sender | None = None
    unsubscribe_url: Annotated[str, AfterValidator(_unsubscribe)] | None = None
    """Where people unsubscribe by one click (RFC 8058); `{token}` says who, signed."""
    unsubscribe_mailto: Sender | None = None
    """An address that takes unsubscriptions by e-mail, beside the link or without one."""
    postal_address: str = ""
    """Who sends, and where they are: many laws ask for it in each message."""
    seeds: Annotated[Names, AfterValidator(lambda all_: tuple(map(_sender, all_)))] = ()
    """Addresses of one's own that get test messages."""
    most_per_minute: int | None = Field(default=None, ge=1)
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
    medium: Medium = "email"
    columns: dict[str, Name] = Field(default_factory=dict)
    """Further columns: the tool's own heading, and the trait that stands under it."""


Channel = Annotated[Smtp | YourSender, Field(discriminator="kind")]


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
