"""The published kit: each of our channels holds it, and it notices what does not."""

import csv
import io
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from carpel.channels import Carrier, Outcome, Person, Ready, carrier
from carpel.errors import NotFound
from carpel.specs import AudienceExport, Channel, Plugin, Smtp, Task, Webhook, YourSender
from carpel.testing.channel import Trial, check_channel, person

from ..channels.mailbox import mail_server
from ..channels.receiver import web_server

SMTP = {
    "name": "news",
    "kind": "smtp",
    "host": "127.0.0.1",
    "security": "none",
    "sender": "Shop <hello@shop.example>",
    "unsubscribe_url": "https://shop.example/u/{token}",
    "bounces": {"address": "b+{token}@shop.example"},
    "timeout_seconds": 1,
}
HOOK = {"secret": "${SECRET}", "allow_inner": True, "timeout_seconds": 1}
NAMED = {"task": Task, "your_sender": YourSender, "audience_export": AudienceExport}


def made(spec: Channel, to: Path) -> Callable[[], Carrier]:
    return lambda: carrier(spec, campaign="spring", reveal=lambda _: "a secret", to=to)


def rows(folder: Path) -> int:
    texts = [each.read_text(encoding="utf-8") for each in folder.glob("*.csv")]
    return sum(len(list(csv.reader(io.StringIO(each, newline="")))) - 1 for each in texts)


def test_e_mail(tmp_path: Path) -> None:
    with mail_server() as mailbox:
        works = Smtp.model_validate({**SMTP, "port": mailbox.port})
        away = Smtp.model_validate({**SMTP, "port": 1})
        arrived = mailbox.arrived
        check_channel(Trial(made(works, tmp_path), lambda: len(arrived), made(away, tmp_path)))


@pytest.mark.parametrize("medium", ["email", "sms"])
def test_a_webhook(medium: str, tmp_path: Path) -> None:
    with web_server() as receiver:
        said = {"name": "hook", "kind": "webhook", "medium": medium, "values": ["city"], **HOOK}
        works = Webhook.model_validate({**said, "url": receiver.url})
        away = Webhook.model_validate({**said, "url": "http://127.0.0.1:1/"})
        arrived = receiver.arrived
        check_channel(Trial(made(works, tmp_path), lambda: len(arrived), made(away, tmp_path)))


def test_tasks_by_a_web_address(tmp_path: Path) -> None:
    with web_server() as receiver:
        said = {"name": "calls", "kind": "task", "columns": {"City": "city"}}
        works = Task.model_validate({**said, "hook": {**HOOK, "url": receiver.url}})
        away = Task.model_validate({**said, "hook": {**HOOK, "url": "http://127.0.0.1:1/"}})
        arrived = receiver.arrived
        check_channel(Trial(made(works, tmp_path), lambda: len(arrived), made(away, tmp_path)))


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("task", {"columns": {"City": "city"}, "assigned_to": "coach"}),
        ("your_sender", {"tool": "klaviyo", "columns": {"City": "city"}}),
        ("your_sender", {"tool": "mailchimp"}),
        ("audience_export", {"platform": "google"}),
        ("audience_export", {"platform": "linkedin"}),
    ],
)
def test_files(kind: str, more: dict[str, object], tmp_path: Path) -> None:
    spec = NAMED[kind].model_validate({"name": "files", "kind": kind, **more})
    nowhere = made(spec, tmp_path / "nowhere")
    check_channel(
        Trial(made(spec, tmp_path), lambda: rows(tmp_path), nowhere, with_message=kind == "task")
    )


class Honest:
    """The simplest channel there is: a list."""

    batch, fields = 10, ("city",)
    written: Sequence[Path] = ()

    def __init__(self, arrived: list[str]) -> None:
        self.arrived = arrived

    def check(self) -> Sequence[str]:
        return []

    def render(self, person: Person) -> Ready:
        if not person.address.strip() or not person.address.isprintable():
            return Ready(person.key, "", person.arm, problem="not an address")
        return Ready(person.key, person.address, person.arm, str(person.values.get("city")))

    def send(self, batch: Sequence[Ready]) -> Iterator[Outcome]:
        for each in batch:
            self.arrived.append(each.address)
            yield Outcome(each.key, "sent")

    def close(self) -> None:
        """Nothing is open."""


