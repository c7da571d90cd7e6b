"""Tasks: a line a person with what to say, which no spreadsheet runs."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from carpel.channels import Person
from carpel.channels.task import TaskCarrier
from carpel.messages import Rendered
from carpel.specs import Task

from .receiver import web_server

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def carrier(folder: Path, **more: object) -> TaskCarrier:
    said = {"name": "calls", "kind": "task", "assigned_to": "coach", "columns": {"City": "city"}}
    return TaskCarrier(Task.model_validate({**said, **more}), "spring", folder, "secret")


def person(arm: str = "a", address: str = "+31101234567", text: str = "Say hello\n") -> Person:
    words = Rendered("Call Ada", "<p>Say hello</p>", text)
    values = {"coach": "Bo", "city": "=1+1"}
    return Person("k", address, arm, NOW, words, mark="abcdefgh" * 6, values=values)


def test_a_line_says_whose_task_it_is_what_to_say_and_until_when(tmp_path):
    one = carrier(tmp_path, due_days=3)
    assert list(one.check()) == [] and set(one.fields) == {"coach", "city"}
    ready = [one.render(each) for each in (person(), person("b"), person(text="=HYPERLINK()"))]
    assert [each.state for each in one.send(ready)] == ["sent"] * 3
    assert [each.name for each in one.written] == ["spring-a-tasks.csv", "spring-b-tasks.csv"]
    with one.written[0].open(newline="", encoding="utf-8") as file:
        first, second = csv.DictReader(file)
    assert first == {
        "Contact": "+31101234567",
        "For": "Bo",
        "City": "'=1+1",
        "Task": "Call Ada",
        "What to say": "Say hello",
        "Due": "2026-03-04",
        "Campaign": "spring",
        "Version": "a",
        "id": "abcdefgh" * 6,
    }
    assert second["What to say"] == "'=HYPERLINK()"
    assert one.written[0].stat().st_mode & 0o077 == 0


def test_tasks_go_to_a_web_address_too(tmp_path):
    with web_server() as receiver:
        hook = {"url": receiver.url, "secret": "${S}", "allow_inner": True, "per_request": 5}
        one = carrier(tmp_path, hook=hook)
        ready = [one.render(person()), one.render(person("b"))]
        assert [each.state for each in one.send(ready)] == ["sent", "sent"]
    ((_, body),) = receiver.arrived
    told = json.loads(body)["tasks"]
    assert [each["Version"] for each in told] == ["a", "b"] and told[0]["City"] == "=1+1"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("address", ["", "a\nb"])
def test_what_cannot_be_reached_is_nobodys_task(address, tmp_path):
    assert carrier(tmp_path).render(person(address=address)).problem == "not an address"


def test_a_folder_that_is_not_there_stops_it(tmp_path):
    one = carrier(tmp_path / "nowhere")
    assert "there is no folder" in one.check()[0]
    assert [each.state for each in one.send([one.render(person())])] == ["unsent"]
