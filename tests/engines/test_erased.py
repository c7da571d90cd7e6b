"""Nobody who was erased is left in a database that builds were copied to."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

import carpel
from carpel.engine.postgres import OURS, Postgres
from carpel.engine.postgres_files import LOADED
from carpel.engine.published import BUILD
from carpel.engine.query import query
from carpel.errors import EngineError, NotFound

pytestmark = pytest.mark.slow
BEGUN = datetime(2026, 3, 1, 12, tzinfo=UTC)
FILES = {
    "carpel.yml": "version: 1\nname: shop\nbuilds: {keep: 2}\n"
    'engine: {kind: postgres, url: "${SHOP_DATABASE}"}\n',
    "orders.csv": "mail,who,day,paid,note\n"
    "ann@x.example,Annabel,2026-02-01,10,gift for Annabel\n"
    "bob@x.example,Bertram,2026-02-20,99,\n"
    "ann@x.example,Annabel,2026-02-27,5.5,\n",
    "sources/orders.yml": "version: 1\nname: orders\nread: orders.csv\nidentifiers: {email: mail}\n"
    "traits: {first_name: who}\n"
    "track:\n- event: order_completed\n  at: day\n  properties: {amount: paid, note: note}\n",
    "segments/buyers.yml": "version: 1\nname: buyers\nwhere:\n  all:\n"
    "  - {did: order_completed, where: {note: {is_set: true}}, at_least: 0}\n"
    "  - {trait: first_name, is_set: true}\n",
    "segmentations/rfm.yml": "version: 1\nname: rfm\nkind: rfm\n",
}


@pytest.fixture
def fresh(server: str) -> Iterator[str]:
    """The URL of a database of the test's own."""
    with psycopg.connect(server, autocommit=True) as whole:
        whole.execute("DROP DATABASE IF EXISTS erasing")
        whole.execute("CREATE DATABASE erasing")
    yield server.replace("/postgres?", "/erasing?")
    with psycopg.connect(server, autocommit=True) as whole:
        whole.execute("DROP DATABASE erasing WITH (FORCE)")


@pytest.fixture
def shop(
    fresh: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], carpel.Project]:
    """Opens the project, a day later each time."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setenv("SHOP_DATABASE", fresh)
    days = iter(BEGUN + timedelta(days=number) for number in range(9))

    def opened() -> carpel.Project:
        now = next(days)
        return carpel.Project(tmp_path, clock=lambda: now)

    return opened


def everything(url: str) -> dict[str, str]:
    """All rows of all tables of ours, and what the server noted of their values, as text."""
    with psycopg.connect(url) as reader:
        listed = reader.execute(
            "SELECT table_schema, table_name FROM information_schema.tables "
            "WHERE starts_with(table_schema, 'carpel') AND table_type = 'BASE TABLE'"
        ).fetchall()
        found = {
            f"{schema}.{title}": str(
                reader.execute(f'SELECT array_agg(t::text) FROM "{schema}"."{title}" t').fetchone()
            )
            for schema, title in listed
        }
        found["statistics"] = str(
            reader.execute(
                "SELECT array_agg(s::text) FROM pg_stats s WHERE starts_with(schemaname, 'carpel')"
            ).fetchone()
        )
    return found


def bytes_of(url: str) -> bytes:
    """Every file of the database, as the server's disk has it."""
    with psycopg.connect(url, autocommit=True) as reader:
        reader.execute("CHECKPOINT")
        folder, own = reader.execute(
            "SELECT current_setting('data_directory'), oid::text FROM pg_database "
            "WHERE datname = current_database()"
        ).fetchone() or ("", "")
    files = (Path(folder) / "base" / own).iterdir()
    return b"".join(each.read_bytes() for each in files if each.is_file())


def customers(url: str, title: str) -> set[int]:
    with psycopg.connect(url) as reader:
        return {row[0] for row in reader.execute(f"SELECT customer FROM carpel.{title}")}


def test_after_an_erasure_neither_key_nor_value_is_in_any_table(
    fresh: str, shop: Callable[[], carpel.Project]
) -> None:
    shop().run()
    project = shop()
    project.run()
    ann, bob = project.key("ann@x.example"), project.key("bob@x.example")
    held = everything(fresh)
    assert any("Annabel" in each for each in held.values())
    assert b"Annabel" in bytes_of(fresh)
    assert customers(fresh, "members") == customers(fresh, "rfm_rfm") == {ann, bob}
    project.erase("ann@x.example")
    left = everything(fresh)
    assert not [name for name, rows in left.items() if "ann@" in rows or "Annabel" in rows]
    assert b"Annabel" not in bytes_of(fresh)
    builds = {name for name in left if name.startswith(BUILD)}
    assert len({name.split(".")[0] for name in builds}) == 2
    for name in builds:
        schema, title = name.split(".")
        with psycopg.connect(fresh) as reader:
            columns = reader.execute(f'SELECT * FROM "{schema}"."{title}" LIMIT 0').description
            if "customer" in [each.name for each in columns or []]:
                keys = reader.execute(f'SELECT DISTINCT customer FROM "{schema}"."{title}"')
                assert {row[0] for row in keys} <= {bob}
    assert customers(fresh, "members") == customers(fresh, "rfm_rfm") == {bob}
    again = shop()
    again.run(accept=True)
    assert not [name for name, rows in everything(fresh).items() if "Annabel" in rows]
    assert customers(fresh, "members") == {bob}


@pytest.mark.prove
def test_only_what_kept_builds_name_stays_loaded(
    fresh: str, shop: Callable[[], carpel.Project]
) -> None:
    for _ in range(4):
        project = shop()
        project.run()
    builds = list(project.session.store.builds.all())
    named = {f"{LOADED}{Path(file).stem}" for build in builds for file in build.files()}
    held = [name.split(".") for name in everything(fresh)]
    loaded = {each[1] for each in held if each[0] == OURS and each[1].startswith(LOADED)}
    assert loaded and loaded <= named
    assert len({each[0] for each in held if each[0].startswith(BUILD)}) == len(builds) == 2


@pytest.mark.prove
def test_what_a_process_at_work_reads_is_not_pruned(
    fresh: str, shop: Callable[[], carpel.Project], tmp_path: Path
) -> None:
    project = shop()
    project.run()
    build = project.session.store.builds.current()
    assert build is not None
    (file,) = build.tables()["event_order_completed"]
    with closing(Postgres(fresh)) as reader:
        reader.bind("mine", [project.session.store.builds.files.path(file)])
        for _ in range(3):
            with (tmp_path / "orders.csv").open("a") as rows:
                rows.write("cyd@x.example,Cyd,2026-02-28,1,\n")
            shop().run(accept=True)
        assert len(reader.rows(query("SELECT * FROM mine"))) == 3
    shop().run()


def test_without_the_server_nobody_is_erased_and_it_can_be_repeated(
    fresh: str, shop: Callable[[], carpel.Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    project = shop()
    project.run()
    ann = project.key("ann@x.example")
    monkeypatch.setenv("SHOP_DATABASE", "postgresql://ann:hush@127.0.0.1:9/shop")
    with pytest.raises(EngineError, match="Nobody was erased") as told:
        shop().erase("ann@x.example")
    assert "hush" not in str(told.value) and "again" in str(told.value)
    assert shop().key("ann@x.example") == ann
    assert customers(fresh, "members") >= {ann}
    monkeypatch.setenv("SHOP_DATABASE", fresh)
    shop().erase("ann@x.example")
    assert ann not in customers(fresh, "members")
    with pytest.raises(NotFound):
        shop().key("ann@x.example")
