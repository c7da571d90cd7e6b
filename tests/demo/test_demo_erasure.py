"""Somebody of the demo is forgotten: in no byte, no cell, no set; a relative stays; for good."""

import shutil
from pathlib import Path

import pytest

import carpel
from carpel.engine.query import query
from carpel.verbs.reader import reading

from .traces import Traces

pytestmark = pytest.mark.prove


@pytest.fixture(scope="module")
def forgotten(demo, tmp_path_factory):
    """A copy of the demo, backed up, in which one of a family on one e-mail is erased."""
    home = tmp_path_factory.mktemp("forgotten")
    folder = home / "demo"
    shutil.copytree(demo[0], folder)
    project = carpel.open(folder)
    person = chosen(folder)
    project.export("rfm.champions", home / "out.csv")
    project.report(home / "report.html")
    project.show_customer(person["phone"])
    project.backup(home / "before.zip")
    traces = Traces(folder, person["customer"])
    before = traces.found()
    erased = project.erase(f"key:{person['customer']}")
    return folder, person, erased, home, traces, before


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


def test_the_search_finds_what_is_there(forgotten):
    """Before: e-mail parts, phone, names, address and birth date stood in cells, the key too."""
    _, person, _, _, traces, before = forgotten
    hits = {what for _, what in before}
    assert {"key", "set", person["phone"]} <= hits
    assert len(traces.values) >= len(traces.keys["ref"]) + 5
    assert {where for where, what in before if what == "key"} >= {
        "identities.customer", "records.ref", "profiles.customer", "contacts.customer",
        "event_order_completed.customer", "activity_order_completed.event_key",
        "ledger audit.customer",
    }  # fmt: skip


def test_nothing_of_the_person_is_left(forgotten):
    folder, person, erased, _, traces, _ = forgotten
    assert traces.found() == []
    assert erased.records == len(person["refs"])
    assert [deed.verb for deed in erased.left][-3:] == ["export", "report", "backup"]
    log = carpel.open(folder).ls("log")
    assert not [row for row in log if row["person"] == person["customer"]]


def test_the_same_rows_read_again_are_set_aside_and_a_relative_stays(forgotten):
    folder, person, _, _, traces, _ = forgotten
    (folder / "sources" / "crm.yml").write_text(
        (folder / "sources" / "crm.yml").read_text() + "\n# touched\nmost_shrink: 0.6\n"
    )
    project = carpel.open(folder)
    assert project.run(accept=True).changed
    aside = [row for row in project.set_aside() if row["reason"] == "erased"]
    assert sum(row["rows"] for row in aside) >= 2
    assert {"till", "crm"} & {row["source"] for row in aside}
    assert traces.found() == []
    relative = project.show_customer(str(person["relative"]))
    assert person["email"] in str(relative.contact)


def test_a_restored_backup_has_them_erased_again(forgotten):
    folder, person, _, home, traces, _ = forgotten
    project = carpel.open(folder)
    project.restore(home / "before.zip")
    assert traces.found() == []
    with reading(project.session) as reader:
        assert (
            reader.engine.value(
                query("SELECT count(*) FROM customers WHERE customer = :it", it=person["customer"])
            )
            == 0
        )
