"""Files in the columns of each tool: whole or not there, and no cell runs."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from carpel.channels import Person
from carpel.channels.your_sender import ADDRESSES, YourSenderCarrier
from carpel.specs import YourSender

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def carrier(folder: Path, tool: str, **more: object) -> YourSenderCarrier:
    spec = {"name": "tool", "kind": "your_sender", "tool": tool, **more}
    return YourSenderCarrier(YourSender.model_validate(spec), "win_back", folder)


def write(one: YourSenderCarrier, *people: Person) -> list[str]:
    return [each.state for each in one.send([one.render(each) for each in people])]


def ada(arm: str, **values: object) -> Person:
    return Person("k", "ada@mail.example", arm, NOW, values=values)


@pytest.mark.parametrize("tool", ADDRESSES)
def test_a_file_an_arm_with_the_address_first(tool, tmp_path):
    one = carrier(tmp_path, tool, columns={"Orders": "orders_365d"})
    assert {"first_name", "last_name", "orders_365d"} <= set(one.fields)
    people = (ada("a", first_name="Ada", orders_365d=3), ada("b"), ada("a"))
    assert write(one, *people) == ["sent"] * 3
    assert [path.name for path in one.written] == [
        f"win_back-a-{tool}.csv",
        f"win_back-b-{tool}.csv",
    ]
    with one.written[0].open(newline="", encoding="utf-8") as file:
        heading, first, second = csv.reader(file)
    assert heading[0] == ADDRESSES[tool]["email"] and "Orders" in heading
    row = dict(zip(heading, first, strict=True))
    assert row["First Name"] == "Ada" and row["Orders"] == "3"
    assert dict(zip(heading, second, strict=True))["First Name"] == ""
    assert "win_back" in row.get("Tags", row.get("Carpel campaign", ""))


def test_no_cell_runs_and_nothing_is_overwritten(tmp_path):
    one = carrier(tmp_path, "klaviyo")
    write(one, ada("a", first_name="=cmd|' /C calc'!A0", last_name="+1+1"))
    write(one, ada("a"))
    assert [each.name for each in one.written][1] == "win_back-a-klaviyo-2.csv"
    with one.written[0].open(newline="", encoding="utf-8") as file:
        _, row = csv.reader(file)
    assert row[1:3] == ["'=cmd|' /C calc'!A0", "'+1+1"]
    assert one.written[0].stat().st_mode & 0o077 == 0
    assert not list(tmp_path.glob(".*"))


def test_what_cannot_be_written_was_not_sent(tmp_path):
    one = carrier(tmp_path / "nowhere", "hubspot")
    assert "there is no folder" in one.check()[0]
    assert write(one, ada("a")) == ["unsent"]
    assert carrier(tmp_path, "hubspot").check() == []


def test_a_line_in_an_address_is_no_address(tmp_path):
    one = carrier(tmp_path, "mailchimp")
    ready = one.render(Person("k", "ada@mail.example\nbob@mail.example", "a", NOW))
    assert ready.problem == "not an address"
