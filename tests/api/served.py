"""A project's pages served by a real server in a thread, and a browser without any comfort."""

import http.client
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

import carpel
from carpel.api.serve import listening, server


@dataclass
class Answer:
    """What came back."""

    code: int
    headers: Mapping[str, str]
    body: str


class Served:
    """Asks one address."""

    def __init__(self, port: int) -> None:
        self.port, self.url = port, f"http://127.0.0.1:{port}"

    def ask(
        self, method: str, path: str, body: bytes | None = None, kind: str = "", **headers: str
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            told = headers | ({"Content-Type": kind} if kind else {})
            connection.request(method, path, body, told)
            got = connection.getresponse()
            return Answer(got.status, dict(got.getheaders()), got.read().decode())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def post(self, path: str, **fields: str | list[str]) -> Answer:
        body = urlencode(fields, doseq=True).encode()
        return self.ask("POST", path, body, "application/x-www-form-urlencoded")


@contextmanager
def served(project: carpel.Project) -> Iterator[Served]:
    with listening("127.0.0.1", 0) as at:
        yield from _running(project, at)


def _running(project, at):
    answers = server(project)
    thread = threading.Thread(target=answers.run, kwargs={"sockets": [at]}, daemon=True)
    thread.start()
    while not answers.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield Served(at.getsockname()[1])
    finally:
        answers.should_exit = True
        thread.join(10)


def path_of(link: str) -> str:
    """The path of an address, as it stands in a header or a page."""
    found = re.search(r"https?://[^/>\s\"]+(/[^>\s\")]+)", link)
    assert found
    return found[1]
