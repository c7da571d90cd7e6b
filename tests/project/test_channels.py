"""Channels other than e-mail through a campaign's whole life, over real servers and files."""

import csv
import json
import shutil
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from carpel.errors import Refused

from ..channels.receiver import web_server
from .post import Shop, write

pytestmark = pytest.mark.slow
HOOK = "kind: webhook\nurl: {url}\nsecret: ${{HOOK}}\nallow_inner: true\nvalues: [city]\n"


class Post(Shop):
    """A copy of the shop that has run."""

    def arm(self, name: str = "a", campaign: str = "spring") -> dict[str, int]:
        (row,) = (r for r in self.project.show_campaign(campaign).arms if r["arm"] == name)
        return row


@pytest.fixture
def post(made: Path, tmp_path: Path) -> Post:
    shutil.copytree(made, tmp_path / "post")
    return Post(tmp_path / "post")


def test_a_webhook_gets_each_message_once_and_a_passing_failure_again(post: Post, monkeypatch):
    monkeypatch.setenv("HOOK", "whsec_c2VjcmV0")
    down = [503, 503]
    with web_server(lambda _: down.pop() if down else 204) as receiver:
        post.write("channels/hook.yml", HOOK.format(url=receiver.url))
        post.edit("campaigns/spring.yml", "channel: news", "channel: hook")
        post.project.approve("spring")
        first = post.project.send("spring")
        assert (first.failed, first.uncertain, first.left) == (2, 0, 0)
        post.now += timedelta(hours=1)
        assert post.project.send("spring").sent == 2
    told = [json.loads(body)["messages"][0] for _, body in receiver.arrived]
    people = post.arm()["people"]
    assert post.arm()["sent"] == people and len(told) == people + 2
    assert len({each["id"] for each in told}) == len({each["to"] for each in told}) == people
    assert {each["message"]["subject"].split()[0] for each in told} == {"Hi", "Hallo"}
    assert all(each["values"] == {"city": "Utrecht"} for each in told)


def test_a_webhook_without_messages_tells_who_and_which_version(post: Post, monkeypatch):
    monkeypatch.setenv("HOOK", "whsec_c2VjcmV0")
    with web_server() as receiver:
        post.write("channels/hook.yml", HOOK.format(url=receiver.url))
        post.edit("campaigns/list.yml", "channel: tool", "channel: hook")
        assert post.project.check() == []
        post.project.approve("list")
        post.project.send("list")
    told = [json.loads(body)["messages"][0] for _, body in receiver.arrived]
    assert {each["variant"] for each in told} == {"a", "b"}
    assert not [each for each in told if "message" in each]
    assert all(each["unsubscribe_url"] == "" for each in told)


def test_tasks_are_written_once_and_a_test_goes_to_a_file_of_its_own(post: Post):
    calls = "kind: task\nmedium: email\ncolumns: {City: city}\nseeds: [office@post.example]\n"
    post.write("channels/calls.yml", calls)
    post.edit("campaigns/spring.yml", "channel: news", "channel: calls")
    assert post.project.check() == []
    (tried,) = post.project.test_send("spring").files
    assert "office@post.example" in Path(tried).read_text()
    post.project.approve("spring")
    (file,) = post.project.send("spring").files
    lines = Path(file).read_text().split("spring,a,")[1:]
    assert len(lines) == post.arm()["people"] == post.arm()["sent"]
    assert "Unsubscribe" not in Path(file).read_text()
    assert post.project.send("spring").files == []


def people(post: Post, numbers: range, no: frozenset[int] = frozenset(), **moved: str) -> None:
    """The shop's book holds these people; those in `no` gave no permission for advertisements."""
    same = ["Ada", "Utrecht", "nl", "yes"]
    rows = [
        [n, moved.get(f"p{n}", f"p{n}@mail.example"), *same, "no" if n in no else "yes"]
        for n in numbers
    ]
    write(post.folder / "book.csv", "no mail first city lang may ads", rows)
    post.now += timedelta(days=1)
    post.project.run(accept=True)


def on(files: list[str], what: str) -> set[str]:
    (path,) = (each for each in files if f"-meta-{what}" in each)
    with open(path, newline="", encoding="utf-8") as file:  # noqa: PTH123
        return {row["email"] for row in csv.DictReader(file)}


def hashes(numbers: set[int]) -> set[str]:
    return {sha256(f"p{n}@mail.example".encode()).hexdigest() for n in numbers}


