"""A real web server on this machine that takes messages and answers as a test says."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[bytes], int | str]
"""By body: a status; `drop` hangs up after reading, `hang` says nothing."""


@dataclass
class Receiver:
    """What arrived, with its headers, and how the server answers."""

    answer: Answer
    port: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    """What is said besides in every answer."""
    arrived: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/messages?from=carpel"


@contextmanager
def web_server(answer: Answer = lambda _: 204) -> Iterator[Receiver]:
    receiver = Receiver(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.arrived.append(({k.lower(): v for k, v in self.headers.items()}, body))
            said = receiver.answer(body)
            if said == "hang":
                time.sleep(0.4)
            if isinstance(said, str):
                return
            self.send_response(said)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """A test is quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
