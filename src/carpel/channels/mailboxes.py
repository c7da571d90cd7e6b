"""Where reports are read from: files, folders of them, and mailboxes over IMAP and POP3.

Nothing is deleted. In an IMAP folder what was understood is marked as seen; what is still unseen is
what is read the next time.
"""

import imaplib
import mailbox
import poplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

from carpel.channels.returned import LARGEST
from carpel.errors import ChannelError, SourceError
from carpel.specs.channel import Bounces

Understood = Callable[[bytes], bool]
"""Takes one message as it came; says whether it is done with."""


def read_files(place: Path, take: Understood) -> None:
    """Hand over every message of a maildir, an mbox, a folder of .eml files or one of them."""
    if not place.exists():
        raise SourceError("There is nothing here to read reports from.", place=str(place))
    for content in _files(place):
        take(content)


def _files(place: Path) -> Iterator[bytes]:
    if place.is_dir() and (place / "cur").is_dir():
        yield from (path.read_bytes() for path in _listed(place / "cur", place / "new"))
    elif place.is_dir():
        yield from (path.read_bytes() for path in _listed(place) if path.suffix == ".eml")
    elif place.suffix == ".eml":
        yield place.read_bytes()
    else:
        yield from _mbox(place)


def _listed(*folders: Path) -> list[Path]:
    return sorted(path for each in folders for path in each.glob("*") if path.is_file())


def _mbox(place: Path) -> Iterator[bytes]:
    with place.open("rb") as file:
        if file.read(5) not in (b"From ", b""):
            raise SourceError(
                "This is no mailbox: its first line does not begin with “From ”.",
                place=str(place),
                action="Name a maildir, an mbox, a folder of .eml files or one such file.",
            )
    with closing(mailbox.mbox(place, create=False)) as box:
        yield from (box.get_bytes(key) for key in box.keys())  # noqa: SIM118 - it is no dict


def fetch(spec: Bounces, password: str, take: Understood) -> None:
    """Hand over what is in the mailbox; raises ChannelError where it cannot be read."""
    try:
        (_imap if spec.fetch == "imap" else _pop3)(spec, password, take)
    except (OSError, imaplib.IMAP4.error, poplib.error_proto) as error:
        why = "no answer in time" if isinstance(error, TimeoutError) else type(error).__name__
        raise ChannelError(
            f"The mailbox for bounces at {spec.host} cannot be read: {why}.",
            action="See `bounces` in the channel's file: host, port, security, user, password.",
        ) from error


def _imap(spec: Bounces, password: str, take: Understood) -> None:
    context = ssl.create_default_context()
    port, wait = spec.port or (993 if spec.security == "tls" else 143), spec.timeout_seconds
    server: imaplib.IMAP4
    if spec.security == "tls":
        server = imaplib.IMAP4_SSL(spec.host, port, ssl_context=context, timeout=wait)
    else:
        server = imaplib.IMAP4(spec.host, port, timeout=wait)
    with server:
        if spec.security == "starttls":
            server.starttls(context)
        server.login(spec.user, password)
        if server.select(f'"{spec.folder}"')[0] != "OK":
            raise imaplib.IMAP4.error(f"no folder {spec.folder}")
        for number in (server.uid("SEARCH", "UNSEEN")[1][0] or b"").split():
            content = _fetched(server, number.decode())
            if content is not None and take(content):
                server.uid("STORE", number.decode(), "+FLAGS", r"(\Seen)")


def _fetched(server: imaplib.IMAP4, number: str) -> bytes | None:
    """A message without marking it as seen; of one that is too large its beginning."""
    parts = server.uid("FETCH", number, f"(BODY.PEEK[]<0.{LARGEST + 1}>)")[1]
    return next((part[1] for part in parts if isinstance(part, tuple)), None)


def _pop3(spec: Bounces, password: str, take: Understood) -> None:
    context = ssl.create_default_context()
    port, wait = spec.port or (995 if spec.security == "tls" else 110), spec.timeout_seconds
    server: poplib.POP3
    if spec.security == "tls":
        server = poplib.POP3_SSL(spec.host, port, context=context, timeout=wait)
    else:
        server = poplib.POP3(spec.host, port, timeout=wait)
    try:
        if spec.security == "starttls":
            server.stls(context)
        server.user(spec.user)
        server.pass_(password)
        for line in server.list()[1]:
            number, size = map(int, line.split())
            if size <= LARGEST:
                take(b"\n".join(server.retr(number)[1]))
    finally:
        with suppress(OSError, poplib.error_proto):
            server.quit()
