"""The ledger, the lease, pins and pruning."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from carpel.engine.duckdb import DuckDB
from carpel.engine.query import query
from carpel.errors import Busy, NotFound, StoreError
from carpel.store import pins as pins_module
from carpel.store import process, schema
from carpel.store.audit import audited, deeds
from carpel.store.lease import leased
from carpel.store.ledger import Ledger
from carpel.store.pins import pinned, pinned_builds
from carpel.store.process import Process, this_process
from carpel.store.prune import prune
from carpel.store.store import Store

from .conftest import START, people, write_build

NEXT = max(schema.UPGRADES) + 1
"""The version after the ledger's."""


def test_the_door_is_light() -> None:
    """Whoever only asks for --help does not wait for SQLAlchemy, pyarrow or the engine."""
    code = (
        "import sys, carpel.store.store, carpel.store.audit, carpel.store.lease, "
        "carpel.store.pins, carpel.store.decisions, carpel.store.prune\n"
        "print([m for m in ('sqlalchemy', 'pyarrow', 'duckdb') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_customer_keys_never_come_back(store: Store) -> None:
    assert store.ledger.next_customer() == 1
    store.ledger.reserve_customers(7)
    store.ledger.reserve_customers(3)
    assert store.ledger.next_customer() == 8
    assert Ledger.open(store.folder).next_customer() == 8


def test_deeds_say_how_they_went(store: Store) -> None:
    with audited(store.ledger, store.clock, "show", {"segment": "vip"}, actor="ann", customer=3):
        assert deeds(store.ledger)[0].outcome == "running"
    with pytest.raises(NotFound), audited(store.ledger, store.clock, "explain"):
        raise NotFound("customer", "ada@home.example")
    with pytest.raises(KeyboardInterrupt), audited(store.ledger, store.clock, "run"):
        raise KeyboardInterrupt
    first, second, third = deeds(store.ledger)
    assert (first.actor, first.verb, first.arguments, first.customer, first.outcome) == (
        "ann",
        "show",
        {"segment": "vip"},
        3,
        "done",
    )
    assert first.at == START + timedelta(seconds=1) and first.ended_at > first.at
    assert (second.outcome, third.outcome) == ("NotFound", "Interrupted")
    assert b"ada@home" not in (store.folder / "ledger.db").read_bytes()
    assert [deed.verb for deed in deeds(store.ledger, "run")] == ["run"]


def test_a_damaged_ledger_is_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreError, match=r"(?s)ledger\.db.*carpel restore"):
        Ledger.open(tmp_path)


