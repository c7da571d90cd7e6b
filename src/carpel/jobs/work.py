"""Keeping the time: every job that is due is done, once, and how it went is noted."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from threading import Event, Thread
from zoneinfo import ZoneInfo

from carpel.errors import CarpelError
from carpel.jobs.schedule import latest
from carpel.specs import Job
from carpel.store.jobs import ended, heard, take
from carpel.store.ledger import Ledger
from carpel.store.process import Clock

Deed = Callable[[Job], str]
"""Does a job; gives what came of it in a few words, or raises CarpelError."""
BEAT = 15.0
"""Seconds between two signs of life."""


@dataclass(frozen=True)
class Done:
    """A job that was done, or failed."""

    job: str
    due_at: datetime
    outcome: str
    failed: bool


def work(
    ledger: Ledger, clock: Clock, zone: ZoneInfo, jobs: Mapping[str, Job], deed: Deed
) -> Iterator[Done]:
    """Do every job that is due, one after the other, and give how it went.

    Of several processes that do so at the same time, one has each job; one that failed is due
    again at its next time.
    """
    for name, job in jobs.items():
        now = clock()
        due = take(ledger, name, now, partial(_due, job, zone, now))
        if due is not None:
            yield _done(ledger, clock, name, due, partial(deed, job))


def _due(job: Job, zone: ZoneInfo, now: datetime, after: datetime) -> datetime | None:
    return latest(job, zone, after, now)


def _done(ledger: Ledger, clock: Clock, name: str, due: datetime, deed: Callable[[], str]) -> Done:
    failed, outcome = True, "failed"
    try:
        with _alive(ledger, clock, name):
            outcome = deed()
        failed = False
    except CarpelError as error:
        outcome = f"failed: {type(error).__name__}"
        return Done(name, due, str(error), failed)
    finally:
        ended(ledger, name, clock(), outcome)
    return Done(name, due, outcome, failed)


@contextmanager
def _alive(ledger: Ledger, clock: Clock, name: str) -> Iterator[None]:
    """Give signs of life while the block runs."""
    over = Event()

    def beat() -> None:
        while not over.wait(BEAT):
            heard(ledger, name, clock())

    thread = Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
