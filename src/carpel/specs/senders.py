"""What channels are said with: addresses of senders, names of secrets, ways out."""

import re
from email.utils import parseaddr
from ipaddress import ip_address
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from carpel.specs.base import SECRET, Document, Name, Names

Medium = Literal["email", "sms", "phone", "push", "ads"]
"""What kind of address is needed, and what permission is asked for."""
ADDRESS = re.compile(r"[^\s<>()\[\],;:\\\"@]+@[^\s<>()\[\],;:\\\"@]+")


def sender(text: str) -> str:
    """An address of a sender, with or without a name; ValueError for anything else."""
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


Sender = Annotated[str, AfterValidator(sender)]
Secret = Annotated[str, AfterValidator(_named)]
UnsubscribeUrl = Annotated[str, AfterValidator(_unsubscribe)]


class Speaking(Document):
    """A channel that carries our own words."""

    name: Name
    unsubscribe_url: UnsubscribeUrl | None = None
    """Where people unsubscribe by one click (RFC 8058); `{token}` says who, signed."""
    postal_address: str = ""
    """Who sends, and where they are: many laws ask for it in each message."""
    seeds: Names = ()
    """Addresses of one's own that get test messages."""
    most_per_minute: int | None = Field(default=None, ge=1)


def domain_of(address: str) -> str:
    """The domain of a sender, with or without a name before the address."""
    return parseaddr(address)[1].rpartition("@")[2].lower()


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