def test_an_older_ledger_is_upgraded_and_a_newer_one_refused(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.ledger.reserve_customers(41)
    second = {
        **schema.UPGRADES,
        NEXT: lambda connection: connection.execute(text("CREATE TABLE later (it TEXT)")),
    }
    monkeypatch.setattr(schema, "UPGRADES", second)
    ledger = Ledger.open(store.folder)
    assert ledger.mark("schema") == NEXT and ledger.next_customer() == 42
    assert ledger.rows(text("SELECT * FROM later")) == []
    monkeypatch.undo()
    with pytest.raises(StoreError, match="newer version"):
        Ledger.open(store.folder)


def test_a_failed_upgrade_leaves_the_former_version(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(connection: object) -> None:
        connection.execute(text("CREATE TABLE later (it TEXT)"))  # type: ignore[attr-defined]
        raise RuntimeError

    monkeypatch.setattr(schema, "UPGRADES", {**schema.UPGRADES, NEXT: broken})
    with pytest.raises(RuntimeError):
        Ledger.open(store.folder)
    assert store.ledger.mark("schema") == NEXT - 1
    with pytest.raises(StoreError):
        store.ledger.rows(text("SELECT * FROM later"))


def runs(store: Store) -> list[tuple[str, str | None]]:
    """How everything ended that held the lease, and the build it made, oldest first."""
    held = schema.runs.c
    return [
        (outcome, build)
        for outcome, build in store.ledger.rows(select(held.outcome, held.build).order_by(held.id))
    ]


def test_one_lease_at_a_time(store: Store) -> None:
    with leased(store.ledger, store.clock, "run", actor="ann") as lease:
        lease.confirm()
        with (
            pytest.raises(Busy, match=rf"ann .*carpel run, process {os.getpid()} on .* since 2026"),
            leased(store.ledger, store.clock, "erase"),
        ):
            pass
        lease.made("b7")
    with leased(store.ledger, store.clock, "run"):
        pass
    assert runs(store) == [("done", "b7"), ("done", None)]


DIES = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from carpel.store.store import open_store

store = open_store(Path(sys.argv[1]), lambda: datetime(2026, 3, 1, tzinfo=UTC))
with store.lease("run", actor="dead"):
    os._exit(1)
"""


def test_a_dead_holders_lease_is_taken_over(store: Store) -> None:
    subprocess.run([sys.executable, "-c", DIES, store.folder.parent], check=False)
    with leased(store.ledger, store.clock, "run") as lease:
        assert lease.took_over
    assert [outcome for outcome, _ in runs(store)] == ["killed", "done"]


def test_who_lost_the_lease_may_not_publish(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    build = write_build(store, "b1", {})
    with store.lease("run") as slow:
        monkeypatch.setattr(Process, "alive", lambda *_: False)
        with (
            leased(store.ledger, store.clock, "run", actor="bob"),
            pytest.raises(Busy, match="bob took this work over"),
        ):
            store.publish(replace(build, build="b2"), slow)
    assert store.builds.current_name() == "b1"


def test_life_and_death(monkeypatch: pytest.MonkeyPatch) -> None:
    me = this_process()
    late = START + timedelta(hours=1)
    assert me.alive(START, late), "silence does not kill on the same host"
    assert not replace(me, started="another boot").alive(START, START), "a reused number"
    assert replace(me, host="elsewhere").alive(START, START + timedelta(seconds=59))
    assert not replace(me, host="elsewhere").alive(START, late)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert not Process(me.host, ended.pid, "").alive(START, START)


def test_readers_keep_what_they_opened(store: Store) -> None:
    for name in ("b1", "b2", "b3", "b4"):
        write_build(store, name, {"costs": people()["findings"]})
    with pinned(store.ledger, store.builds, store.clock, "b1"):
        assert prune(store.builds, store.ledger, store.clock, keep=1) == ["b2", "b3"]
    assert store.builds.names() == ["b1", "b4"]
    assert prune(store.builds, store.ledger, store.clock, keep=1) == ["b1"]


def test_the_current_build_stays_whatever_its_age(store: Store) -> None:
    for name in ("b1", "b2", "b3"):
        write_build(store, name, {})
    store.builds.publish("b1")
    assert prune(store.builds, store.ledger, store.clock, keep=1) == ["b2"]


def test_pruning_deletes_only_what_no_build_names(store: Store) -> None:
    write_build(store, "b1", {"records": people()["records"], "links": people()["links"]})
    write_build(store, "b2", {"records": people()["records"]})
    orphan = store.builds.files.fresh()
    orphan.write_bytes(b"left by a killed run")
    prune(store.builds, store.ledger, store.clock, keep=1)
    assert store.builds.files.names() == store.builds.read("b2").files()


def test_a_damaged_manifest_loses_no_file(store: Store) -> None:
    write_build(store, "b1", people())
    write_build(store, "b2", {}, "b1")
    names = store.builds.files.names()
    (store.builds.folder / "b1.json").write_text("{")
    with store.lease("run"):
        assert store.builds.files.names() == names
    with pytest.raises(StoreError, match=r"b1.*damaged"):
        store.builds.read("b1")


def test_the_pins_of_the_dead_are_dropped(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    write_build(store, "b1", {})
    with pinned(store.ledger, store.builds, store.clock):
        monkeypatch.setattr(process.Process, "alive", lambda *_: False)
        with store.ledger.write() as connection:
            assert pinned_builds(connection, store.clock) == set()
        assert store.ledger.rows(text("SELECT * FROM pins")) == []


def test_a_build_pruned_before_it_was_pinned(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that looked at `current` just before a new build was published gets the new one."""
    write_build(store, "b1", {})
    write_build(store, "b2", {}, "b1")
    looks = iter(["b0", "b2"])
    monkeypatch.setattr(type(store.builds), "current_name", lambda _: next(looks))
    with pins_module.pinned(store.ledger, store.builds, store.clock) as build:
        assert build.build == "b2"
    assert store.ledger.rows(text("SELECT * FROM pins")) == []
    with pytest.raises(NotFound), pinned(store.ledger, store.builds, store.clock, "b9"):
        pass


def test_rollback(store: Store) -> None:
    with pytest.raises(NotFound, match="no current build"):
        store.rollback()
    write_build(store, "b1", {})
    with pytest.raises(NotFound, match="no build before the current one"):
        store.rollback()
    assert store.builds.current_name() == "b1"
    write_build(store, "b2", {}, "b1")
    store.ledger.reserve_customers(9)
    assert store.rollback().build == "b1" and store.builds.current_name() == "b1"
    assert store.rollback("b2").build == "b2"
    assert store.ledger.next_customer() == 10
    with pytest.raises(NotFound, match="b1, b2"):
        store.rollback("b7")
    (store.builds.folder / "b2.json").write_text("")
    assert store.rollback().build == "b1", "away from a damaged build"


@contextmanager
def small_disk(size: int) -> Iterator[None]:
    """No file may grow beyond this size meanwhile; the system refuses to write more."""
    former = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, former[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, former)


def test_a_full_disk_is_an_error_with_an_action(store: Store, engine: DuckDB) -> None:
    write_build(store, "b1", {})
    with small_disk(3), pytest.raises(StoreError, match="Free some space"):
        store.builds.publish("a name too long for this disk")
    with small_disk(1000), pytest.raises(StoreError, match=r"(?si)ledger.*free some space"):
        store.ledger.reserve_customers(7)
    with small_disk(1000), pytest.raises(StoreError, match="Free some space"):
        engine.write(
            query("SELECT range, md5(CAST(range AS VARCHAR)) FROM range(100000)"),
            store.builds.files.fresh(),
        )
    assert store.builds.current_name() == "b1"
    with store.lease("run"):
        assert store.builds.files.names() == set()
        assert [path.name for path in store.folder.glob(".*")] == []
