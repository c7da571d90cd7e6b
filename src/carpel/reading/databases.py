"""Rows of database tables: SQLite files, and PostgreSQL by URL."""

import sqlite3
from contextlib import closing
from urllib.parse import SplitResult, unquote, urlsplit

import pyarrow as pa

from carpel.engine.base import Engine
from carpel.engine.query import name
from carpel.errors import MissingExtra, SourceError
from carpel.reading.batches import as_text, held
from carpel.reading.frames import frame
from carpel.reading.located import Located
from carpel.reading.rows import Rows, distinct_names
from carpel.specs import Format


def sqlite(file: Located, given: Format, engine: Engine) -> Rows:
    """The rows of one table of a SQLite file, in the table's own order."""
    try:
        with closing(sqlite3.connect(f"{file.path.resolve().as_uri()}?mode=ro", uri=True)) as found:
            chosen = _chosen(found, file.shown, given.table)
            quoted = name(chosen).sql(dialect="sqlite")
            cursor = found.execute(f"SELECT * FROM {quoted}")
            raw = [each[0] for each in cursor.description]
            numbered = (
                (row, [as_text(cell) for cell in cells])
                for row, cells in enumerate(cursor, start=1)
            )
            return held(engine, file.shown, distinct_names(raw), numbered)
    except sqlite3.DatabaseError as error:
        raise SourceError(
            "The database file is damaged, or none.", place=file.shown, action=str(error)
        ) from error


def _chosen(found: sqlite3.Connection, shown: str, wanted: str | None) -> str:
    names = [
        row[0]
        for row in found.execute(
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') "
            "AND name NOT LIKE 'sqlite_%' ORDER BY name"
        )
    ]
    if wanted in names:
        return str(wanted)
    if wanted is None and len(names) == 1:
        return str(names[0])
    raise SourceError(
        f"There is no table {wanted!r}." if wanted else "Which table?",
        place=shown,
        action=f"Set `format: {{table: …}}` to one of: {', '.join(names)}.",
    )


def postgres(url: str, given: Format, engine: Engine) -> Rows:
    """The rows of a PostgreSQL table in its own types; `url` is shown without its password."""
    try:
        import adbc_driver_postgresql.dbapi as driver
    except ImportError as error:
        raise MissingExtra("postgres", "Reading a PostgreSQL table") from error
    parts = urlsplit(url)
    shown = f"{parts.scheme}://{parts.hostname or 'local'}{parts.path}#{given.table}"
    if not given.table:
        raise SourceError("Which table?", place=shown, action="Set `format: {table: …}`.")
    try:
        with driver.connect(url) as found, found.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {_quoted(given.table)} LIMIT 0")
            schema = cursor.fetch_arrow_table().schema
            cursor.execute(_selected(schema, given.table))
            return frame(cursor.fetch_arrow_table(), shown, engine)
    except driver.Error as error:
        told = _without(str(error), parts)
        raise SourceError("The database cannot be read.", place=shown, action=told) from error


def _without(told: str, parts: SplitResult) -> str:
    """What a driver says, without user and password."""
    for secret in filter(None, (parts.password, parts.username)):
        told = told.replace(unquote(secret), "…").replace(secret, "…")
    return told


def _quoted(wanted: str) -> str:
    """A table's name, with its schema where one is given."""
    return ".".join(name(part).sql(dialect="postgres") for part in wanted.split("."))


def _selected(schema: pa.Schema, wanted: str) -> str:
    """All columns; what the driver cannot hand over (exact decimals) as numbers."""
    chosen = [
        f"CAST({each} AS DOUBLE PRECISION) AS {each}" if "numeric" in str(field.type) else each
        for field in schema
        for each in [_quoted_column(field.name)]
    ]
    return f"SELECT {', '.join(chosen)} FROM {_quoted(wanted)}"


def _quoted_column(text: str) -> str:
    return name(text).sql(dialect="postgres")
