"""When jobs are due: on clocks that change, in crontabs' own words, once for what was missed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from carpel.errors import CarpelError
from carpel.jobs import latest, upcoming
from carpel.specs import Job

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)


def job(**said: object) -> Job:
    return Job.model_validate({"do": "run", **said})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "after", "due"),
    [
        ({"at": "03:00"}, "2026-01-10 01:59", "2026-01-10 02:00"),
        ({"at": "03:00"}, "2026-01-10 02:00", "2026-01-11 02:00"),
        ({"at": "03:00"}, "2026-07-10 00:59", "2026-07-10 01:00"),
        ({"every_minutes": 15}, "2026-01-10 01:59", "2026-01-10 02:00"),
        ({"every_minutes": 50}, "2026-01-10 23:40", "2026-01-11 00:00"),
        ({"cron": "30 6 1 * *"}, "2026-01-10 00:00", "2026-02-01 05:30"),
        ({"cron": "0 12 * * 0"}, "2026-01-05 00:00", "2026-01-11 11:00"),
        ({"cron": "0 12 * * 7"}, "2026-01-05 00:00", "2026-01-11 11:00"),
        ({"cron": "0 12 * * 1-5"}, "2026-01-09 12:00", "2026-01-12 11:00"),
        ({"cron": "*/20 8-9 * * *"}, "2026-01-09 07:05", "2026-01-09 07:20"),
    ],
)
def test_the_next_time(said, after, due):
    assert upcoming(job(**said), BERLIN, at(after)) == at(due)


@pytest.mark.parametrize("said", [{"at": "02:30"}, {"cron": "30 2 * * *"}])
def test_once_a_day_though_clocks_change(said):
    """On 29 March 2:30 is left out, on 25 October it comes twice."""
    moment, found = at("2026-01-01 12:00"), []
    for _ in range(365):
        moment = upcoming(job(**said), BERLIN, moment)
        found.append(moment.astimezone(BERLIN))
    assert [each.date() for each in found] == sorted({each.date() for each in found})
    assert all(each.hour in (2, 3) for each in found)


def test_of_what_was_missed_the_last_counts():
    nightly, now = job(at="03:00"), at("2026-01-10 12:00")
    assert latest(nightly, BERLIN, at("2026-01-01 12:00"), now) == at("2026-01-10 02:00")
    assert latest(nightly, BERLIN, at("2026-01-10 02:00"), now) is None
    assert latest(nightly, BERLIN, at("2019-01-01 12:00"), now) == at("2026-01-10 02:00")


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"at": "3:00", "cron": "0 3 * * *"},
        {"cron": "0 3 * *"},
        {"cron": "0 3 * * ; rm"},
        {"every_minutes": 0},
        {"at": "03:00", "campaign": "spring"},
    ],
)
def test_a_job_says_when_in_one_way(said):
    with pytest.raises(ValueError):
        job(**said)


@pytest.mark.parametrize("cron", ["0 3 31 2 *", "99 3 * * *", "0 3 * * someday"])
def test_a_schedule_that_no_day_fits(cron):
    with pytest.raises(CarpelError, match="schedule"):
        upcoming(job(cron=cron), BERLIN, at("2026-01-01 12:00"))
