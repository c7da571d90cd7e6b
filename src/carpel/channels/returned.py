"""What comes back of an e-mail: delivery reports (RFC 3464) and complaints (RFC 5965), understood.

Nothing is believed here: a report names marks, and whoever holds the key says whether one is ours.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from hashlib import blake2b
from typing import Literal

Kind = Literal["delivered", "delayed", "soft", "blocked", "undeliverable", "complaint"]
"""`soft`: it did not arrive, and another may. `blocked`: this message was refused, not the address.
`undeliverable`: nothing arrives there. Ordered by how much is lost, complaints apart."""
KINDS: Sequence[Kind] = ("delivered", "delayed", "soft", "blocked", "undeliverable")
MARK = re.compile(r"(?<![a-z0-9])[a-z2-7]{48}(?![a-z0-9])")
"""What the mark of a delivery looks like; in lower case, since servers may change the case."""
ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
COMPLAINTS = frozenset({"abuse", "fraud", "opt-out", "opt-out-list"})
"""Feedback types by which a person says: no more of this."""
LARGEST = 10_000_000
"""Bytes of a report at most."""
_FULL_OR_LATE = frozenset({"5.2.2", "5.4.6", "5.4.7"})
_NOBODY = re.compile(r"5\.(0\.0|1\.(?![78]$)\d+|2\.1|4\.[14])")
"""No such address, host or mailbox; 5.1.7 and 5.1.8 blame the sender's (RFC 3463, section 3)."""


@dataclass(frozen=True)
class Returned:
    """One report: a hash of its content, what may be marks in it, what it says; codes only."""

    report: str
    marks: Sequence[str]
    kind: Kind
    status: str = ""


def returned(content: bytes) -> Returned | str:
    """What a message reports; for one that is no report the reason, which tells nothing of it."""
    if len(content) > LARGEST:
        return "too large for a report"
    message = BytesParser(policy=compat32).parsebytes(content)
    found = _complaint(message) or _delivery(message)
    if found is None:
        return "no delivery report and no complaint"
    plain = content.replace(b"\r\n", b"\n").strip()
    marks = tuple(dict.fromkeys(MARK.findall(plain.decode("latin-1").lower())))
    return Returned(blake2b(plain, digest_size=20).hexdigest(), marks, *found)


def _complaint(message: Message) -> tuple[Kind, str] | None:
    for fields in _inside(message, "message/feedback-report"):
        if _first(fields, "Feedback-Type") in COMPLAINTS:
            return "complaint", ""
    return None


def _delivery(message: Message) -> tuple[Kind, str] | None:
    """Of several recipients behind one address, what was the least bad."""
    blocks = _inside(message, "message/delivery-status")
    found = [each for fields in blocks if (each := _recipient(fields)) is not None]
    return min(found, key=lambda each: KINDS.index(each[0]), default=None)


def _recipient(fields: Message) -> tuple[Kind, str] | None:
    action, status = _first(fields, "Action"), _first(fields, "Status")
    if action in ("delivered", "relayed", "expanded"):
        return "delivered", status
    if action == "delayed":
        return "delayed", status
    if action != "failed":
        return None
    said = ENHANCED.search(str(fields.get("Diagnostic-Code", "")))
    if said and (not ENHANCED.fullmatch(status) or status.endswith(".0.0")):
        status = said[1]
    return failed(status), status if ENHANCED.fullmatch(status) else ""


def failed(status: str) -> Kind:
    """What a failure with this enhanced code (RFC 3463) means for the next message."""
    if status.startswith("4") or status in _FULL_OR_LATE:
        return "soft"
    return "undeliverable" if _NOBODY.fullmatch(status or "5.0.0") else "blocked"


def _inside(message: Message, kind: str) -> Iterator[Message]:
    """The groups of fields in every part of this kind."""
    for part in message.walk():
        if part.get_content_type() == kind and isinstance(groups := part.get_payload(), list):
            yield from (each for each in groups if isinstance(each, Message))


def _first(fields: Message, name: str) -> str:
    """The first word of a field, in lower case; behind it stand comments."""
    words = str(fields.get(name, "")).split()
    return words[0].strip(";").lower() if words else ""
