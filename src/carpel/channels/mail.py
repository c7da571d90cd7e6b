"""One e-mail as bytes, with headers that nobody's data can add to."""

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from carpel.channels.base import Person
from carpel.messages import Rendered
from carpel.specs.channel import ADDRESS, Smtp

UNFOLDED = SMTP.clone(max_line_length=998)
"""Headers on one line (RFC 5322, section 2.1.1): folding breaks long links into encoded words."""
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def is_address(text: str) -> bool:
    """Whether this is one e-mail address and nothing else: no blank, no second one, no line."""
    return bool(ADDRESS.fullmatch(text)) and not CONTROL.search(text) and len(text) <= 254


def mail(spec: Smtp, campaign: str, person: Person, written: Rendered) -> bytes:
    """What is written, with both bodies; `person.address` is one, see `is_address`.

    With an address to unsubscribe it says so in the headers of RFC 2369 and RFC 8058, so that mail
    programs show a button; its Message-ID names the delivery and nobody.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = _named(spec.sender)
    message["To"] = Address(addr_spec=person.address)
    message["Subject"] = CONTROL.sub(" ", written.subject)
    message["Date"] = format_datetime(person.at)
    domain = parseaddr(spec.sender)[1].rpartition("@")[2]
    message["Message-ID"] = f"<{person.key}.{campaign}@{domain}>"
    if spec.reply_to:
        message["Reply-To"] = _named(spec.reply_to)
    for name, value in _ways_out(spec, person).items():
        message[name] = value
    message.set_content(written.text, cte="quoted-printable")
    message.add_alternative(written.html, subtype="html", cte="quoted-printable")
    return message.as_bytes(policy=UNFOLDED)


def _ways_out(spec: Smtp, person: Person) -> dict[str, str]:
    ways = [f"<{person.unsubscribe}>"] if person.unsubscribe else []
    if spec.unsubscribe_mailto:
        to = parseaddr(spec.unsubscribe_mailto)[1]
        ways.append(f"<mailto:{to}?subject={person.token}>")
    if not ways:
        return {}
    one_click = {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return {"List-Unsubscribe": ", ".join(ways), **(one_click if person.unsubscribe else {})}


def _named(text: str) -> Address:
    name, address = parseaddr(text)
    return Address(display_name=name, addr_spec=address)
