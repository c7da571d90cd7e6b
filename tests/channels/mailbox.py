"""A real mail server on this machine that does what a test says, with a mailbox to look into."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller

Answer = Callable[[str], str]
"""By address, what the server says; `drop` hangs up, `hang` says nothing."""


@dataclass
class Mailbox:
    """What arrived, and how the server answers."""

    port: int
    on_rcpt: Answer = lambda _address: "250 ok"
    on_data: Answer = lambda _address: "250 ok"
    arrived: list[tuple[str, bytes]] = field(default_factory=list)
    return_paths: list[str] = field(default_factory=list)

    @property
    def addresses(self) -> list[str]:
        return [address for address, _ in self.arrived]

    def message(self, address: str) -> EmailMessage:
        (content,) = (content for who, content in self.arrived if who == address)
        found = BytesParser(policy=default).parsebytes(content)
        assert isinstance(found, EmailMessage)
        return found

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        said = await self._said(self.on_rcpt(address), server)
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        address = envelope.rcpt_tos[0]
        said = self.on_data(address)
        if said.startswith("250") or said in ("drop", "hang"):  # it has the message all the same
            self.arrived.append((address, envelope.content))
            self.return_paths.append(envelope.mail_from)
        return await self._said(said, server)

    async def _said(self, said: str, server: Any) -> str:
        if said == "drop":
            server.transport.abort()
            return "250 nobody hears this"
        if said == "hang":
            await asyncio.sleep(3)
            return "250 too late"
        return said


@contextmanager
def mail_server(**answers: Answer) -> Iterator[Mailbox]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    mailbox = Mailbox(port, **answers)
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()
