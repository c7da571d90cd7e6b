"""Channels other than e-mail through a campaign's whole life, over real servers and files."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

import carpel

from ..channels.receiver import web_server
from .post import NOW, shop

pytestmark = pytest.mark.slow
HOOK = "kind: webhook\nurl: {url}\nsecret: ${{HOOK}}\nallow_inner: true\nvalues: [city]\n"


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = shop(tmp_path_factory.mktemp("post"))
    carpel.Project(folder, clock=Clock()).run()
    return folder


class Post:
    """A copy of the shop that has run, and its clock."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock = folder, Clock()

    @property
    def project(self) -> carpel.Project:
        return carpel.Project(self.folder, clock=self.clock)

    def write(self, file: str, text: str) -> None:
        (self.folder / file).parent.mkdir(exist_ok=True)
        (self.folder / file).write_text(text)

    def edit(self, file: str, old: str, new: str) -> None:
        text = (self.folder / file).read_text()
        assert old in text
        (self.folder / file).write_text(text.replace(old, new))

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
        post.clock.now += timedelta(hours=1)
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
