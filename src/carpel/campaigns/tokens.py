"""Tokens of links in messages: they say which address, signed, and name nobody."""

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from carpel.errors import MissingExtra, Refused

if TYPE_CHECKING:
    from itsdangerous import URLSafeSerializer

SALT = "unsubscribe"
VISITOR = "visitor"
"""Other tokens than those of links: with one nobody unsubscribes or reads a page of somebody's."""


@dataclass(frozen=True)
class Way:
    """What a token says: the hash of an address, by which medium, the campaign and its purpose."""

    address: str
    medium: str
    campaign: str
    purpose: str = "marketing"


def token(key: bytes, way: Way) -> str:
    """A token for a link, readable by whoever has it and made by nobody without the key."""
    return str(_signer(key).dumps([way.address, way.medium, way.campaign, way.purpose]))


def opened(key: bytes, text: str) -> Way:
    """What a token says; raises Refused for one that Carpel did not sign."""
    from itsdangerous import BadData

    try:
        return Way(*_signer(key).loads(text))
    except (BadData, TypeError, ValueError):
        raise Refused(
            "This is no token of a link of this project.",
            action="Take the whole of it from the link, behind the last sign before it.",
        ) from None


def visitor_token(key: bytes, address: str) -> str:
    """A token by which a web site says who visits it, by the hash of an address."""
    return str(_signer(key, VISITOR).dumps(address))


def visitor_of(key: bytes, text: str) -> str:
    """The hash of the address that such a token is about; empty where Carpel did not sign it."""
    from itsdangerous import BadData

    try:
        return str(_signer(key, VISITOR).loads(text))
    except BadData:
        return ""


@cache
def _signer(key: bytes, salt: str = SALT) -> "URLSafeSerializer":
    try:
        from itsdangerous import URLSafeSerializer
        from itsdangerous.encoding import base64_encode
    except ModuleNotFoundError as error:
        raise MissingExtra("campaigns", "Links in messages") from error

    class Signer(URLSafeSerializer):
        """Does not try to make a few words shorter, which gives the processor away each time."""

        def dump_payload(self, obj: object) -> bytes:
            return base64_encode(json.dumps(obj, separators=(",", ":")))

    return Signer(key, salt=salt)
