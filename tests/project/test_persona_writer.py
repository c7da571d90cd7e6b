"""A language model words sentences: a real server on this machine, honest, lying and broken."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from carpel.errors import ProjectError
from carpel.evidence.rows import row
from carpel.project import Project as Opened
from carpel.specs import Definitions, Project
from carpel.specs.writer import Personas, Writer
from carpel.stages.base import Line, Part
from carpel.stages.personas.worded import worded
from carpel.stages.rows import as_table
from carpel.testing.line import line_with, read, take

from ..evidence.made import SENTENCES
from .tea import NOW, shop

pytestmark = pytest.mark.slow

WORDED = [each for each in SENTENCES if each.evidence.of != "ordered_in"]
"""Months stand in a table: nobody rewords them."""
KEY = "qz-secret-key"
Say = Callable[[list[str]], Any]


class Server(HTTPServer):
    """Answers as it is told to and keeps what it was asked."""

    say: Say
    status = 200
    asked: list[tuple[dict[str, Any], str]]


class Handler(BaseHTTPRequestHandler):
    """One endpoint."""

    server: Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((body, self.headers.get("Authorization", "")))
        said = self.server.say(json.loads(body["messages"][1]["content"]))
        content = said if isinstance(said, str) else json.dumps(said)
        answer = json.dumps({"choices": [{"message": {"content": content}}]}).encode()
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server(("127.0.0.1", 0), Handler)
    made.asked = []
    thread = Thread(target=made.serve_forever)
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture
def ask(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., list[dict[str, Any]]]:
    """Let a writer word the sentences; gives the rows of `persona_wordings`."""
    monkeypatch.setenv("WRITER_KEY", KEY)
    url = f"http://127.0.0.1:{server.server_port}/v1"
    writer = Writer(url=url, model="tiny", key="${WRITER_KEY}")
    known = Definitions(Project(name="worded", personas=Personas(writer=writer)))
    told = {"segment": "club", "section": "habits", "position": 0}
    table = as_table("persona_sentences", [{**told, **row(each)} for each in SENTENCES])

    def asked(say: Say) -> list[dict[str, Any]]:
        server.say = say
        line = line_with(tmp_path, {"persona_sentences": table}, definitions=known)
        return read(take(line, [Wording()]), "persona_wordings")

    return asked


class Wording:
    """The last part of the stage alone."""

    name = "personas"
    version = 1
    writes = ("persona_wordings",)

    def parts(self, line: Line) -> Iterable[Part]:
        writer = line.definitions.project.personas.writer
        yield from [worded(line, writer)] if writer else []


def honest(sentences: list[str]) -> list[str]:
    return [each.replace("everybody else", "everyone else") for each in sentences]


def lying(sentences: list[str]) -> list[str]:
    """Another number, another claim, a reason, an adjective, nothing: each in turn."""
    lies = (
        lambda it: re.sub(r"\d", lambda found: str(9 - int(found[0])), it, count=1),
        lambda it: f"They never do. {it}",
        lambda it: it.replace(".", " because they are rich."),
        lambda it: f"These loyal people: {it}",
        lambda _: "",
    )
    return [lies[at % len(lies)](each) for at, each in enumerate(sentences)]


def test_an_honest_wording_is_let_through(ask, server):
    found = ask(honest)
    assert len(found) == len(WORDED)
    assert all(row["accepted"] for row in found)
    assert any(row["wording"] != row["text"] for row in found)
    assert server.asked[0][1] == f"Bearer {KEY}"


def test_only_sentences_about_groups_are_sent_and_the_key_is_nowhere(ask, server, tmp_path):
    ask(honest)
    ((body, _),) = server.asked
    assert set(body) == {"model", "temperature", "messages"}
    assert json.loads(body["messages"][1]["content"]) == [each.text for each in WORDED]
    kept = [each for each in tmp_path.rglob("*") if each.is_file()]
    assert kept and not [each for each in kept if KEY.encode() in each.read_bytes()]


def test_every_lie_is_refused_and_recorded(ask):
    found = ask(lying)
    assert not any(row["accepted"] for row in found)
    assert all(row["reason"] for row in found)


@pytest.mark.parametrize(
    ("say", "status", "reason"),
    [
        (honest, 500, "answered 500"),
        (honest, 302, "answered 302"),
        (lambda _: "I cannot do that.", 200, "not a list"),
        (lambda _: ["one only"], 200, "not as many"),
        (lambda each: [7] * len(each), 200, "missing"),
    ],
)
def test_a_broken_writer_stops_nothing(ask, server, say, status, reason):
    server.status = status
    found = ask(say)
    assert not any(row["accepted"] for row in found)
    assert all(reason in row["reason"] for row in found)


def test_a_key_that_is_not_known_is_told_and_nothing_is_sent(ask, server, monkeypatch):
    monkeypatch.delenv("WRITER_KEY")
    assert all("key is not known" in row["reason"] for row in ask(honest))
    assert server.asked == []


@pytest.mark.parametrize(
    ("writer", "said"),
    [
        ("{url: 'http://x/v1', model: a, key: sk-123}", "write ${NAME}"),
        ("{url: 'ftp://x', model: a}", "is no address"),
        ("{url: 'https://me:pw@x/v1', model: a}", "more than an address"),
        ("{url: 'https://x/v1', modl: a}", "unknown word 'modl'"),
    ],
)
def test_mistakes_about_the_writer_are_told(tmp_path, writer, said):
    (tmp_path / "carpel.yml").write_text(f"personas:\n  writer: {writer}\n", encoding="utf-8")
    with pytest.raises(ProjectError) as raised:
        assert Opened(tmp_path).definitions
    assert said in str(raised.value) and "sk-123" not in str(raised.value)


def test_from_carpel_yml_to_the_card(tmp_path, server, monkeypatch):
    """Nothing is sent until a writer is named; who did not answer is asked again."""
    folder = shop(tmp_path)
    project = Opened(folder, clock=lambda: NOW)
    project.run()
    assert server.asked == []
    monkeypatch.setenv("WRITER_KEY", KEY)
    url = f"http://127.0.0.1:{server.server_port}/v1"
    with (folder / "carpel.yml").open("a", encoding="utf-8") as file:
        file.write(f"personas:\n  writer: {{url: '{url}', model: tiny, key: '${{WRITER_KEY}}'}}\n")
    server.say, server.status = honest, 500
    project = Opened(folder, clock=lambda: NOW)
    project.run()
    card = project.persona("club")
    assert not card.worded and card.refused and card.sections[0].told
    server.status = 200
    Opened(folder, clock=lambda: NOW + timedelta(minutes=1)).run()
    card = Opened(folder, clock=lambda: NOW).persona("club")
    told = [each for part in card.sections for each in part.told if "everyone else" in each.text]
    assert told and all("everybody else" in each.ours for each in told)
    assert card.worded and not card.refused
    page = project.report().read_text(encoding="utf-8")
    assert "worded by a language model and held against the figures" in page