@pytest.mark.prove
def test_a_list_on_a_platform_moves_with_its_people(post: Post):
    post.write("channels/ads.yml", "kind: audience_export\nplatform: meta\n")
    post.edit("campaigns/list.yml", "channel: tool", "channel: ads")
    post.edit("campaigns/list.yml", "  - {name: a, share: 0.5}\n  - {name: b, share: 0.5}\n", "")
    post.edit("campaigns/list.yml", "variants:\n", "")
    permit = "  - {channel: {constant: ads}, granted: ads}\n"
    post.edit("sources/book.yml", "granted: may}\n", f"granted: may}}\n{permit}")
    assert post.project.check() == []
    people(post, range(90))
    assert any("meta takes 100 or more" in each for each in post.project.plan("list").warnings)
    with pytest.raises(Refused, match="meta takes 100 or more"):
        post.project.approve("list")
        post.project.send("list")
    people(post, range(200), frozenset({7}))
    first = post.project.send("list")
    added = on(first.files, "add")
    assert added == on(first.files, "all") <= hashes(set(range(200)) - {7})
    assert len(added) == first.sent == post.arm("all", "list")["sent"]
    assert b"@mail.example" not in b"".join(Path(each).read_bytes() for each in first.files)
    assert post.project.send("list").files == []

    listed = {n for n in range(200) if hashes({n}) <= added}
    aside = set(range(200)) - listed - {7}
    leaves, erased, moves = sorted(listed)[:3]
    post.project.erase(f"p{erased}@mail.example")
    new = {f"p{moves}": "elsewhere@mail.example"}
    people(post, range(260), frozenset({leaves}), **new)
    second = post.project.send("list")
    assert on(second.files, "remove") == hashes({leaves})
    assert second.unknown == 2
    everybody = on(second.files, "all")
    assert not everybody & hashes({leaves, erased, moves} | aside)
    assert hashes(listed - {leaves, erased, moves}) < everybody
    assert sha256(b"elsewhere@mail.example").hexdigest() in everybody & on(second.files, "add")
    third = post.project.send("list")
    assert (third.files, third.unknown) == ([], 0)
    people(post, range(260), **new)
    assert on(post.project.send("list").files, "add") == hashes({leaves})

    few = {n for n in range(80) if hashes({n}) <= everybody}
    people(post, range(260), frozenset(range(80, 260)), **new)
    last = post.project.send("list")
    assert last.sent == 0 and not on(last.files, "remove") & hashes(few)
    assert hashes(set(range(80, 260))) >= on(last.files, "remove") != set()
    with pytest.raises(Refused, match="meta takes 100 or more"):
        post.project.send("list")


PARROT = """
from carpel.channels import Outcome, Ready

class Parrot:
    batch, fields, written = 5, ("city",), ()

    def __init__(self, settings, *, campaign, to):
        self.file = settings["file"]

    def check(self):
        return []

    def render(self, person):
        said = f"{person.mark} {person.message.subject} {person.values['city']}"
        return Ready(person.key, person.address, person.arm, said)

    def send(self, batch):
        for each in batch:
            with open(self.file, "a") as file:
                file.write(each.payload + "\\n")
            yield Outcome(each.key, "sent")

    def close(self):
        pass
"""


def test_a_channel_of_another_package_contacts_people_once(post: Post, tmp_path, monkeypatch):
    told = tmp_path / "packages" / "parrot-1.0.dist-info"
    told.mkdir(parents=True)
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: parrot\nVersion: 1.0\n")
    (told / "entry_points.txt").write_text("[carpel.channels]\nparrot = parrot_of_test:Parrot\n")
    (told.parent / "parrot_of_test.py").write_text(PARROT)
    monkeypatch.syspath_prepend(told.parent)
    monkeypatch.setenv("SAID_IN", str(tmp_path / "said.txt"))
    settings = "settings: {file: '${SAID_IN}'}\n"
    post.write("channels/bird.yml", f"kind: plugin\nuses: parrot\n{settings}")
    post.edit("campaigns/spring.yml", "channel: news", "channel: bird")
    assert post.project.check() == []
    post.project.approve("spring")
    assert post.project.send("spring").sent == post.arm()["people"]
    assert post.project.send("spring").sent == 0
    said = (tmp_path / "said.txt").read_text().splitlines()
    assert len(said) == len({each.split()[0] for each in said}) == post.arm()["people"]
    assert all(each.endswith("Utrecht") for each in said)
