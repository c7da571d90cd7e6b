"""Reaching a PostgreSQL database, and saying what it said."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

from carpel.errors import EngineError, MissingExtra

MOST_SAID = 600
LONGEST = 63
"""Bytes of a name in PostgreSQL."""


def connected(url: str) -> tuple[Any, Any]:
    """Connections for statements and for rows in bulk; MissingExtra without the drivers."""
    try:
        import adbc_driver_postgresql.dbapi as arrow
        import psycopg
    except ImportError as error:
        raise MissingExtra("postgres", "PostgreSQL as an engine") from error
    connection = psycopg.connect(url, autocommit=True)
    return connection, arrow.connect(url, autocommit=True)


@contextmanager
def telling(url: str) -> Iterator[None]:
    """Raise EngineError with what the database said, without user and password."""
    try:
        import adbc_driver_manager
        import psycopg
    except ImportError as error:
        raise MissingExtra("postgres", "PostgreSQL as an engine") from error
    try:
        yield
    except (psycopg.Error, adbc_driver_manager.Error) as error:
        said = without_secrets(str(error), url).strip()[:MOST_SAID]
        raise EngineError(
            "PostgreSQL did not do what was asked.", place=shown(url), action=said
        ) from error


def shown(url: str) -> str:
    """A database's URL without user and password."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or 'local'}{parts.path}"


def without_secrets(said: str, url: str) -> str:
    """What a driver says, without user and password."""
    parts = urlsplit(url)
    for secret in filter(None, (parts.password, parts.username)):
        said = said.replace(unquote(secret), "…").replace(secret, "…")
    return said


def fits(text: str) -> None:
    """Raise EngineError for a name that PostgreSQL would cut, silently."""
    if len(text.encode()) > LONGEST:
        raise EngineError(
            f"The name {text!r} is too long: PostgreSQL keeps {LONGEST} bytes of a name.",
            action="Give it a shorter name, or use the engine duckdb.",
        )
