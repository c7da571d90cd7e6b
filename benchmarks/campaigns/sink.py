"""A mail server that takes everything at once, so that only the sender's own pace is measured."""

import asyncio
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any


class Sink(asyncio.Protocol):
    """Takes every message and keeps none."""

    def connection_made(self, transport: Any) -> None:
        self.transport, self.data, self.rest = transport, False, b""
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.rest += data
        while True:
            end = b"\r\n.\r\n" if self.data else b"\r\n"
            line, found, rest = self.rest.partition(end)
            if not found:
                return
            self.rest = rest
            start = line[:4].upper()
            if not self.data and start == b"DATA":
                self.data = True
                self.transport.write(b"354 go on\r\n")
                continue
            self.data = False
            self.transport.write(b"221 bye\r\n" if start == b"QUIT" else b"250 ok\r\n")
            if start == b"QUIT":
                self.transport.close()


def serve(pipe: Any) -> None:
    """Run the sink until the process is ended."""

    async def forever() -> None:
        server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(forever())


@contextmanager
def sink() -> Iterator[int]:
    """The port of a sink in a process of its own."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs,), daemon=True)
    process.start()
    yield ours.recv()
    process.terminate()
    process.join()


def fed(port: int, content: bytes, messages: int) -> None:
    """The sink fed with one message made beforehand."""
    with smtplib.SMTP("127.0.0.1", port) as server:
        for n in range(messages):
            server.sendmail("hello@shop.example", [f"p{n}@mail.example"], content)
