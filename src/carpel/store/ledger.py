"""The ledger: what Carpel itself did and must not forget, in short transactions.

SQLite in WAL mode beside the builds, or PostgreSQL by URL. Every commit is on the disk before the
call comes back. SQLAlchemy is imported when a ledger is opened, not before.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carpel.errors import CarpelError, MissingExtra, StoreError
from carpel.store.points import reach

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Executable, Row

SCHEMA = "schema"
NEXT_CUSTOMER = "next_customer"
PROJECT = "project"
WRITING = 7_226_735
"""Number of the lock that a writer holds in PostgreSQL until its transaction ends."""


class Ledger:
    """An open ledger; safe to share between threads, since each transaction connects anew."""

    def __init__(self, engine: "Engine", place: str) -> None:
        self._engine = engine
        self.place = place

    @classmethod
    def open(cls, folder: Path, url: str | None = None) -> "Ledger":
        """Open the ledger of a store, make it when there is none and upgrade it when it is older.

        `url` is that of a PostgreSQL database; without one, a file in the store's folder. Raises
        StoreError when it cannot be read or was made by a newer Carpel.
        """
        place = "the ledger's database" if url else str(folder / "ledger.db")
        ledger = cls(_connect(url or f"sqlite:///{folder / 'ledger.db'}"), place)
        ledger._upgrade()
        return ledger

    @contextmanager
    def write(self) -> Iterator["Connection"]:
        """One transaction that may write: kept whole when the block ends, else not at all."""
        with self._translated(), self._engine.connect() as connection:
            connection = connection.execution_options(carpel_writes=True)
            with connection.begin() as transaction:
                self._alone(connection)
                yield connection
                reach("ledger.before_commit")
                transaction.commit()
                reach("ledger.after_commit")

    @contextmanager
    def read(self) -> Iterator["Connection"]:
        """One consistent view; never waits for a writer."""
        with self._translated(), self._engine.connect() as connection:
            yield connection

    def rows(self, statement: "Executable") -> "Sequence[Row[Any]]":
        """The rows of one statement."""
        with self.read() as connection:
            return connection.execute(statement).all()

    def mark(self, name: str) -> int:
        """A number that only grows; 0 before it was first raised."""
        from sqlalchemy import select

        from carpel.store.schema import marks

        found = self.rows(select(marks.c.value).where(marks.c.name == name))
        return int(found[0][0]) if found else 0

    def next_customer(self) -> int:
        """The lowest customer key that nobody ever had; 1 in a new project.

        It never falls: not after a rollback, a failed run, an erasure or a restore.
        """
        return max(1, self.mark(NEXT_CUSTOMER))

    def reserve_customers(self, upto: int) -> None:
        """Note that all customer keys up to this one are given out; call before they are used."""
        with self.write() as connection:
            raise_mark(connection, NEXT_CUSTOMER, upto + 1)

    def belong(self, key: bytes) -> None:
        """Note whose ledger this is, by the project's key; StoreError when it is another's."""
        own = int.from_bytes(sha256(key).digest()[:7])
        known = self.mark(PROJECT)
        if known and known != own:
            raise StoreError(
                "This database keeps the ledger of another project.",
                place=self.place,
                action="Give each project a database of its own under `ledger` in carpel.yml.",
            )
        if not known:
            with self.write() as connection:
                raise_mark(connection, PROJECT, own)

    def forget_deleted(self) -> None:
        """Leave no deleted row in the file's free space nor in the write-ahead log."""
        if self._engine.dialect.name != "sqlite":
            self._vacuum()
            return
        with self._translated(), closing(self._engine.raw_connection()) as connection:
            for pragma in (
                "PRAGMA wal_checkpoint(TRUNCATE)",
                "VACUUM",
                "PRAGMA wal_checkpoint(TRUNCATE)",
            ):
                connection.cursor().execute(pragma)

    def _vacuum(self) -> None:
        """Write PostgreSQL's tables anew without their deleted rows; its own log is not ours."""
        from carpel.store.schema import LEDGER

        with self._translated(), self._engine.connect() as connection:
            alone = connection.execution_options(isolation_level="AUTOCOMMIT")
            for table in LEDGER.tables:
                alone.exec_driver_sql(f"VACUUM FULL {table}")

    def _upgrade(self) -> None:
        from sqlalchemy import inspect

        from carpel.store.schema import UPGRADES, marks

        newest = max(UPGRADES)
        with self._translated(), self._engine.connect() as connection:
            found = self.mark(SCHEMA) if inspect(connection).has_table(marks.name) else 0
        if found > newest:
            raise StoreError(
                "The ledger was made by a newer version of Carpel.",
                place=self.place,
                action="pip install --upgrade carpel",
            )
        for version in range(found + 1, newest + 1):
            self._step(version, UPGRADES[version])

    def _step(self, version: int, upgrade: Callable[["Connection"], None]) -> None:
        """One version up, whole or not at all; nothing when another process was faster."""
        with self.write() as connection:
            upgrade(connection)
            raise_mark(connection, SCHEMA, version)
        reach("ledger.made")

    def _alone(self, connection: "Connection") -> None:
        """Wait for other writers, since what is written rests on what was read; SQLite does so."""
        if self._engine.dialect.name != "sqlite":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITING})")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        from sqlalchemy.exc import SQLAlchemyError

        try:
            yield
        except CarpelError:
            raise
        except (SQLAlchemyError, sqlite3.Error) as error:
            cause = str(getattr(error, "orig", None) or type(error).__name__).splitlines()[0]
            raise StoreError(
                f"The ledger cannot be used: {cause}.", place=self.place, action=_action(cause)
            ) from error


def raise_mark(connection: "Connection", name: str, value: int) -> None:
    """Raise a number to at least `value`; it never falls."""
    from sqlalchemy import insert, select, update

    from carpel.store.schema import marks

    found = connection.execute(select(marks.c.value).where(marks.c.name == name)).scalar()
    if found is None:
        connection.execute(insert(marks).values(name=name, value=value))
    elif value > found:
        connection.execute(update(marks).where(marks.c.name == name).values(value=value))


def _action(cause: str) -> str:
    actions: Mapping[str, str] = {
        "full": "Free some space on that disk and run again; nothing was lost.",
        "disk I/O": "The disk is full or fails: free some space and run again; nothing was lost.",
        "unable to open": "See whether its folder is there, may be written to and has space left.",
        "locked": "Another process is writing to it for long; try again.",
        "not a database": "Bring it back with carpel restore from a backup.",
        "malformed": "Bring it back with carpel restore from a backup.",
        "connection": "See whether the database answers, and what `ledger` in carpel.yml says.",
        "readonly": "Give yourself the right to write there.",
    }
    return next((action for sign, action in actions.items() if sign in cause), "")


def _connect(url: str) -> "Engine":
    """An engine without a pool, so that nothing stays open between two transactions."""
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import NullPool

    if not url.startswith("sqlite"):
        return _server(url)
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": 30})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _server(url: str) -> "Engine":
    from sqlalchemy import create_engine, make_url
    from sqlalchemy.pool import NullPool

    try:
        return create_engine(make_url(url).set(drivername="postgresql+psycopg"), poolclass=NullPool)
    except ModuleNotFoundError as error:
        raise MissingExtra("postgres", "A ledger in PostgreSQL") from error


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we begin ourselves: see _begin
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: "Connection") -> None:
    """A writer locks at once: two that read first and write then would refuse each other."""
    writes = connection.get_execution_options().get("carpel_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
