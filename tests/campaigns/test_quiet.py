"""Quiet hours on a clock that is set forward and back: nobody is woken, and the wait ends."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from carpel.campaigns.quiet import is_quiet, next_moment
from carpel.specs import QuietHours

NIGHTS = [
    QuietHours(start=time(22), end=time(8)),
    QuietHours(start=time(1), end=time(2, 30)),
    QuietHours(start=time(23, 30), end=time(0, 15)),
    QuietHours(start=time(12), end=time(14)),
]
ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]


@pytest.mark.parametrize(
    ("quiet", "clock", "is_so"),
    [
        (NIGHTS[0], time(21, 59), False),
        (NIGHTS[0], time(22), True),
        (NIGHTS[0], time(7, 59), True),
        (NIGHTS[0], time(8), False),
        (NIGHTS[3], time(12), True),
        (NIGHTS[3], time(14), False),
        (NIGHTS[3], time(2), False),
    ],
)
def test_the_end_is_not_quiet(quiet, clock, is_so):
    assert is_quiet(quiet, clock) is is_so


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("quiet", NIGHTS, ids=range(len(NIGHTS)))
def test_the_wait_ends_within_a_day_when_it_is_not_quiet(quiet, name):
    """Every quarter of an hour around the days on which clocks change, in both directions."""
    zone = ZoneInfo(name)
    for first in (datetime(2026, 3, 7, tzinfo=UTC), datetime(2026, 3, 28, tzinfo=UTC)):
        for half in (0, 7, 183, 210, 217):
            start = first + timedelta(days=half)
            for quarter in range(4 * 48):
                now = start + timedelta(minutes=15 * quarter)
                if not is_quiet(quiet, now.astimezone(zone).time()):
                    continue
                end = next_moment(quiet, zone, now)
                assert now < end <= now + timedelta(hours=12), now
                assert not is_quiet(quiet, end.astimezone(zone).time()), now


def test_an_hour_that_comes_twice_is_quiet_twice():
    quiet, zone = NIGHTS[1], ZoneInfo("Europe/Berlin")
    for now in (
        datetime(2026, 10, 25, 0, 15, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 15, tzinfo=UTC),
    ):
        assert is_quiet(quiet, now.astimezone(zone).time())
        assert next_moment(quiet, zone, now) == now + timedelta(minutes=15)