def try_out(kind: type[Honest], **more: object) -> None:
    arrived: list[str] = []
    trial = Trial(lambda: kind(arrived), lambda: len(arrived))
    check_channel(replace(trial, **more))


def test_an_honest_channel_holds_it() -> None:
    try_out(Honest)


class NoBatch(Honest):
    batch = 0


class OneText(Honest):
    fields = "city"


class SendsWhenAsked(Honest):
    def check(self) -> Sequence[str]:
        self.arrived.append("somebody")
        return []


class RendersOtherwise(Honest):
    def render(self, person: Person) -> Ready:
        return Ready(person.key, person.address, person.arm, object())


class TakesAnything(Honest):
    def render(self, person: Person) -> Ready:
        return Ready(person.key, person.address, person.arm, "x")


class Repeats(Honest):
    def render(self, person: Person) -> Ready:
        ready = super().render(person)
        return replace(ready, problem=ready.problem and f"bad: {person.address}")


class Forgets(Honest):
    def send(self, batch: Sequence[Ready]) -> Iterator[Outcome]:
        return iter(list(super().send(batch))[1:])


class Twice(Honest):
    def send(self, batch: Sequence[Ready]) -> Iterator[Outcome]:
        list(super().send(batch))
        return super().send(batch)


class Pretends(Honest):
    def send(self, batch: Sequence[Ready]) -> Iterator[Outcome]:
        return (Outcome(each.key, "sent") for each in batch)


class Tells(Honest):
    def send(self, batch: Sequence[Ready]) -> Iterator[Outcome]:
        return (Outcome(each.key, "sent", each.address) for each in super_(self, batch))


class PassesWhatIsSent(Honest):
    def send(self, batch: Sequence[Ready]) -> Iterator[Outcome]:
        return (Outcome(each.key, "sent", "", True) for each in super_(self, batch))


def super_(one: Honest, batch: Sequence[Ready]) -> Sequence[Ready]:
    list(Honest.send(one, batch))
    return batch


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (NoBatch, "from 1"),
        (OneText, "not one text"),
        (SendsWhenAsked, "hands nothing over"),
        (RendersOtherwise, "the same twice"),
        (TakesAnything, "is no address"),
        (Repeats, "does not repeat"),
        (Forgets, "one outcome each"),
        (Twice, "has arrived, and once"),
        (Pretends, "has arrived"),
        (Tells, "nothing personal"),
        (PassesWhatIsSent, "only a failure"),
    ],
)
def test_the_kit_notices_what_does_not_hold(kind: type[Honest], said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        try_out(kind)


def test_the_kit_notices_who_sends_to_nobody() -> None:
    with pytest.raises(AssertionError, match="says what is wrong"):
        try_out(Honest, broken=lambda: Honest([]))


def test_a_package_brings_a_channel_by_name(tmp_path: Path, monkeypatch) -> None:
    """As pip installs it: a module, and beside it what the package says of its entry points."""
    told = tmp_path / "parrot-1.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: parrot\nVersion: 1.0\n")
    (told / "entry_points.txt").write_text("[carpel.channels]\nparrot = parrot_channel:made\n")
    (tmp_path / "parrot_channel.py").write_text(
        "def made(settings, campaign, to):\n    return settings, campaign, to\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    said = {"name": "birds", "kind": "plugin", "uses": "parrot"}
    spec = Plugin.model_validate({**said, "settings": {"word": "${WORD}", "of": [{"x": 1}]}})
    found = carrier(spec, campaign="spring", reveal=lambda it: f"<{it}>", to=tmp_path)
    assert found == ({"word": "<${WORD}>", "of": [{"x": 1}]}, "spring", tmp_path)
    other = Plugin.model_validate({**said, "uses": "parot"})
    with pytest.raises(NotFound, match="Did you mean 'parrot'"):
        carrier(other, campaign="spring", reveal=str, to=tmp_path)
    sys.modules.pop("parrot_channel", None)


def test_people_of_the_kit_are_told_apart() -> None:
    many = [person(n) for n in range(100)]
    assert len({each.mark for each in many}) == len({each.key for each in many}) == 100

    assert {len(each.mark) for each in many} == {48}
