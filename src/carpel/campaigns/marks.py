"""Marks of deliveries: short enough for a return path, signed, and telling nobody's name.

A mark is the hash of the address and a code that only the project's key can make of the delivery:
which delivery of the address is meant follows from the code, so a mark that fits none is forged.
"""

import hashlib
from base64 import b32decode, b32encode

from carpel.store.deliveries import Route

SIGNED = 10
"""Bytes of the code: 80 bits."""


def mark(key: bytes, route: Route, address: str, occasion: str = "") -> str:
    """The mark of one delivery: 48 small letters and digits; `address` is the hash of one."""
    return b32encode(bytes.fromhex(address) + _code(key, route, address, occasion)).decode().lower()


def addressed(text: str) -> str:
    """The hash of an address that a mark says; nothing is verified by that, see `fits`."""
    return b32decode(text.upper())[:-SIGNED].hex()


def fits(key: bytes, text: str, route: Route, occasion: str = "") -> bool:
    """Whether a mark is of this delivery, and was made with the key."""
    return mark(key, route, addressed(text), occasion) == text


def _code(key: bytes, route: Route, address: str, occasion: str) -> bytes:
    told = "\0".join((route.campaign, str(route.step), route.channel, address, occasion)).encode()
    return hashlib.blake2b(told, key=key, digest_size=SIGNED, person=b"delivery").digest()
