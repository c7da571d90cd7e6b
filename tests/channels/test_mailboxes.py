"""Reports are read from every kind of place, over real connections, and nothing is deleted."""

import mailbox
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import pytest

from carpel.channels.mailboxes import fetch, read_files
from carpel.errors import ChannelError, SourceError
from carpel.specs import Bounces

MESSAGES = [b"Subject: one\n\nFirst\n", b"Subject: two\n\n.From the second\n"]


def plain(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n").strip()


def read(place: Path) -> list[bytes]:
    found: list[bytes] = []
    read_files(place, lambda content: found.append(plain(content)) is None)
    return found


def test_files_of_every_kind(tmp_path):
    folder, box, files = tmp_path / "maildir", tmp_path / "box", tmp_path / "files"
    maildir, mbox = mailbox.Maildir(str(folder)), mailbox.mbox(str(box))
    files.mkdir()
    for number, each in enumerate(MESSAGES):
        maildir.add(each)
        mbox.add(each)
        (files / f"{number}.eml").write_bytes(each.replace(b"\n", b"\r\n"))
    mbox.close()
    wanted = [plain(each) for each in MESSAGES]
    assert sorted(read(folder)) == sorted(wanted)
    assert read(box) == read(files) == wanted
    assert read(files / "0.eml") == wanted[:1]
    (tmp_path / "empty").touch()
    assert read(tmp_path / "empty") == []


def test_what_is_no_mailbox_says_what_one_is(tmp_path):
    with pytest.raises(SourceError, match="nothing here"):
        read(tmp_path / "nowhere")
    (tmp_path / "notes.txt").write_text("Dear all")
    with pytest.raises(SourceError, match="no mailbox"):
        read(tmp_path / "notes.txt")


class Imap(socketserver.StreamRequestHandler):
    """As much of RFC 3501 as a client needs that reads what is unseen and marks it."""

    seen: ClassVar[set[int]] = set()

    def handle(self) -> None:
        self.wfile.write(b"* OK ready\r\n")
        while line := self.rfile.readline():
            tag, _, said = line.strip().partition(b" ")
            if not self.answered(tag, said):
                return

    def answered(self, tag: bytes, said: bytes) -> bool:
        upper, unseen = said.upper(), [n for n in (1, 2) if n not in self.seen]
        ok = b"OK"
        if upper.startswith(b"CAPABILITY"):
            self.wfile.write(b"* CAPABILITY IMAP4rev1\r\n")
        elif upper.startswith(b"LOGIN"):
            ok = b"OK" if b'"right"' in said else b"NO"
        elif upper.startswith(b"SELECT"):
            self.wfile.write(b"* 2 EXISTS\r\n")
        elif upper.startswith(b"UID SEARCH"):
            assert upper == b"UID SEARCH UNSEEN"
            self.wfile.write(b"* SEARCH %s\r\n" % b" ".join(b"%d" % n for n in unseen))
        elif upper.startswith(b"UID FETCH"):
            number = int(upper.split()[2])
            assert b"BODY.PEEK[]" in upper
            content = MESSAGES[number - 1].replace(b"\n", b"\r\n")
            self.wfile.write(b"* %d FETCH (BODY[]<0> {%d}\r\n" % (number, len(content)))
            self.wfile.write(content + b")\r\n")
        elif upper.startswith(b"UID STORE"):
            self.seen.add(int(upper.split()[2]))
        self.wfile.write(tag + b" " + ok + b" done\r\n")
        return not upper.startswith(b"LOGOUT")


class Pop3(socketserver.StreamRequestHandler):
    """As much of RFC 1939 as a client needs that reads and deletes nothing."""

    def handle(self) -> None:
        self.wfile.write(b"+OK ready\r\n")
        while line := self.rfile.readline():
            said = line.strip().split()
            if said[0] == b"PASS" and said[1] != b"right":
                self.wfile.write(b"-ERR no\r\n")
                continue
            self.wfile.write(b"+OK\r\n")
            if said[0] == b"LIST":
                sizes = (b"%d %d\r\n" % (n, len(e)) for n, e in enumerate(MESSAGES, 1))
                self.wfile.write(b"".join(sizes) + b".\r\n")
            elif said[0] == b"RETR":
                lines = MESSAGES[int(said[1]) - 1].splitlines()
                dotted = (b"." + each if each.startswith(b".") else each for each in lines)
                self.wfile.write(b"\r\n".join(dotted) + b"\r\n.\r\n")
            elif said[0] == b"QUIT":
                return
            assert said[0] != b"DELE"


@contextmanager
def server(handler: type[socketserver.StreamRequestHandler]) -> Iterator[int]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.01,))
        thread.start()
        yield made.server_address[1]
        made.shutdown()
        thread.join()


def spec(fetched: str, port: int) -> Bounces:
    said = {"address": "b+{token}@shop.example", "fetch": fetched, "port": port, "user": "ada"}
    return Bounces.model_validate({**said, "password": "${BOX}", "security": "none"})


def test_imap_marks_what_was_understood_and_reads_the_rest_again():
    Imap.seen = set()
    found: list[bytes] = []

    def take(content: bytes) -> bool:
        found.append(plain(content))
        return b"one" in content

    with server(Imap) as port:
        for _ in range(2):
            fetch(spec("imap", port), "right", take)
    first, second = (plain(each) for each in MESSAGES)
    assert found == [first, second, second] and Imap.seen == {1}


def test_pop3_reads_everything_and_deletes_nothing():
    found: list[bytes] = []
    with server(Pop3) as port:
        fetch(spec("pop3", port), "right", lambda content: found.append(plain(content)) is None)
    assert found == [plain(each) for each in MESSAGES]


@pytest.mark.parametrize(("kind", "handler"), [("imap", Imap), ("pop3", Pop3)])
def test_a_mailbox_that_lets_nobody_in_is_told_without_its_password(kind, handler):
    with server(handler) as port, pytest.raises(ChannelError) as told:
        fetch(spec(kind, port), "wrong", lambda _: True)
    assert "cannot be read" in str(told.value) and "wrong" not in str(told.value)
    with pytest.raises(ChannelError, match="ConnectionRefused"):
        fetch(spec(kind, port), "right", lambda _: True)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"address": "bounces@shop.example"}, "token"),
        ({"address": "a-rather-long-address-+{token}@shop.example"}, "no room"),
        ({"address": "b+{token}@shop.example", "fetch": "imap"}, "user"),
        (
            {
                "address": "b+{token}@shop.example",
                "fetch": "imap",
                "host": "mail.example",
                "user": "ada",
                "password": "${BOX}",
                "security": "none",
            },
            "readable",
        ),
    ],
)
def test_a_mailbox_that_could_not_work_is_refused_when_it_is_written(said, why):
    with pytest.raises(ValueError, match=why):
        Bounces.model_validate(said)
