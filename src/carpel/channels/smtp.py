"""E-mail by SMTP: what the server's answer to each step means for the message.

Up to the last line of the message nothing can have left; once it is on its way, only the server's
answer tells, and without one the message is uncertain. Reasons are the server's codes without its
text, since that may repeat an address.
"""

import re
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from email.utils import parseaddr
from pathlib import Path

from carpel.channels.base import Outcome, Person, Ready
from carpel.channels.mail import is_address, mail
from carpel.channels.pace import Pace
from carpel.channels.returned import failed
from carpel.channels.signing import Sign
from carpel.specs.channel import Smtp

BATCH = 50
"""Messages in flight: so many at most are uncertain after a kill."""
HUNG_UP = 421
"""The server's answer that it ends the connection."""


class SmtpCarrier:
    """Hands e-mail to one server over one connection, opened when first needed."""

    batch = BATCH
    fields: Sequence[str] = ()
    written: Sequence[Path] = ()

    def __init__(
        self, spec: Smtp, campaign: str, password: str | None, sign: Sign | None = None
    ) -> None:
        self._sign = sign
        self._spec, self._campaign, self._password = spec, campaign, password
        self._server: smtplib.SMTP | None = None
        self._from = parseaddr(spec.sender)[1]
        self._pace, self._why = Pace(spec.most_per_minute, spec.connections), ""

    def check(self) -> Sequence[str]:
        """Whether there is a way to unsubscribe and a server that answers."""
        spec, found = self._spec, []
        if spec.unsubscribe_url is None and spec.unsubscribe_mailto is None:
            found.append(
                "nobody could unsubscribe: set public_url in carpel.yml, or the channel's "
                "unsubscribe_url or unsubscribe_mailto"
            )
        if not self._connected():
            found.append(f"no mail server answers at {spec.host}:{spec.port}: {self._why}")
        return found

    def render(self, person: Person) -> Ready:
        """The e-mail as bytes."""
        if not is_address(person.address):
            return Ready(person.key, "", person.arm, problem="not an e-mail address")
        if person.message is None:
            return Ready(person.key, "", person.arm, problem="there is no message")
        payload = mail(self._spec, self._campaign, person, person.message)
        payload = self._sign(payload) if self._sign else payload
        return Ready(person.key, person.address, person.arm, (self._return(person), payload))

    def _return(self, person: Person) -> str:
        """Where bounces go: to an address with the delivery's mark in it, else to the sender."""
        back = self._spec.bounces
        return back.address.replace("{token}", person.mark) if back else self._from

    def send(self, batch: Sequence[Ready]) -> Iterator[Outcome]:
        """Hand e-mails over one by one; after a lost connection on a new one."""
        for at, each in enumerate(batch):
            self._pace.wait()
            if not self._connected():
                yield from (Outcome(rest.key, "unsent", self._why) for rest in batch[at:])
                return
            yield self._one(each)

    def close(self) -> None:
        """End the connection."""
        if self._server is not None:
            try:
                self._server.quit()
            except (OSError, smtplib.SMTPException):
                self._server.close()
            self._server = None

    def _one(self, ready: Ready) -> Outcome:
        try:
            refused = self._announced(ready)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return Outcome(ready.key, "failed", _kind(error), passing=True)
        return refused or self._handed(ready)

    def _announced(self, ready: Ready) -> Outcome | None:
        """Say who it is from and for, up to where the message begins; an outcome when refused."""
        server = self._live()
        address = _for_envelope(ready.address)
        if not address.isascii() and not server.has_extn("smtputf8"):
            return Outcome(ready.key, "failed", "the server takes no such address")
        server.command_encoding = "utf-8"
        options = [] if address.isascii() else ["SMTPUTF8"]
        code, said = server.mail(ready.payload[0], options)
        if code == 250:
            code, said = server.rcpt(address)
        if code in (250, 251):
            code, said = server.docmd("DATA")
        return None if code == 354 else self._refused(ready, code, said)

    def _handed(self, ready: Ready) -> Outcome:
        """Send the message itself; from here on silence means that it may have left."""
        server = self._live()
        try:
            server.send(_dotted(ready.payload[1]))
            code, said = server.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return Outcome(ready.key, "uncertain", f"{_kind(error)} after the message")
        return Outcome(ready.key, "sent") if code == 250 else self._refused(ready, code, said)

    def _refused(self, ready: Ready, code: int, said: bytes) -> Outcome:
        server = self._live()
        if code == HUNG_UP or code < 0:
            self._drop()
        else:
            try:
                server.rset()
            except (OSError, smtplib.SMTPException):
                self._drop()
        passing, told = not 500 <= code < 600, _code(code, said)
        status = told.partition(" ")[2]
        dead = not passing and bool(status) and failed(status) == "undeliverable"
        return Outcome(ready.key, "failed", told, passing=passing, undeliverable=dead)

    def _connected(self) -> bool:
        if self._server is not None:
            return True
        try:
            self._server = self._opened()
        except (OSError, smtplib.SMTPException) as error:
            self._why = _kind(error)
            return False
        return True

    def _opened(self) -> smtplib.SMTP:
        spec = self._spec
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if spec.security == "tls":
            server = smtplib.SMTP_SSL(
                spec.host, spec.port, timeout=spec.timeout_seconds, context=context
            )
        else:
            server = smtplib.SMTP(spec.host, spec.port, timeout=spec.timeout_seconds)
        try:
            if spec.security == "starttls":
                server.starttls(context=context)
            server.ehlo_or_helo_if_needed()
            if spec.user is not None:
                server.login(spec.user, self._password or "")
        except BaseException:
            server.close()
            raise
        return server

    def _live(self) -> smtplib.SMTP:
        if self._server is None:
            raise smtplib.SMTPServerDisconnected("no connection")
        return self._server

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None


def _dotted(payload: bytes) -> bytes:
    """The message as it goes over the line (RFC 5321, section 4.5.2): dots doubled, and its end.

    It begins with a header and its lines end with CRLF, see `mail`.
    """
    return payload.replace(b"\r\n.", b"\r\n..") + b".\r\n"


def _for_envelope(address: str) -> str:
    """The address with its domain as mail servers write it."""
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return address


def _code(code: int, said: bytes) -> str:
    detail = re.match(rb"\s*(\d\.\d{1,3}\.\d{1,3})\b", said)
    return f"{code} {detail[1].decode()}" if detail else str(code)


def _kind(error: Exception) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "it refuses connections"
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return "no answer in time"
    if isinstance(error, smtplib.SMTPResponseException):
        return str(error.smtp_code)
    if isinstance(error, smtplib.SMTPServerDisconnected | ConnectionError):
        return "the connection broke"
    return type(error).__name__
