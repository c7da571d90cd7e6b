"""What PostgreSQL keeps of a project's builds: forgetting builds, and forgetting people."""

from collections.abc import Collection, Iterator
from pathlib import Path

from carpel.engine.postgres import OURS, Postgres
from carpel.engine.postgres_connection import telling
from carpel.engine.postgres_files import LOADED, content_name
from carpel.engine.published import BUILD, schema_of
from carpel.engine.query import name, table

_LOADED = """
    SELECT c.relname FROM pg_class c
    WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r' AND starts_with(c.relname, %s)
"""
_UNUSED = """
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.refclassid = 'pg_class'::regclass
    AND d.refobjid = c.oid AND d.classid = 'pg_rewrite'::regclass)
"""
_ABOUT_CUSTOMERS = """
    SELECT c.table_schema, c.table_name FROM information_schema.columns c
    JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE starts_with(c.table_schema, %s) AND c.column_name = 'customer'
    AND t.table_type = 'BASE TABLE'
"""


def keep_only(engine: Postgres, files: Collection[str], builds: Collection[str]) -> None:
    """Drop what was loaded from other files and published of other builds than these.

    The build that readers see stays in any case, and so does what a view of a process at work
    reads: that goes another time.
    """
    do = engine.connection.execute
    with telling(engine.url), engine.connection.transaction():
        for each in _others(engine, files, _UNUSED):
            do(f"DROP TABLE {each}")
        there = do("SELECT to_regclass('carpel.current')").fetchone()
        seen = do("SELECT build FROM carpel.current").fetchall() if there and there[0] else []
        kept = {schema_of(each) for each in [*builds, *(str(row[0]) for row in seen)]}
        found = do("SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %s)", [BUILD])
        for schema in {str(row[0]) for row in found} - kept:
            do(f"DROP SCHEMA {engine.text(name(schema))} CASCADE")


def erase(engine: Postgres, customers: Collection[int], files: Collection[str]) -> None:
    """Forget people: drop what was loaded from files other than these, and the people's rows of
    every published build; then leave no deleted row in any table's free space.

    Until the engine closes nobody else loads a file. Views that other processes read a dropped
    table by go with it: they have to open the build again. Deleted rows of statistics go at once
    where the user may clean them (who owns the database may), else when the server gets to it.
    """
    do = engine.connection.execute
    with telling(engine.url):
        do("SELECT pg_advisory_lock(hashtext('carpel'))")
        with engine.connection.transaction():
            for each in _others(engine, files):
                do(f"DROP TABLE {each} CASCADE")
            published = [
                engine.text(table(title, schema))
                for schema, title in do(_ABOUT_CUSTOMERS, [BUILD]).fetchall()
            ]
            for each in published:
                do(f"DELETE FROM {each} WHERE customer = ANY(%s)", [sorted(customers)])
        for each in published:
            do(f"VACUUM (FULL, ANALYZE) {each}")
        do("VACUUM FULL pg_catalog.pg_statistic")


def _others(engine: Postgres, files: Collection[str], also: str = "") -> Iterator[str]:
    """Tables, quoted, that were loaded from other files than these."""
    kept = {content_name(Path(each)) for each in files}
    found = engine.connection.execute(_LOADED + also, [OURS, LOADED]).fetchall()
    return (engine.text(table(each, OURS)) for (each,) in found if each not in kept)
