"""Backup, restore and the difference between two builds."""

import json
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from carpel.engine.duckdb import DuckDB
from carpel.errors import StoreError
from carpel.store.archive import backup, restore
from carpel.store.audit import audited, deeds
from carpel.store.decisions import Decision, decide, decisions
from carpel.store.diff import SegmentChange, TableChange, diff
from carpel.store.erasure import erase
from carpel.store.store import Store, open_store
from carpel.store.tombstones import tombstones

from .conftest import START, Ticking, bitmap, people, rows, write_build

pytestmark = pytest.mark.slow


@pytest.fixture
def project(shop: Store) -> Path:
    folder = shop.folder.parent
    (folder / "segments").mkdir()
    (folder / "carpel.yml").write_text("name: shop\n")
    (folder / "segments" / "vip.yml").write_text("label: VIP\n")
    (folder / "orders.csv").write_text("not ours to keep")
    return folder


def test_a_backup_comes_back_whole(
    shop: Store, project: Path, engine: DuckDB, tmp_path: Path, clock: Ticking
) -> None:
    shop.ledger.reserve_customers(5)
    decide(shop.ledger, Decision("apart", (11,), (31,)), at=START)
    with audited(shop.ledger, clock, "show"):
        pass
    archive = backup(shop, tmp_path / "shop.zip")
    assert archive.stat().st_mode & 0o777 == 0o600
    target = tmp_path / "elsewhere"
    restored = restore(archive, target, engine, clock)
    assert (list(restored.builds), restored.current) == (["b1", "b2"], "b2")
    again = open_store(target, clock)
    assert list(again.builds.all()) == list(shop.builds.all())
    assert again.builds.files.names() == shop.builds.files.names()
    assert again.key == shop.key and again.ledger.next_customer() == 6
    assert decisions(again.ledger) == decisions(shop.ledger)
    assert deeds(again.ledger) == deeds(shop.ledger)
    assert (target / "segments" / "vip.yml").read_text() == "label: VIP\n"
    assert not (target / "orders.csv").exists()


def test_a_restored_backup_has_the_erased_erased_again(
    shop: Store, project: Path, engine: DuckDB, tmp_path: Path, clock: Ticking
) -> None:
    with audited(shop.ledger, clock, "show", {}, customer=1):
        pass
    archive = backup(shop, tmp_path / "shop.zip")
    erase(shop, engine, 1)
    before = {name: rows(shop, "b2", name) for name in ("records", "contacts", "event_bought")}
    buried = tombstones(shop.ledger, shop.key).hashes
    restore(archive, project, engine, clock)
    assert {name: rows(shop, "b2", name) for name in before} == before
    assert tombstones(shop.ledger, shop.key).hashes == buried
    assert [deed.customer for deed in deeds(shop.ledger, "show")] == [None]
    named = {name for build in shop.builds.all() for name in build.files()}
    assert shop.builds.files.names() == named, "no file of the unerased backup is left"
    for name in named:
        told = [
            str(cell)
            for values in pq.read_table(shop.builds.files.path(name)).to_pydict().values()
            for cell in values
        ]
        assert not [cell for cell in told if "Ada" in cell or "9460001" in cell]


def test_restoring_forgets_nothing_that_happened_since(
    shop: Store, project: Path, engine: DuckDB, tmp_path: Path, clock: Ticking
) -> None:
    archive = backup(shop, tmp_path / "shop.zip")
    write_build(shop, "b3", people(), "b2")
    shop.ledger.reserve_customers(99)
    decide(shop.ledger, Decision("together", (11,), (31,)), at=START)
    (project / "carpel.yml").write_text("name: shop\ncurrency: EUR\n")
    (project / "segments" / "vip.yml").unlink()
    restored = restore(archive, project, engine, clock)
    assert shop.builds.current_name() == "b2" and "b3" in shop.builds.names()
    assert shop.ledger.next_customer() == 100
    assert len(decisions(shop.ledger)) == 1
    assert list(restored.differing) == ["carpel.yml"]
    assert (project / "segments" / "vip.yml").exists()


