"""Somebody of the demo is forgotten: in no byte, no cell, no set; a relative stays; for good."""

import shutil
import sqlite3
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from pyroaring import BitMap

import carpel
from carpel.engine.query import query
from carpel.verbs.reader import reading

from .test_demo import demo  # noqa: F401  # the fixture

pytestmark = pytest.mark.slow
KEYED = {"customer", "survivor", "origin", "person"}


@pytest.fixture(scope="module")
def forgotten(demo, tmp_path_factory):  # noqa: F811
    """A copy of the demo, backed up, in which one of a family on one e-mail is erased."""
    home = tmp_path_factory.mktemp("forgotten")
    folder = home / "demo"
    shutil.copytree(demo[0], folder)
    project = carpel.open(folder)
    person = chosen(folder)
    project.export("rfm.champions", home / "out.csv")
    project.backup(home / "before.zip")
    erased = project.erase(str(person["customer"]))
    return folder, person, erased, home


def chosen(folder: Path) -> dict:
    """Somebody who bought, with a phone of their own and an e-mail that a relative has too."""
    with reading(carpel.open(folder).session) as reader:
        rows = reader.dicts(
            query("""
            WITH said AS (SELECT i.customer, r.id_email, r.id_phone, r.id_crm_id, r.ref
                          FROM records AS r JOIN identities AS i ON i.ref = r.ref),
            mails AS (SELECT id_email, list(DISTINCT customer) AS people FROM said
                      WHERE id_email IS NOT NULL GROUP BY 1 HAVING count(DISTINCT customer) = 2),
            phones AS (SELECT id_phone FROM said WHERE id_phone IS NOT NULL
                       GROUP BY 1 HAVING count(DISTINCT customer) = 1)
            SELECT s.customer, list_filter(m.people, p -> p <> s.customer)[1] AS relative,
                   s.id_email AS email, s.id_phone AS phone,
                   (SELECT list(DISTINCT CAST(x.ref AS VARCHAR)) FROM said AS x
                    WHERE x.customer = s.customer) AS refs
            FROM said AS s JOIN mails AS m USING (id_email) JOIN phones USING (id_phone)
            WHERE s.customer IN (SELECT customer FROM event_order_completed)
            ORDER BY s.customer LIMIT 1""")
        )
    return rows[0]


def traces(folder: Path, person: dict) -> list[str]:
    """Where values or the key of the person still stand: bytes, decoded cells, sets, ledger."""
    found = []
    for path in (each for each in (folder / ".carpel").rglob("*") if each.is_file()):
        if person["phone"].encode() in path.read_bytes():
            found.append(f"{path.name}: bytes")
        if path.suffix == ".parquet":
            found += [f"{path.name}: {where}" for where in in_cells(path, person)]
    return found + in_ledger(folder / ".carpel" / "ledger.db", person)


def in_cells(path: Path, person: dict) -> list[str]:
    table = pq.read_table(path)
    found = [
        f"column {name}"
        for name in table.column_names
        if name in KEYED and person["customer"] in table[name].to_pylist()
    ]
    for name in table.column_names:
        kind = str(table.schema.field(name).type)
        if kind in ("string", "large_string") and any(
            person["phone"] in (each or "") for each in table[name].unique().to_pylist()
        ):
            found.append(f"cells of {name}")
    if "members" in table.column_names:
        found += [
            f"set {row['segment']}"
            for row in table.to_pylist()
            if person["customer"] in BitMap.deserialize(row["members"])
        ]
    return found


def in_ledger(path: Path, person: dict) -> list[str]:
    with sqlite3.connect(path) as ledger:
        tables = [
            row[0] for row in ledger.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        return [
            f"ledger {table}"
            for table in tables
            for row in ledger.execute(f'SELECT * FROM "{table}"')
            if person["phone"] in map(str, row)
            or ("customer" in table and person["customer"] in row)
        ]


def test_nothing_of_the_person_is_left(forgotten):
    folder, person, erased, _ = forgotten
    assert traces(folder, person) == []
    assert erased.records == len(person["refs"])
    assert [deed.verb for deed in erased.left][-2:] == ["export", "backup"]
    log = carpel.open(folder).ls("log")
    assert not [row for row in log if row["person"] == person["customer"]]


def test_the_same_rows_read_again_are_set_aside_and_a_relative_stays(forgotten):
    folder, person, _, _ = forgotten
    (folder / "sources" / "crm.yml").write_text(
        (folder / "sources" / "crm.yml").read_text() + "\n# touched\nmost_shrink: 0.6\n"
    )
    project = carpel.open(folder)
    assert project.run(accept=True).changed
    aside = [row for row in project.set_aside() if row["reason"] == "erased"]
    assert sum(row["rows"] for row in aside) >= 2
    assert {"till", "crm"} & {row["source"] for row in aside}
    assert traces(folder, person) == []
    relative = project.show_customer(str(person["relative"]))
    assert person["email"] in str(relative.contact)


def test_a_restored_backup_has_them_erased_again(forgotten):
    folder, person, _, home = forgotten
    project = carpel.open(folder)
    project.restore(home / "before.zip")
    assert traces(folder, person) == []
    with reading(project.session) as reader:
        assert (
            reader.engine.value(
                query("SELECT count(*) FROM customers WHERE customer = :it", it=person["customer"])
            )
            == 0
        )
