"""Exports of sending tools: who did what, whatever words and form they are written in."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from carpel.engine.duckdb import DuckDB
from carpel.errors import SourceError
from carpel.inference.engaged import activities, form_of
from carpel.reading import open_rows
from carpel.specs import Format

A, B, C = (f"{name}@mail.example" for name in ("ada", "bo", "cy"))


def read(folder: Path, text: str, name: str = "export.csv", kind=None) -> list[object]:
    (folder / name).write_text(text, encoding="utf-8")
    engine = DuckDB()
    rows = open_rows([name], Format(), engine, folder=folder, scratch=folder)
    found = list(activities(rows, engine, form_of(rows, engine, kind, name), "Europe/Berlin"))
    return [
        each if isinstance(each, str) else (each.address, each.kind, each.why) for each in found
    ]


def test_a_row_for_each_thing_done(tmp_path: Path):
    text = f"""Created,Recipient,Type,Category,Url,Filtered Event
2026-03-01T10:00:00Z,{A},DELIVERED,,,false
2026-03-01T10:05:00Z,{A},OPEN,,,false
2026-03-01T10:05:01Z,{B},OPEN,,,true
2026-03-01T10:06:00Z,{A},CLICK,,https://shop.example/?a=1,false
2026-03-01T10:00:09Z,{C},BOUNCE,UNKNOWN_USER,,false
2026-03-01T10:00:09Z,{B},BOUNCE,MAILBOX_FULL,,false
2026-03-01T10:07:00Z,{A},SPAMREPORT,,,false
2026-03-01T10:07:00Z,nobody,OPEN,,,false
"""
    (tmp_path / "events.csv").write_text(text)
    engine = DuckDB()
    rows = open_rows(["events.csv"], Format(), engine, folder=tmp_path, scratch=tmp_path)
    sent, first, machine, click, hard, soft, spam, nobody = activities(
        rows, engine, form_of(rows, engine, None, "events.csv"), "UTC"
    )
    assert (sent, nobody) == ("something else", "no address")
    assert (first.kind, first.machine, machine.machine) == ("opened", False, True)
    assert first.at == datetime(2026, 3, 1, 10, 5, tzinfo=UTC)
    assert (click.kind, click.link) == ("clicked", "https://shop.example/?a=1")
    assert (hard.why, soft.why, spam.kind) == ("hard", "soft", "complained")


def test_a_row_for_each_person(tmp_path: Path):
    text = f"""Email Address,City,OPTIN_TIME,Opens,Last Open,Clicks,Open rate,Bounce Type,Unsubbed
{A},Ghent,2020-01-01 00:00:00,3,2026-03-01 11:00:00,1,50%,,FALSE
{B},Ghent,2020-01-01 00:00:00,0,,0,0%,Hard,
{C},Ghent,2020-01-01 00:00:00,0,,0,0%,,TRUE
"""
    assert read(tmp_path, text) == [
        (A, "opened", ""),
        (A, "clicked", ""),
        (B, "bounced", "hard"),
        (C, "unsubscribed", ""),
    ]
    engine = DuckDB()
    rows = open_rows(["export.csv"], Format(), engine, folder=tmp_path, scratch=tmp_path)
    opened, clicked, *_ = activities(
        rows, engine, form_of(rows, engine, None, "x"), "Europe/Berlin"
    )
    assert opened.at == datetime(2026, 3, 1, 10, tzinfo=UTC)  # on the project's clock
    assert clicked.at is None  # the day on which they opted in is no click


def test_bounces_in_columns_of_their_kind(tmp_path: Path):
    text = f"Email;Soft Bounced;Hard Bounced;Machine Opens\n{A};1;0;4\n{B};0;1;0\n{C};0;0;0\n"
    assert read(tmp_path, text) == [(A, "bounced", "soft"), (B, "bounced", "hard")]


@pytest.mark.parametrize(("name", "kind"), [("unsubscribes.csv", None), ("a.csv", "unsubscribed")])
def test_a_file_about_one_thing(tmp_path: Path, name, kind):
    assert read(tmp_path, f"Email,City\n{A},Utrecht\n", name, kind) == [(A, "unsubscribed", "")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("City,Opens\nUtrecht,3\n", "No column holds"),
        (f"Email,City\n{A},Utrecht\n", "what was done"),
    ],
)
def test_what_cannot_be_told_is_asked(tmp_path: Path, text, said):
    with pytest.raises(SourceError, match=said):
        read(tmp_path, text)
