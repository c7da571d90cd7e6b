"""Pins: a reader keeps the build that it opened until it is done with it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from carpel.errors import NotFound
from carpel.store.builds import Build, Builds
from carpel.store.ledger import Ledger
from carpel.store.process import Clock, Process, this_process

if TYPE_CHECKING:
    from sqlalchemy import Connection

LONGEST = timedelta(days=1)
"""A pin of another host is dropped after this; there is no telling whether its reader lives."""


@contextmanager
def pinned(
    ledger: Ledger, builds: Builds, clock: Clock, build: str | None = None
) -> Iterator[Build]:
    """Open a build, the current one unless another is named, and keep its files in place.

    Raises NotFound when there is no such build, or none at all yet.
    """
    pin = uuid4().hex
    try:
        yield _open(ledger, builds, clock, build, pin)
    finally:
        _drop(ledger, pin)


def pinned_builds(connection: "Connection", clock: Clock) -> set[str]:
    """Names of the builds that living readers have open; forgets the pins of dead ones."""
    from sqlalchemy import delete, select

    from carpel.store.schema import pins

    now, held = clock(), set()
    for row in connection.execute(select(pins)).all():
        process = Process(row.host, row.pid, row.started)
        elsewhere = process.host != this_process().host
        if now - row.heard_at < LONGEST if elsewhere else process.alive(row.heard_at, now):
            held.add(row.build)
        else:
            connection.execute(delete(pins).where(pins.c.pin == row.pin))
    return held


def _open(ledger: Ledger, builds: Builds, clock: Clock, build: str | None, pin: str) -> Build:
    """Pin first and look then: pruning may have come between, and then we take the next one."""
    wanted: Callable[[], str | None] = (lambda: build) if build else builds.current_name
    for _ in range(10):
        name = wanted()
        if name is None:
            break
        _set(ledger, clock, name, pin)
        try:
            return builds.read(name)
        except NotFound:
            _drop(ledger, pin)
            if build:
                raise
    raise NotFound("build", build or "current", builds.names())


def _set(ledger: Ledger, clock: Clock, build: str, pin: str) -> None:
    from sqlalchemy import insert

    from carpel.store.schema import pins

    process = this_process()
    with ledger.write() as connection:
        connection.execute(
            insert(pins).values(
                pin=pin,
                build=build,
                host=process.host,
                pid=process.pid,
                started=process.started,
                heard_at=clock(),
            )
        )


def _drop(ledger: Ledger, pin: str) -> None:
    from sqlalchemy import delete

    from carpel.store.schema import pins

    with ledger.write() as connection:
        connection.execute(delete(pins).where(pins.c.pin == pin))
