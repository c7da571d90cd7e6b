"""A job is done once, whoever keeps the time, and again after a process that died."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from carpel.errors import CarpelError
from carpel.jobs import work
from carpel.specs import Job
from carpel.store.jobs import DIED, MOST_ATTEMPTS, known, take
from carpel.store.ledger import Ledger
from carpel.store.schema import jobs as table

NOW, DAY = datetime(2026, 3, 1, 12, tzinfo=UTC), timedelta(days=1)
NIGHTLY = {"nightly": Job(do="run", at="03:00")}
UTC_ZONE = ZoneInfo("UTC")


class Times:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger.open(tmp_path)


def done(ledger: Ledger, clock: Times, deed: Callable[[Job], str] = lambda _job: "fine"):
    return [
        (each.job, each.outcome, each.failed)
        for each in work(ledger, clock, UTC_ZONE, NIGHTLY, deed)
    ]


def test_a_new_job_waits_for_its_time_and_is_done_once(ledger):
    clock = Times()
    assert done(ledger, clock) == []
    clock.now += DAY
    assert done(ledger, clock) == [("nightly", "fine", False)]
    assert done(ledger, clock) == []
    assert known(ledger)["nightly"]["due_at"] == datetime(2026, 3, 2, 3, tzinfo=UTC)
    clock.now += 5 * DAY
    assert done(ledger, clock) == [("nightly", "fine", False)], "five nights were missed"


def test_one_that_fails_is_due_again_at_its_next_time(ledger):
    clock = Times()
    done(ledger, clock)
    clock.now += DAY

    def fails(_job: Job) -> str:
        raise CarpelError("It rains.")

    assert done(ledger, clock, fails) == [("nightly", "It rains.", True)]
    assert known(ledger)["nightly"]["outcome"] == "failed: CarpelError"
    assert done(ledger, clock) == []
    clock.now += DAY
    assert done(ledger, clock) == [("nightly", "fine", False)]


def test_of_many_that_keep_the_time_one_does_it(ledger):
    clock = Times()
    done(ledger, clock)
    clock.now += DAY
    with ThreadPoolExecutor(8) as many:
        found = list(many.map(lambda _: done(ledger, clock), range(8)))
    assert sorted(map(len, found)) == [0] * 7 + [1]


def test_a_process_that_died_is_followed_a_few_times(ledger):
    clock = Times()
    due = clock.now + DAY
    assert take(ledger, "nightly", clock.now, lambda _after: due) is None, "it is new"
    for attempt in range(MOST_ATTEMPTS):
        found = take(ledger, "nightly", due, lambda after: due if after < due else None)
        assert found == due, attempt
        assert take(ledger, "nightly", due, lambda _after: due) is None, "this process lives"
        _dies(ledger)
    assert take(ledger, "nightly", due, lambda _after: None) is None
    assert known(ledger)["nightly"]["outcome"] == DIED


def _dies(ledger: Ledger) -> None:
    over = subprocess.Popen([sys.executable, "-c", ""])
    over.wait()
    with ledger.write() as connection:
        connection.execute(update(table).values(pid=over.pid, started="long ago"))
