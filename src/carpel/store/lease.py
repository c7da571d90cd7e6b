"""The build lease: one process at a time makes, moves or deletes builds of a project."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Event, Thread
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from carpel.errors import Busy, StoreError
from carpel.store.ledger import Ledger
from carpel.store.points import reach
from carpel.store.process import Clock, Process, this_process

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

BUILD = "build"
BEAT_SECONDS = 10.0


class Lease:
    """The lease while it is held."""

    def __init__(self, ledger: Ledger, clock: Clock, holder: str, took_over: bool) -> None:
        self._ledger, self._clock, self.holder = ledger, clock, holder
        self.took_over = took_over
        """Whether the former holder died with the lease in its hands."""

    def confirm(self) -> None:
        """Raise Busy when the lease was lost meanwhile; call right before publishing."""
        with self._ledger.read() as connection:
            row = _holder(connection)
        if row is None or row.holder != self.holder:
            raise _busy(row, "took this work over while this process stood still")

    def made(self, build: str) -> None:
        """Note which build this run made."""
        from sqlalchemy import update

        from carpel.store.schema import runs

        with self._ledger.write() as connection:
            connection.execute(update(runs).where(runs.c.holder == self.holder).values(build=build))

    def beat(self) -> None:
        """Say that the holder still lives."""
        from sqlalchemy import update

        from carpel.store.schema import leases

        with self._ledger.write() as connection:
            connection.execute(
                update(leases).where(leases.c.holder == self.holder).values(heard_at=self._clock())
            )


@contextmanager
def leased(ledger: Ledger, clock: Clock, verb: str, *, actor: str = "local") -> Iterator[Lease]:
    """Hold the build lease while the block runs; a thread says every ten seconds that we live.

    Raises Busy, naming the holder and since when, while another living process holds it. A dead
    one's lease is taken over at once: dead is a process that is gone from this host, or on
    another host one that was silent for a minute.
    """
    lease = _take(ledger, clock, verb, actor)
    reach("lease.taken")
    stop = Event()
    heart = Thread(target=_keep_beating, args=(lease, stop), name="carpel-lease", daemon=True)
    heart.start()
    outcome = "Interrupted"
    try:
        yield lease
        outcome = "done"
    except Exception as error:
        outcome = type(error).__name__
        raise
    finally:
        stop.set()
        heart.join()
        _give_back(ledger, lease, outcome, clock())
        reach("lease.ended")


def _keep_beating(lease: Lease, stop: Event) -> None:
    while not stop.wait(BEAT_SECONDS):
        try:
            lease.beat()
        except StoreError:
            continue  # a full disk must not end the heart: `confirm` decides before publishing


def _take(ledger: Ledger, clock: Clock, verb: str, actor: str) -> Lease:
    from sqlalchemy import delete, insert

    from carpel.store.schema import leases, runs

    now, process, holder = clock(), this_process(), uuid4().hex
    with ledger.write() as connection:
        row = _holder(connection)
        if row is not None and _process(row).alive(row.heard_at, now):
            raise _busy(row, "is at work on this project")
        if row is not None:
            _close(connection, row.holder, "killed", now)
            connection.execute(delete(leases).where(leases.c.holder == row.holder))
        connection.execute(
            insert(leases).values(
                name=BUILD,
                holder=holder,
                actor=actor,
                verb=verb,
                host=process.host,
                pid=process.pid,
                started=process.started,
                taken_at=now,
                heard_at=now,
            )
        )
        connection.execute(
            insert(runs).values(
                holder=holder, actor=actor, verb=verb, began_at=now, outcome="running"
            )
        )
    return Lease(ledger, clock, holder, row is not None)


def _give_back(ledger: Ledger, lease: Lease, outcome: str, now: datetime) -> None:
    from sqlalchemy import delete

    from carpel.store.schema import leases

    with ledger.write() as connection:
        _close(connection, lease.holder, outcome, now)
        connection.execute(delete(leases).where(leases.c.holder == lease.holder))


def _close(connection: "Connection", holder: str, outcome: str, now: datetime) -> None:
    from sqlalchemy import update

    from carpel.store.schema import runs

    connection.execute(
        update(runs)
        .where(runs.c.holder == holder, runs.c.ended_at.is_(None))
        .values(outcome=outcome, ended_at=now)
    )


def _holder(connection: "Connection") -> "Row[Any] | None":
    from sqlalchemy import select

    from carpel.store.schema import leases

    return connection.execute(select(leases).where(leases.c.name == BUILD)).one_or_none()


def _process(row: "Row[Any]") -> Process:
    return Process(row.host, row.pid, row.started)


def _busy(row: "Row[Any] | None", what: str) -> Busy:
    if row is None:
        return Busy("The lease of this project was lost.", action="Run again.")
    since = f"{row.taken_at:%Y-%m-%d %H:%M:%S} UTC"
    return Busy(
        f"{row.actor} {what}: carpel {row.verb}, process {row.pid} on {row.host}, since {since}.",
        action="Wait until it is done, then try again.",
    )
