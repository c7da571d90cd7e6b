"""Results of builds as tables in PostgreSQL: a schema a build, and one switch to the next.

Whoever reads `carpel.memberships` reads one build whole: views and the row that names the build
change in one transaction.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from time import monotonic, sleep

from carpel.engine.postgres import OURS, Postgres
from carpel.engine.postgres_connection import shown, telling
from carpel.engine.query import name, query, table
from carpel.errors import EngineError

BUILD = "carpel_build_"
MOMENT_MS = 100
"""Milliseconds that other readers may have to wait for a switch that cannot be made."""
BETWEEN, PATIENCE = 0.5, 120.0
"""Seconds between two tries, and after which a switch is given up."""


def schema_of(build: str) -> str:
    """The schema that holds what a build published."""
    return f"{BUILD}{build.lower()}"


def publish(engine: Postgres, build: str, files: Mapping[str, Sequence[Path]], keep: int) -> None:
    """Store the tables of a build, switch to it, and forget all but the newest builds.

    `files` are the Parquet files of each table. The names are views in the schema `carpel`
    afterwards; a failure leaves the former build as it was. Whoever reads in a long transaction
    goes on with the former build, and nobody else waits for them longer than a moment: the switch
    steps back and tries again, for as long as `PATIENCE`. Raises EngineError then.
    """
    schema = schema_of(build)
    quoted = engine.text(name(schema))
    for title, parts in files.items():
        engine.bind(title, parts)
    with telling(engine.url), engine.connection.transaction():
        engine.connection.execute(f"DROP SCHEMA IF EXISTS {quoted} CASCADE")
        engine.connection.execute(f"CREATE SCHEMA {quoted}")
        for title in files:
            rows = engine.text(query("SELECT * FROM :t", t=table(title, engine.work)))
            engine.connection.execute(f"CREATE TABLE {engine.text(table(title, schema))} AS {rows}")
            engine.drop(title)
    with telling(engine.url):
        if not _at_once(engine, lambda: _switch(engine, build, schema, list(files))):
            raise EngineError(
                f"Somebody has been reading the published tables for {PATIENCE:g} s and more, "
                "so the former build is still what is read there.",
                place=shown(engine.url),
                action="Let them finish (see pg_stat_activity), then carpel run.",
            )
        _forget(engine, keep)


def _at_once(engine: Postgres, work: Callable[[], None], patience: float = PATIENCE) -> bool:
    """Do it in one transaction that waits for no lock but a moment, again until it is done."""
    from psycopg.errors import LockNotAvailable

    given_up = monotonic() + patience
    while True:
        try:
            with engine.connection.transaction():
                engine.connection.execute(f"SET LOCAL lock_timeout = '{MOMENT_MS}ms'")
                work()
            return True
        except LockNotAvailable:
            if monotonic() >= given_up:
                return False
            sleep(BETWEEN)


def _switch(engine: Postgres, build: str, schema: str, titles: Sequence[str]) -> None:
    do = engine.connection.execute
    do(f"CREATE TABLE IF NOT EXISTS {OURS}.current (one boolean PRIMARY KEY, build text NOT NULL)")
    do(f"LOCK TABLE {OURS}.current IN EXCLUSIVE MODE")
    do(
        "INSERT INTO carpel.current VALUES (true, %s) "
        "ON CONFLICT (one) DO UPDATE SET build = EXCLUDED.build",
        [build],
    )
    views = do("SELECT viewname FROM pg_views WHERE schemaname = %s", [OURS]).fetchall()
    for (view,) in views:
        do(f"DROP VIEW {engine.text(table(view, OURS))}")
    for title in titles:
        rows = engine.text(query("SELECT * FROM :t", t=table(title, schema)))
        do(f"CREATE VIEW {engine.text(table(title, OURS))} AS {rows}")


def _forget(engine: Postgres, keep: int) -> None:
    """Drop the schemas of all builds but the newest; builds are named by when they began."""
    held = engine.connection.execute(
        "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %s) ORDER BY nspname DESC",
        [BUILD],
    ).fetchall()
    for (schema,) in held[keep:]:
        _at_once(engine, partial(_drop, engine, schema), 0.0)  # who still reads it keeps it


def _drop(engine: Postgres, schema: str) -> None:
    engine.connection.execute(f"DROP SCHEMA {engine.text(name(schema))} CASCADE")


def current(engine: Postgres) -> str:
    """The build that readers see; raises EngineError when there is none yet."""
    there = engine.connection.execute("SELECT to_regclass('carpel.current')").fetchone()
    row = (
        engine.connection.execute("SELECT build FROM carpel.current").fetchone()
        if there and there[0]
        else None
    )
    if row is None:
        raise EngineError("Nothing is published in this database yet.", action="carpel run")
    return str(row[0])
