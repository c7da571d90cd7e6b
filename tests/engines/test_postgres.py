"""PostgreSQL: what lies where, whose tables are read, what is left behind, what is refused."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from time import sleep
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from carpel.engine import published
from carpel.engine.duckdb import DuckDB
from carpel.engine.meanings import spoken
from carpel.engine.postgres import AT_WORK, Postgres
from carpel.engine.published import current, publish
from carpel.engine.query import column, query, table
from carpel.errors import EngineError
from carpel.evaluation import Evaluator
from carpel.language import parse

pytestmark = pytest.mark.slow

PEOPLE = "SELECT people FROM carpel.sizes"
ALL = query("SELECT * FROM :t", t=table("it"))
EVERY_KIND = pa.table(
    {
        "key": pa.array([0, 2**63, 2**64 - 1], pa.uint64()),
        "small": pa.array([1, None, -1], pa.int8()),
        "text": ["ß", "", None],
        "words": pa.array([["a", None], [], None], pa.list_(pa.string())),
        "day": pa.array([0, 19782, None], pa.date32()),
        "at": pa.array([0, -1, None], pa.timestamp("us")),
        "number": [0.1, float("nan"), float("inf")],
        "yes": [True, None, False],
        "bytes": pa.array([b"\x00\xff", b"", None]),
        "named": pa.array(["x", "y", "x"]).dictionary_encode(),
    }
)


def filed(folder: Path, name: str, data: pa.Table) -> Path:
    file = folder / f"{name}.parquet"
    pq.write_table(data, file)
    return file


def cells(rows: list[Any]) -> list[str]:
    """Rows to be compared: not-a-number is nothing's equal, but it is written like itself."""
    return sorted(map(repr, rows))


def test_every_kind_of_column_comes_back_as_it_went(postgres: Postgres, tmp_path: Path) -> None:
    ours = DuckDB()
    for engine in (ours, postgres):
        engine.register("it", EVERY_KIND)
    assert cells(postgres.rows(ALL)) == cells(ours.rows(ALL))
    postgres.write(ALL, tmp_path / "written.parquet")
    written = pq.read_table(tmp_path / "written.parquet").to_pylist()
    assert cells([tuple(row.values()) for row in written]) == cells(ours.rows(ALL))
    ours.close()


def test_files_are_one_table_by_name_and_loaded_once(postgres: Postgres, tmp_path: Path) -> None:
    files = [
        filed(tmp_path, "one", pa.table({"a": [1], "b": ["x"]})),
        filed(tmp_path, "two", pa.table({"b": ["y"], "c": [2.5]})),
    ]
    postgres.bind("it", files)
    assert postgres.columns("it") == {"a": "BIGINT", "b": "VARCHAR", "c": "DOUBLE"}
    assert set(postgres.rows(ALL)) == {(1, "x", None), (None, "y", 2.5)}
    before = loaded(postgres)
    again = Postgres(postgres.url)
    again.bind("it", files)
    assert loaded(postgres) == before
    again.close()


def loaded(engine: Postgres) -> set[Any]:
    return set(
        engine.connection.execute(
            "SELECT oid, relname FROM pg_class WHERE relname LIKE 'file%' "
            "AND relnamespace = 'carpel'::regnamespace"
        )
    )


def test_a_table_nobody_wrote_has_the_columns_of_its_contract(postgres: Postgres) -> None:
    postgres.bind("customers", [])
    assert list(postgres.columns("customers")) == ["customer", "known_since", "records"]
    assert postgres.rows(query("SELECT customer FROM customers")) == []


def test_rules_over_tables_of_ones_own_leave_them_as_they_are(server: str) -> None:
    with psycopg.connect(server, autocommit=True) as own:
        own.execute("DROP SCHEMA IF EXISTS shop CASCADE; CREATE SCHEMA shop")
        own.execute("CREATE TABLE shop.people AS SELECT g AS customer FROM generate_series(1, 4) g")
        own.execute(
            "CREATE TABLE shop.orders (customer int, event_key bigint, at timestamptz, "
            "amount numeric(10, 2), kind varchar(9))"
        )
        own.execute(
            "INSERT INTO shop.orders VALUES (1, 1, '2026-03-01 00:30+02', 10.10, 'Café'), "
            "(1, 2, '2026-03-02', 20.20, 'cafe'), (2, 3, '2026-02-01', 99, NULL)"
        )
    engine = Postgres(server, {"customers": "shop.people", "event_bought": "shop.orders"})
    evaluator = Evaluator(engine, as_of=datetime(2026, 3, 3, tzinfo=UTC), zone=ZoneInfo("UTC"))
    rule = {"did": "bought", "sum": "amount", "is": 30.3, "within": "5 days"}
    assert set(evaluator.sets(parse(rule)).yes) == {1}
    folded = {"did": "bought", "where": {"kind": {"is": "CAFÉ", "fold": True}}, "at_least": 2}
    assert set(evaluator.sets(parse(folded)).yes) == {1}
    assert engine.value(query("SELECT min(at) FROM event_bought")) == datetime(2026, 2, 1)  # noqa: DTZ001
    engine.close()
    with psycopg.connect(server) as own:
        counted = own.execute("SELECT count(*), sum(amount)::text FROM shop.orders").fetchone()
    assert counted == (3, "129.30")


