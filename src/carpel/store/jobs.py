"""Jobs in the ledger: for which time each was last taken, by which process, and how it went."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from carpel.store.ledger import Ledger
from carpel.store.process import Process, this_process

if TYPE_CHECKING:
    from sqlalchemy import Row

MOST_ATTEMPTS = 3
"""A job whose process died is taken up again so often."""
DIED = "its process ended before it was done"


def take(
    ledger: Ledger, job: str, now: datetime, due: Callable[[datetime], datetime | None]
) -> datetime | None:
    """Take a job that is `due` since it was last taken; the time it is taken for, or None.

    One process has it at a time. A job that is new is not due for what was before.
    """
    from sqlalchemy import insert, select, update

    from carpel.store.schema import jobs

    mine = {**vars(this_process()), "began_at": now, "heard_at": now, "ended_at": None}
    with ledger.write() as connection:
        row = connection.execute(select(jobs).where(jobs.c.job == job)).one_or_none()
        if row is None:
            connection.execute(insert(jobs).values(job=job, due_at=now, attempts=0, outcome=""))
            return None
        if _under_way(row) and _process(row).alive(row.heard_at, now):
            return None
        at, attempts = due(row.due_at), 1
        if at is None and _under_way(row) and row.attempts < MOST_ATTEMPTS:
            at, attempts = row.due_at, row.attempts + 1
        if at is None and _under_way(row):
            done = {"ended_at": now, "outcome": DIED}
            connection.execute(update(jobs).where(jobs.c.job == job).values(**done))
        if at is not None:
            taken = {**mine, "due_at": at, "attempts": attempts, "outcome": ""}
            connection.execute(update(jobs).where(jobs.c.job == job).values(**taken))
        return at


def heard(ledger: Ledger, job: str, now: datetime) -> None:
    """Say that the process which has the job is still there."""
    from sqlalchemy import update

    from carpel.store.schema import jobs

    with ledger.write() as connection:
        connection.execute(update(jobs).where(jobs.c.job == job).values(heard_at=now))


def ended(ledger: Ledger, job: str, now: datetime, outcome: str) -> None:
    """Note how a job went."""
    from sqlalchemy import update

    from carpel.store.schema import jobs

    with ledger.write() as connection:
        done = {"ended_at": now, "outcome": outcome}
        connection.execute(update(jobs).where(jobs.c.job == job).values(**done))


def known(ledger: Ledger) -> dict[str, dict[str, Any]]:
    """By job: when it was last taken for, began and ended, and how it went."""
    from sqlalchemy import select

    from carpel.store.schema import jobs

    wanted = (jobs.c.job, jobs.c.due_at, jobs.c.began_at, jobs.c.ended_at, jobs.c.outcome)
    return {row.job: dict(row._mapping) for row in ledger.rows(select(*wanted))}


def _under_way(row: "Row[Any]") -> bool:
    return row.began_at is not None and row.ended_at is None


def _process(row: "Row[Any]") -> Process:
    return Process(row.host, row.pid, row.started)
