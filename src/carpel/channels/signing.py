"""DKIM (RFC 6376): a signature by which receivers know that a domain stands for a message."""

from base64 import b64decode
from collections.abc import Callable
from typing import Any

from carpel.errors import MissingExtra, Refused
from carpel.specs.channel import Smtp
from carpel.specs.senders import domain_of

SIGNED = (
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "reply-to",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "mime-version",
    "content-type",
)
"""Headers that nobody may change; RFC 8058 wants those of unsubscribing among them."""
Sign = Callable[[bytes], bytes]


def signer(spec: Smtp, key: str) -> Sign:
    """What gives a message with its signature in front; `key` is PEM. Raises Refused for none."""
    dkim, pem = spec.dkim, pem_of(key)
    if dkim is None:
        raise ValueError("the channel signs nothing")
    domain, selector = signing_domain(spec).encode(), dkim.selector.encode()
    named = [each.encode() for each in SIGNED]
    modulus_of(key)

    def sign(message: bytes) -> bytes:
        head = message.partition(b"\r\n\r\n")[0].lower()
        there = [each for each in named if b"\r\n" + each + b":" in b"\r\n" + head]
        made: bytes = _dkim().sign(
            message,
            selector,
            domain,
            pem,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=there,
        )
        return made + message

    return sign


def signing_domain(spec: Smtp) -> str:
    """The domain that signs: the sender's own, unless another is named."""
    return (spec.dkim and spec.dkim.domain) or domain_of(spec.sender)


def modulus_of(key: str) -> int:
    """What a private RSA key shares with its public one; raises Refused where it is no such key."""
    try:
        return int(_crypto().parse_pem_private_key(pem_of(key))["modulus"])
    except (_crypto().UnparsableKeyError, KeyError, ValueError, TypeError):
        raise Refused(
            "The key for DKIM is no private RSA key in PEM.",
            action="openssl genrsa 2048 makes one; in secrets.env write its line ends as \\n.",
        ) from None


def public_modulus(record: str) -> int | None:
    """The same of a DKIM record in the DNS; None where it holds no RSA key."""
    said = dict(part.strip().split("=", 1) for part in record.split(";") if "=" in part)
    try:
        whole = b64decode("".join(said.get("p", "").split()))
        return int(_crypto().parse_public_key(whole)["modulus"])
    except (_crypto().UnparsableKeyError, KeyError, ValueError, TypeError):
        return None


def pem_of(key: str) -> bytes:
    """A key whose line ends may be written as two signs, as in a file of one line each."""
    return key.replace("\\n", "\n").encode()


def _dkim() -> Any:
    try:
        import dkim
    except ModuleNotFoundError as error:
        raise MissingExtra("campaigns", "Signing e-mail") from error
    return dkim


def _crypto() -> Any:
    _dkim()
    import dkim.crypto

    return dkim.crypto