def test_nothing_is_left_at_work_not_even_by_a_process_that_died(server: str) -> None:
    died = Postgres(server)
    died.connection.close()
    died._arrow.close()
    assert died.work in at_work(server)
    living = Postgres(server)
    assert at_work(server) == {living.work}
    living.close()
    assert at_work(server) == set()


def at_work(server: str) -> set[str]:
    with psycopg.connect(server) as connection:
        rows = connection.execute(
            "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %s)", [AT_WORK]
        )
        return {row[0] for row in rows}


def test_a_build_is_published_whole_and_old_ones_are_forgotten(
    postgres: Postgres, tmp_path: Path
) -> None:
    for number in range(3):
        file = filed(tmp_path, f"sizes{number}", pa.table({"segment": ["a"], "people": [number]}))
        publish(postgres, f"2026030{number}T000000", {"sizes": [file]}, keep=2)
        with psycopg.connect(postgres.url) as reader:
            assert reader.execute("SELECT people FROM carpel.sizes").fetchall() == [(number,)]
    assert current(postgres) == "20260302T000000"
    with pytest.raises(EngineError):
        publish(postgres, "20260303T000000", {"sizes": [file], "x" * 70: [file]}, keep=2)
    assert current(postgres) == "20260302T000000"
    with psycopg.connect(postgres.url) as reader:
        builds = reader.execute(
            "SELECT count(*) FROM pg_namespace WHERE starts_with(nspname, 'carpel_build_')"
        ).fetchone()
    assert builds == (2,)


def test_a_long_reader_keeps_its_build_and_nobody_waits_for_the_switch(
    server: str, postgres: Postgres, tmp_path: Path
) -> None:
    files = [_sizes(tmp_path, number) for number in range(2)]
    publish(postgres, "20260401T000000", {"sizes": [files[0]]}, keep=1)
    with psycopg.connect(server) as long, ThreadPoolExecutor(1) as pool:
        assert long.execute(PEOPLE).fetchall() == [(0,)]
        done = pool.submit(publish, postgres, "20260402T000000", {"sizes": [files[1]]}, 1)
        with psycopg.connect(server, autocommit=True) as other:
            other.execute("SET statement_timeout = '2s'")
            seen = [other.execute(PEOPLE).fetchone() for _ in range(200) if not sleep(0.005)]
        assert set(seen) == {(0,)} and not done.done()
        assert long.execute(PEOPLE).fetchall() == [(0,)]
        long.commit()
        done.result(30)
        assert long.execute(PEOPLE).fetchall() == [(1,)]
    assert current(postgres) == "20260402T000000"


@pytest.mark.parametrize("moment", ["tables", "switch"])
def test_a_connection_that_dies_leaves_the_former_build(
    moment: str, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed while the tables are made, or in the midst of the switch itself."""
    with closing(Postgres(server)) as first:
        publish(first, "20260501T000000", {"sizes": [_sizes(tmp_path, 7)]}, keep=2)

    def killed(*_: object) -> None:
        with psycopg.connect(server, autocommit=True) as other:
            pid = dying.connection.info.backend_pid
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        dying.connection.execute("SELECT 1")

    dying = Postgres(server)
    if moment == "tables":
        monkeypatch.setattr(dying, "drop", killed)
    else:
        switch = published._switch
        monkeypatch.setattr(published, "_switch", lambda *args: (switch(*args), killed()))
    with pytest.raises(EngineError):
        publish(dying, "20260502T000000", {"sizes": [_sizes(tmp_path, 8)]}, keep=2)
    monkeypatch.undo()
    with suppress(psycopg.Error, EngineError):
        dying.close()
    with closing(Postgres(server)) as after, psycopg.connect(server) as reader:
        assert current(after) == "20260501T000000"
        assert reader.execute(PEOPLE).fetchall() == [(7,)]
        reader.commit()
        publish(after, "20260503T000000", {"sizes": [_sizes(tmp_path, 9)]}, keep=2)
        assert reader.execute(PEOPLE).fetchall() == [(9,)]


def _sizes(folder: Path, people: int) -> Path:
    return filed(folder, f"sizes{people}", pa.table({"segment": ["a"], "people": [people]}))


def test_sessions_see_the_same_tables(postgres: Postgres) -> None:
    postgres.register("it", pa.table({"a": [1]}))
    other = postgres.session()
    assert other.rows(ALL) == [(1,)]
    other.close()
    assert postgres.rows(ALL) == [(1,)]


def test_what_goes_wrong_names_the_database_and_no_password() -> None:
    with pytest.raises(EngineError) as told:
        Postgres("postgresql://ann:hush%21hush@127.0.0.1:9/shop")
    assert "127.0.0.1/shop" in str(told.value)
    assert "hush" not in str(told.value)


def test_names_are_refused_rather_than_cut(postgres: Postgres) -> None:
    with pytest.raises(EngineError, match="too long"):
        postgres.register("ö" * 32, pa.table({"a": [1]}))


def test_a_pattern_it_has_no_equal_of_is_named(postgres: Postgres) -> None:
    with pytest.raises(Exception, match=r"\(\?i\)"):
        spoken(query("REGEXP_MATCHES(:a, :p)", a=column("a"), p="(?i)x"), "postgres")
