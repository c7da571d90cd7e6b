"""One e-mail as bytes, with headers that nobody's data can add to.

Written by hand where `email` takes milliseconds: bodies are quoted-printable by `binascii`, and a
header holds what was checked to be one line, or goes through `email` when it is not plain ASCII.
"""

import binascii
import re
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import lru_cache

from carpel.channels.base import Person
from carpel.messages import Rendered
from carpel.specs.channel import Smtp
from carpel.specs.senders import ADDRESS

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
LONGEST = 900
"""Characters of a header on one line (RFC 5322, section 2.1.1, allows 998)."""


def is_address(text: str) -> bool:
    """Whether this is one e-mail address and nothing else: no blank, no second one, no line."""
    return bool(ADDRESS.fullmatch(text)) and not CONTROL.search(text) and len(text) <= 254


def mail(spec: Smtp, campaign: str, person: Person, written: Rendered) -> bytes:
    """What is written, with both bodies; `person.address` is one, see `is_address`.

    With an address to unsubscribe it says so in the headers of RFC 2369 and RFC 8058, so that mail
    programs show a button; its Message-ID has the mark of the delivery and names nobody. Lines end
    with CRLF.
    """
    edge = f"=_{person.key}"  # no quoted-printable line holds `=_`
    headers = [
        *_senders(spec),
        f"To: {person.address}",
        f"Subject: {_subject(written.subject)}",
        f"Date: {format_datetime(person.at)}",
        f"Message-ID: <{person.mark}.{campaign}@{parseaddr(spec.sender)[1].rpartition('@')[2]}>",
        *_ways_out(spec, person),
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative; boundary="{edge}"',
    ]
    parts = (_part("plain", written.text), _part("html", written.html))
    head = "\r\n".join(headers).encode()
    start = f"\r\n--{edge}\r\n".encode()
    return start.join((head + b"\r\n", *parts)) + f"\r\n--{edge}--\r\n".encode()


def _part(kind: str, body: str) -> bytes:
    """A body as a part of its own, in lines of 76 signs at most."""
    head = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: "
    whole = body if body.endswith("\n") else f"{body}\n"
    if "\r" in whole:
        whole = whole.replace("\r\n", "\n").replace("\r", "\n")
    lines = whole.replace("\n", "\r\n").encode()
    return f"{head}quoted-printable\r\n\r\n".encode() + binascii.b2a_qp(lines, istext=True)


def _subject(text: str) -> str:
    line = CONTROL.sub(" ", text)
    if line.isascii() and len(line) <= LONGEST and "=?" not in line:
        return line
    return Header(line, "utf-8", header_name="Subject").encode(linesep="\r\n")


@lru_cache(maxsize=64)
def _senders(spec: Smtp) -> tuple[str, ...]:
    """The headers that are the same in every message of a channel."""
    message = EmailMessage(policy=SMTP.clone(max_line_length=998))
    message["From"] = _named(spec.sender)
    if spec.reply_to:
        message["Reply-To"] = _named(spec.reply_to)
    return tuple(line for line in message.as_string().splitlines() if line)


def _ways_out(spec: Smtp, person: Person) -> list[str]:
    ways = [f"<{person.unsubscribe}>"] if person.unsubscribe else []
    if spec.unsubscribe_mailto:
        to = parseaddr(spec.unsubscribe_mailto)[1]
        ways.append(f"<mailto:{to}?subject={person.token}>")
    if not ways:
        return []
    one_click = ["List-Unsubscribe-Post: List-Unsubscribe=One-Click"] if person.unsubscribe else []
    return [f"List-Unsubscribe: {', '.join(ways)}", *one_click]


def _named(text: str) -> Address:
    name, address = parseaddr(text)
    return Address(display_name=name, addr_spec=address)
