"""Hashes by which platforms know people: normalised as each asks, nothing readable in a file."""

import csv
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.channels import Person
from carpel.channels.ads import HEADINGS, AudienceExportCarrier, hashed
from carpel.specs import AudienceExport
from carpel.specs.ads import LEAST

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ADA = "Ada.Love+tea@Mail.example"


def of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def carrier(folder: Path, platform: str) -> AudienceExportCarrier:
    said = {"name": "ads", "kind": "audience_export", "platform": platform}
    return AudienceExportCarrier(AudienceExport.model_validate(said), "spring", folder)


def person(address: str = ADA, phone: object = "+31101234567", arm: str = "a") -> Person:
    return Person(address, address, arm, NOW, values={"phone": phone})


def test_a_known_hash():
    """The address of the published examples, and SHA-256 of it as every tool gives it."""
    wanted = "973dfe463ec85785f5f95af5ba3906eedb2d931c24e69824a89ea65dba4e813b"
    assert hashed("google", " Test@Example.com ", "")[0] == wanted


@pytest.mark.parametrize(
    ("platform", "row"),
    [
        ("google", [of("ada.love+tea@mail.example"), of("+31101234567")]),
        ("meta", [of("ada.love+tea@mail.example"), of("31101234567")]),
        ("linkedin", [of("ada.love+tea@mail.example")]),
    ],
)
def test_each_platform_gets_what_it_matches(platform, row, tmp_path):
    one = carrier(tmp_path, platform)
    assert [each.state for each in one.send([one.render(person())])] == ["sent"]
    with one.written[0].open(newline="", encoding="utf-8") as file:
        assert list(csv.reader(file)) == [list(HEADINGS[platform]), row]
    assert one.written[0].name == f"spring-a-{platform}-add.csv"
    assert one.written[0].stat().st_mode & 0o077 == 0


@given(st.text(max_size=20))
def test_a_number_that_is_none_is_left_out(text):
    number = f"+{text}"
    known = hashed("google", ADA, number)[1]
    assert known == (of(number) if text.isascii() and text.isdigit() and known else "")


@pytest.mark.parametrize("number", [None, "", "0101234567", "+0101234567", "+31 10 1234567"])
def test_numbers_in_no_known_form_are_empty(number, tmp_path):
    assert carrier(tmp_path, "google").render(person(phone=number)).payload[1] == ""


def test_no_order_tells_who_somebody_is(tmp_path):
    one = carrier(tmp_path, "linkedin")
    ready = [one.render(person(f"p{n}@mail.example")) for n in range(50)]
    list(one.send(ready))
    rows = one.written[0].read_text().splitlines()[1:]
    assert rows == sorted(rows) != [each.payload[0] for each in ready]


def test_what_is_no_address_is_on_no_list(tmp_path):
    assert carrier(tmp_path, "meta").render(person("Ada")).problem == "not an e-mail address"


@pytest.mark.parametrize("platform", LEAST)
def test_nobody_may_ask_for_less_than_a_platform_takes(platform):
    said = {"name": "ads", "kind": "audience_export", "platform": platform, "least": 5}
    assert AudienceExport.model_validate(said).smallest == LEAST[platform]
    assert AudienceExport.model_validate({**said, "least": 5000}).smallest == 5000
