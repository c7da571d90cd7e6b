"""Somebody of a small project is forgotten: in no byte, cell, set or row of the ledger."""

from pathlib import Path

import pytest

import carpel
from carpel.tables import TABLES

from .traces import FIGURES, PERSONS, RECORDS, Traces

FILES = {
    "carpel.yml": """version: 1
name: tiny
currency: EUR
timezone: Europe/Berlin
country: DE
as_of: 2026-03-01
identity: {probabilistic: false}
""",
    "data/crm.csv": """Contact,Card,email,phone,first,last,born,street,house_number,updated_at,tags
C-000101,900001,Family@X.example,+49 30 901820,Annabel,Ashworth,1971-03-04,Quillgasse,12,,chess;war
C-000102,900002,family@x.example,030 9018 44556,Bertram,Ashworth,1969-07-08,Quillgasse,12,,chess
C-000103,900003,cyd@x.example,,Cydonia,Coltrane,1980-01-02,Other Road,1,2025-05-05,
""",
    "data/till.csv": """card,at,amount,order
900001,2026-02-01,10.5,A1
900001,2026-02-05,11.5,A2
900002,2026-02-03,9.5,A3
900001,2026-02-07,none at all,A4
""",
    "sources/crm.yml": """version: 1
read: data/crm.csv
mode: snapshot
key: [Contact]
identifiers: {crm_id: Contact, loyalty_card: Card, email: email, phone: phone}
traits:
  first_name: first
  last_name: last
  birth_date: born
  street: street
  house_number: {column: house_number, type: text}
  tags: {column: tags, type: list, separator: ";"}
seen_at: updated_at
""",
    "sources/till.yml": """version: 1
read: data/till.csv
identifiers: {loyalty_card: card}
track:
  - event: order_completed
    at: at
    key: [order]
    properties: {order_id: order, amount: amount}
""",
    "segments/all.yml": """version: 1
label: All
where: {did: order_completed, at_least: 1}
""",
}


def test_every_whole_number_of_a_table_is_a_key_or_a_figure():
    whole = {
        name
        for each in TABLES.values()
        for name, kind in each.columns.items()
        if kind in ("BIGINT", "UBIGINT")
    }
    assert whole == PERSONS | RECORDS | {"event_key"} | FIGURES


@pytest.mark.slow
def test_nothing_is_left_of_one_of_a_family_on_one_address(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    project = carpel.open(tmp_path)
    project.run()
    who, relative = project.key("C-000101"), project.key("C-000102")
    project.show_customer("C-000101")
    project.export("all", tmp_path / "out.csv")
    page = project.report()
    assert page == tmp_path / "carpel-report.html" and page.exists()
    traces = Traces(tmp_path, who)
    assert {"C-000101", "+4930901820", "+49 30 901820", "1971-03-04", "Annabel Ashworth"} <= (
        traces.values
    )
    before = {what for _, what in traces.found()}
    assert {"key", "set", "c-000101", "+4930901820", "annabel", "1971-03-04"} <= before
    project.erase(f"key:{who}")
    assert traces.found() == []
    assert not page.exists()
    (tmp_path / "sources/crm.yml").write_text(FILES["sources/crm.yml"] + "label: Again\n")
    project = carpel.open(tmp_path)
    project.run(accept=True)
    assert {row["reason"] for row in project.set_aside()} == {"erased"}
    assert traces.found() == []
    assert "family@x.example" in str(project.show_customer(str(relative)).contact)
