"""After an erasure nothing of the person is left, and nothing of anybody else is gone."""

import re
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from pyroaring import BitMap

from carpel.engine.duckdb import DuckDB
from carpel.errors import Busy, NotFound
from carpel.store.audit import audited, deeds
from carpel.store.decisions import Decision, decide, decisions
from carpel.store.erasure import erase
from carpel.store.store import Store
from carpel.store.tombstones import tombstones

from .conftest import START, people, rows

pytestmark = pytest.mark.slow

ADA = (b"+442079460001", b"20 7946 0001", b"Ada", b"ada-alone")


def everything(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def cells(folder: Path) -> list[tuple[str, str, Any]]:
    """Every decoded cell of every Parquet file, with its column."""
    return [
        (path.name, name, cell)
        for path in folder.rglob("*.parquet")
        for name, values in pq.read_table(path).to_pydict().items()
        for cell in values
    ]


def test_nothing_of_the_person_is_left(shop: Store, engine: DuckDB) -> None:
    (shop.folder / "logs").mkdir()
    (shop.folder / "logs" / "run.log").write_text("read 4 rows\nodd phone 020 7946 0001\n")
    (shop.folder / "reports").mkdir()
    (shop.folder / "reports" / "r.html").write_text("Ada")
    with audited(
        shop.ledger, shop.clock, "show", {"customer": "1", "by": "+442079460001"}, customer=1
    ):
        pass
    assert any(value in b"".join(everything(shop.folder).values()) for value in ADA)
    erase(shop, engine, 1)
    of_accounts = shop.builds.read("b2").tables()["account_segments"]
    for name, content in everything(shop.folder).items():
        assert not [value for value in ADA if value in content], name
    assert (shop.folder / "logs" / "run.log").read_text() == "read 4 rows\n"
    for file, name, cell in cells(shop.folder):
        assert not isinstance(cell, str) or not any(v.decode() in cell for v in ADA), (file, name)
        if name in ("customer", "survivor", "origin"):
            assert cell not in (1, 4), (file, name)
        if name in ("ref", "left_ref", "right_ref"):
            assert cell not in (11, 12), (file, name)
        if name == "members" and file not in of_accounts:
            assert not BitMap.deserialize(cell) & BitMap([1, 4])
    [deed] = deeds(shop.ledger, "show")
    assert deed.customer is None
    assert deed.arguments == {"customer": "erased", "by": "erased"}


def test_nothing_of_anybody_else_is_gone(shop: Store, engine: DuckDB) -> None:
    before = {name: data.to_pylist() for name, data in people().items()}
    erase(shop, engine, 1)
    for name in ("customers", "contacts", "event_bought", "belongings", "identities"):
        kept = [row for row in before[name] if row["customer"] != 1]
        assert rows(shop, "b2", name) == kept
    for name in ("records", "staged_event_bought"):
        assert rows(shop, "b2", name) == [r for r in before[name] if r["ref"] not in (11, 12)]
    assert [row["account"] for row in rows(shop, "b2", "accounts")] == [2]
    assert [row["row"] for row in rows(shop, "b2", "set_aside")] == [7, 8]
    assert [row["message"] for row in rows(shop, "b2", "findings")] == [None, "all is well"]
    vip, new = rows(shop, "b2", "memberships")
    assert (vip["people"], list(BitMap.deserialize(vip["members"]))) == (1, [2])  # type: ignore[arg-type]
    assert (new["people"], list(BitMap.deserialize(new["members"]))) == (2, [2, 3])  # type: ignore[arg-type]


def test_a_set_of_accounts_loses_those_that_go_and_none_that_is_numbered_alike(
    shop: Store, engine: DuckDB
) -> None:
    """Person 3 belongs to no account; account 1 is person 1's alone."""
    erase(shop, engine, 3)
    (near,) = rows(shop, "b2", "account_segments")
    assert list(BitMap.deserialize(near["members"])) == [1, 2, 3] and near["people"] == 4  # type: ignore[arg-type]
    erase(shop, engine, 1)
    (near,) = rows(shop, "b2", "account_segments")
    assert list(BitMap.deserialize(near["members"])) == [2, 3]  # type: ignore[arg-type]
    assert (near["accounts"], near["people"]) == (2, 3)


def test_only_the_rewritten_files_change(shop: Store, engine: DuckDB) -> None:
    shared = shop.builds.read("b2").tables()["staged_event_bought"]
    result = erase(shop, engine, 3)
    b1, b2 = shop.builds.read("b1"), shop.builds.read("b2")
    assert b1.tables()["records"] == b2.tables()["records"], "builds go on sharing files"
    assert b2.tables()["staged_event_bought"] != shared
    assert shop.builds.files.names() == b1.files() | b2.files(), "old files are gone"
    assert b1.tables()["extra"], "a file without Bob stays"
    assert result.builds == 2 and result.records == 1
    assert result.rows == [("crm", "crm.csv", 3)]


def test_a_merge_since_undone_does_not_hide_the_person(shop: Store, engine: DuckDB) -> None:
    """In the first build Eva's record stands under Bob's key."""
    erase(shop, engine, 2)
    assert 21 not in [row["ref"] for row in rows(shop, "b1", "records")]
    assert 102 not in [row["event_key"] for row in rows(shop, "b1", "event_bought")]
    assert 3 in [row["customer"] for row in rows(shop, "b1", "contacts")]


def test_tombstones_know_the_person_again_and_no_relative(shop: Store, engine: DuckDB) -> None:
    erase(shop, engine, 1)
    stones = tombstones(shop.ledger, shop.key)
    engine.register("again", people()["records"])
    assert stones.refs_in(engine, "again") == [11, 12]
    changed = people()["records"].set_column(0, "ref", [[71, 72, 73, 74]])
    engine.register("changed", changed)
    assert stones.refs_in(engine, "changed") == [71, 72], "by phone, and by shared mail and name"
    assert stones.in_content('{"p": "(020) 7946-0001"}')
    assert not stones.in_content('{"m": "lovelace@home.example", "n": "Eva Lovelace"}')
    assert re.fullmatch(r"[0-9a-f]{32}", stones.fingerprint)


def test_a_shared_address_with_the_name_is_known(shop: Store, engine: DuckDB) -> None:
    erase(shop, engine, 2)
    import pyarrow as pa

    engine.register(
        "again",
        pa.table(
            {
                "ref": pa.array([1, 2, 3], pa.uint64()),
                "id_email": ["Lovelace@HOME.example"] * 3,
                "t_full_name": ["Lovelace Éva", "Ada Lovelace", None],
            }
        ),
    )
    assert tombstones(shop.ledger, shop.key).refs_in(engine, "again") == [1]


def test_decisions_about_the_person_go(shop: Store, engine: DuckDB) -> None:
    decide(shop.ledger, Decision("apart", (11,), (31,)), at=START)
    decide(shop.ledger, Decision("apart", (21,), (31,)), at=START)
    erase(shop, engine, 1)
    assert decisions(shop.ledger) == (Decision("apart", (21,), (31,)),)


def test_what_has_left_is_listed(shop: Store, engine: DuckDB) -> None:
    for verb, to in (("export", "vip.csv"), ("report", None), ("backup", "all.zip")):
        with audited(shop.ledger, shop.clock, verb, {"to": to}):
            pass
    left = erase(shop, engine, 1).left
    assert [(deed.verb, deed.arguments["to"]) for deed in left] == [
        ("export", "vip.csv"),
        ("backup", "all.zip"),  # the report in the store itself was deleted
    ]


def test_nobody_is_erased_by_mistake(shop: Store, engine: DuckDB) -> None:
    before = everything(shop.folder / "files")
    with pytest.raises(NotFound):
        erase(shop, engine, 99)
    with shop.lease("run"), pytest.raises(Busy):
        erase(shop, engine, 1)
    assert everything(shop.folder / "files") == before
    assert not tombstones(shop.ledger, shop.key)


def test_the_key_is_the_owners_alone(store: Store) -> None:
    assert (store.folder / "key").stat().st_mode & 0o777 == 0o600
    assert len(store.key) == 32
