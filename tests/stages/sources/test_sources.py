"""What sources say arrives typed and whole, and every row is accounted for."""

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from carpel.stages.base import Line
from carpel.testing.line import read

from .nights import sourced

Load = Callable[..., Line]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Runs the stage over files given as text, for one source given as plain data."""

    def loading(
        files: Mapping[str, str | bytes], project: Mapping[str, Any] | None = None, **source: Any
    ) -> Line:
        for name, content in files.items():
            (tmp_path / name).write_bytes(
                content if isinstance(content, bytes) else content.encode()
            )
        return sourced(tmp_path, {"name": "till", "read": sorted(files), **source}, project)

    return loading


def fates(line: Line) -> dict[tuple[str, str], int]:
    """Rows by fate and reason, over all files."""
    counted: dict[tuple[str, str], int] = {}
    for row in read(line, "accounting"):
        key = (row["fate"], row["reason"])
        counted[key] = counted.get(key, 0) + row["rows"]
    return counted


SALES = {
    "identifiers": {"card": "card"},
    "track": [{"event": "bought", "at": "at", "properties": {"amount": "amount"}}],
}


def test_events_arrive_typed(load: Load) -> None:
    line = load(
        {"s.csv": "card,at,amount\n007,2025-03-04 10:30,1.50\n"},
        {"timezone": "Europe/Berlin"},
        **SALES,
    )
    (event,) = read(line, "staged_event_bought")
    assert event["at"].isoformat() == "2025-03-04T09:30:00"
    assert event["local_hour"] == 10 and event["amount"] == 1.5
    assert read(line, "records")[0]["id_card"] == "007"


def test_a_row_that_cannot_be_used_is_kept_aside_whole(load: Load) -> None:
    line = load(
        {
            "s.csv": "card,at,amount\n1,2025-03-04,1\n,2025-03-04,2\n3,soon,4\n5,2025-03-04,x\n"
            "6,2025-03-04\n"
        },
        **SALES,
    )
    assert fates(line) == {
        ("loaded", ""): 1,
        ("set aside", "no identifier"): 1,
        ("set aside", "unreadable time"): 1,
        ("set aside", "not a number"): 1,
        ("set aside", "2 cells where the header has 3"): 1,
    }
    aside = {row["row"]: row for row in read(line, "set_aside")}
    assert aside[3]["content"] == '{"card":"3","at":"soon","amount":"4"}'
    assert aside[3]["column"] == "at" and aside[5]["file"] == "s.csv"


def test_the_same_file_again_changes_nothing_and_a_second_purchase_stays(load: Load) -> None:
    text = "card,at,amount\n1,2025-03-04,1\n1,2025-03-04,1\n2,2025-03-05,2\n"
    once = load({"a.csv": text}, **SALES)
    events = {row["event_key"] for row in read(once, "staged_event_bought")}
    assert len(events) == 3
    twice = load({"a.csv": text, "b.csv": text}, **SALES)
    assert {row["event_key"] for row in read(twice, "staged_event_bought")} == events
    assert fates(twice) == {("loaded", ""): 3, ("merged", "said by another row"): 3}


def test_the_newest_snapshot_says_what_is(load: Load) -> None:
    line = load(
        {"2025-01.csv": "id,city\n1,Rome\n2,Oslo\n", "2025-02.csv": "id,city\n1,Bern\n"},
        mode="snapshot",
        identifiers={"crm_id": "id"},
        traits={"city": "city"},
    )
    assert [(row["id_crm_id"], row["t_city"]) for row in read(line, "records")] == [("1", "Bern")]
    assert fates(line) == {("loaded", ""): 1, ("merged", "a later row says what is now"): 2}


def test_a_repeated_key_with_other_content_is_kept_and_noted(load: Load) -> None:
    track = [{**SALES["track"][0], "key": ["card", "at"]}]
    line = load(
        {"s.csv": "card,at,amount\n1,2025-03-04,1\n1,2025-03-04,5\n1,2025-03-04,5\n"},
        identifiers={"card": "card"},
        track=track,
    )
    assert sorted(row["amount"] for row in read(line, "staged_event_bought")) == [1.0, 5.0]
    assert line.notes("sources")["till"]["same_key_other_content"] == {"bought": 1}
    assert fates(line) == {("loaded", ""): 2, ("merged", "said by another row"): 1}


def test_days_without_a_time_have_no_hour_and_countries_have_their_order(load: Load) -> None:
    line = load({"s.csv": "card,at,amount\n7,03/04/2025,1\n"}, {"country": "US"}, **SALES)
    (event,) = read(line, "staged_event_bought")
    assert event["local_date"].isoformat() == "2025-03-04" and event["local_hour"] is None
    assert line.notes("sources")["till"]["ambiguous"] == {"at": {"type": "date", "order": "mdy"}}


def test_one_row_says_several_things(load: Load) -> None:
    text = (
        "mail,plan,since,fee,news,firm,town\n"
        'ann@example.org,gold,2025-01-02,"9,50",yes,Acme,Bern\n'
        "bob@example.org,,,,no,Acme,Bonn\n"
    )
    line = load(
        {"crm.csv": text},
        identifiers={"email": "mail"},
        traits={"city": "town"},
        hold=[{"plan": "plan", "started_at": "since", "amount": "fee"}],
        permit=[{"channel": {"constant": "email"}, "granted": "news"}],
        account={"key": "firm"},
    )
    (contract,) = read(line, "staged_contracts")
    assert (contract["plan"], contract["amount"]) == ("gold", 9.5)
    assert [row["granted"] for row in read(line, "staged_consents")] == [True, False]
    assert {row["account_key"] for row in read(line, "staged_places")} == {"Acme"}
    assert {row["ref"] for row in read(line, "staged_consents")} == {
        row["ref"] for row in read(line, "records")
    }


def test_a_permission_is_told_by_rows_that_meet_its_conditions(load: Load) -> None:
    line = load(
        {
            "crm.csv": "mail,left,kind\n"
            "ann@example.org,2025-03-04,a\nbob@example.org,,a\ncyd@example.org,n/a,b\n"
            "dee@example.org,yes,b\neve@example.org,2025-03-05,b\n"
        },
        identifiers={"email": "mail"},
        permit=[
            {
                "channel": {"constant": "email"},
                "granted": {"constant": False},
                "suppress": True,
                "at": {"column": "left", "type": "date"},
                "when": {"left": {"is_set": True}},
            },
            {
                "channel": {"constant": "sms"},
                "granted": {"constant": True},
                "when": {"kind": "b", "left": None},
            },
        ],
    )
    rows = read(line, "staged_consents")
    refused = [str(row["at"])[:10] for row in rows if row["suppress"]]
    assert refused == ["2025-03-04", "None", "2025-03-05"]
    assert [row["channel"] for row in rows if not row["suppress"]] == ["sms"]
    assert set(fates(line)) == {("loaded", "")}


def test_things_and_costs(load: Load) -> None:
    line = load(
        {"p.csv": "sku,name\n007,Tea\n007,Green tea\n,None\n"},
        describes={"product_id": "sku"},
        properties={"title": "name"},
    )
    assert read(line, "described_product_id") == [{"product_id": "007", "title": "Green tea"}]
    assert fates(line)["set aside", "no key"] == 1
    spent = load(
        {"c.csv": "day,sum\n2025-01-01,5\n"}, read=["c.csv"], costs=[{"amount": "sum", "at": "day"}]
    )
    assert [row["amount"] for row in read(spent, "costs")] == [5.0]


def test_what_stands_on_an_orders_first_line_only_is_on_all_of_them(load: Load) -> None:
    line = load(
        {
            "s.csv": "order,card,at,note,amount\n7,1,2025-03-04 10:00,gift,1\n,,,,2\n"
            "8,2,2025-03-05 11:00,,3\n,,,,4\n",
            "t.csv": "order,card,at,note,amount\n,,,,5\n",
        },
        fill_down=["order", "card", "at", "note"],
        identifiers={"card": "card"},
        track=[
            {
                "event": "bought",
                "at": "at",
                "properties": {"order_id": "order", "note": "note", "amount": "amount"},
            }
        ],
    )
    events = sorted(read(line, "staged_event_bought"), key=lambda row: row["amount"])
    assert [(row["order_id"], row["note"]) for row in events] == [
        ("7", "gift"),
        ("7", "gift"),
        ("8", None),
        ("8", None),
    ]
    assert fates(line)["set aside", "no identifier"] == 1


def test_the_latest_row_of_changes_says_what_is(load: Load) -> None:
    line = load(
        {
            "c.csv": "id,at,city\n1,2025-01-03,Bern\n1,2025-01-09,Rome\n2,2025-01-01,Oslo\n"
            "1,2025-01-05,Bonn\n2,,Lima\n"
        },
        mode="changes",
        key=["id"],
        seen_at="at",
        identifiers={"crm_id": "id"},
        traits={"city": "city"},
    )
    records = read(line, "records")
    assert sorted((row["id_crm_id"], row["t_city"]) for row in records) == [
        ("1", "Rome"),
        ("2", "Oslo"),
    ]
    assert fates(line) == {("loaded", ""): 2, ("merged", "a later row says what is now"): 3}


def test_a_birth_date_that_nobody_alive_has_is_none_and_counted_by_why(load: Load) -> None:
    days = [
        *["29.02.1984"] * 30,
        *["31.02.1980"] * 4 + ["tbd"] * 2,
        *["12.12.2999"] * 3,
        *["05.06.1780"] * 5,
        *["01.01.1900", "31.12.9999", "01.01.0001", ""],
    ]
    rows = "".join(f"{n},{day}\n" for n, day in enumerate(days, start=101))
    line = load(
        {"c.csv": "id,born\n" + rows},
        identifiers={"crm_id": "id"},
        traits={"birth_date": "born"},
    )
    told = Counter(str(row["t_birth_date"]) for row in read(line, "records"))
    assert told == {"1984-02-29": 30, "None": len(days) - 30}
    assert line.notes("sources")["till"]["refused"] == {
        "born": {"cannot be read": 6, "in the future": 3, "before 1900": 5, "placeholder": 3}
    }


def test_a_contract_that_ends_in_2999_is_open_ended(load: Load) -> None:
    ends = {"1": "2999-12-31", "2": "9999-12-31", "3": "2026-12-31", "4": ""}
    rows = "".join(f"{who},gold,2025-01-02,{end}\n" for who, end in ends.items())
    line = load(
        {"c.csv": "id,plan,since,until\n" + rows},
        {"timezone": "Europe/Berlin"},
        identifiers={"crm_id": "id"},
        hold=[{"plan": "plan", "started_at": "since", "ended_at": "until", "contract_id": "id"}],
    )
    ended = {row["contract_id"]: row["ended_at"] for row in read(line, "staged_contracts")}
    assert {who for who, at in ended.items() if at is not None} == {"3"}
    assert line.notes("sources")["till"]["unreadable"] == {}