def damage(archive: Path, change: str) -> None:
    with zipfile.ZipFile(archive) as old:
        content = {name: old.read(name) for name in old.namelist()}
    file = next(name for name in content if name.startswith("files/"))
    changes = {
        "cut": lambda: archive.write_bytes(archive.read_bytes()[:-500]),
        "swapped": lambda: content.update({file: b"PAR1 something else"}),
        "climbing": lambda: content.update({"project/../../evil.yml": b"x"}),
        "newer": lambda: content.update({"about.json": json.dumps({"format": 99}).encode()}),
        "headless": lambda: content.pop("about.json"),
        "manifest": lambda: content.update({"builds/b1.json": b"{}"}),
    }
    changes[change]()
    if change != "cut":
        with zipfile.ZipFile(archive, "w") as new:
            for name, data in content.items():
                new.writestr(name, data)


@pytest.mark.parametrize("change", ["cut", "swapped", "climbing", "newer", "headless", "manifest"])
def test_a_damaged_backup_changes_nothing(
    shop: Store, project: Path, engine: DuckDB, tmp_path: Path, clock: Ticking, change: str
) -> None:
    archive = backup(shop, tmp_path / "shop.zip")
    damage(archive, change)
    target = tmp_path / "elsewhere"
    with pytest.raises(StoreError):
        restore(archive, target, engine, clock)
    assert not (tmp_path / "evil.yml").exists()
    if target.exists():
        left = open_store(target, clock)
        with left.lease("run"):
            assert left.builds.names() == [] and left.builds.files.names() == set()


def test_a_backup_that_is_not_there_is_said(tmp_path: Path, engine: DuckDB, clock: Ticking) -> None:
    with pytest.raises(StoreError, match="no such file"):
        restore(tmp_path / "none.zip", tmp_path / "elsewhere", engine, clock)


def test_a_backup_of_another_project_is_refused(
    shop: Store, project: Path, engine: DuckDB, tmp_path: Path, clock: Ticking
) -> None:
    archive = backup(shop, tmp_path / "shop.zip")
    other = open_store(tmp_path / "other", clock)
    write_build(other, "x1", {})
    with pytest.raises(StoreError, match="another project"):
        restore(archive, tmp_path / "other", engine, clock)
    assert other.builds.names() == ["x1"]


def test_the_difference_of_two_builds(store: Store, engine: DuckDB) -> None:
    def sets(**members: tuple[int, ...]) -> object:
        import pyarrow as pa

        return pa.table(
            {
                "segment": list(members),
                "part": ["members"] * len(members),
                "members": [bitmap(*each) for each in members.values()],
            }
        )

    first = write_build(
        store,
        "b1",
        {
            "records": people()["records"],
            "links": people()["links"],
            "memberships": sets(a=(1, 2), same=(1,), gone=(4,)),
            "account_segments": sets(firms=(1, 2), still=(3,)),
        },
    )
    second = write_build(
        store,
        "b2",
        {
            "records": people()["records"].slice(1),
            "costs": people()["findings"],
            "memberships": sets(a=(2, 3, 5), same=(1,), new=()),
            "account_segments": sets(firms=(2, 7, 8), still=(3,)),
        },
    )
    difference = diff(engine, store.builds.files, first, second)
    assert list(difference.tables) == [
        TableChange("account_segments", 2, 2),
        TableChange("costs", None, 2),
        TableChange("links", 2, None),
        TableChange("memberships", 3, 3),
        TableChange("records", 4, 3),
    ]
    assert list(difference.segments) == [
        SegmentChange("a", 2, 3, 2, 1),
        SegmentChange("gone", 1, None, 0, 1),
        SegmentChange("new", None, 0, 0, 0),
        SegmentChange("firms", 2, 3, 2, 1, "account"),
    ]
