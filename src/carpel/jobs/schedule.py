"""When a job is due."""

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from carpel.errors import CarpelError, MissingExtra
from carpel.specs import Job

if TYPE_CHECKING:
    from apscheduler.triggers.cron import CronTrigger

LONGEST = timedelta(days=62)
"""A job that nobody kept the time for longer than this is due once, for the latest time."""
TICK = timedelta(microseconds=1)
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")


def latest(job: Job, zone: ZoneInfo, after: datetime, now: datetime) -> datetime | None:
    """The last time the job was due, later than one moment and not later than now; else None.

    Of several that nobody kept, only the last counts. Raises CarpelError for a schedule that no
    day fits.
    """
    found, at = None, max(after, now - LONGEST)
    while (following := upcoming(job, zone, at)) <= now:
        found = at = following
    return found


def upcoming(job: Job, zone: ZoneInfo, after: datetime) -> datetime:
    """The first time the job is due after a moment, UTC.

    A time that clocks leave out is that much later, one that comes twice is the first.
    """
    if job.every_minutes is not None:
        midnight = after.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        step = timedelta(minutes=job.every_minutes)
        following = midnight + ((after - midnight) // step + 1) * step
        return min(following, midnight + timedelta(days=1))
    trigger, found = _trigger(job, zone), after
    while True:
        fired: datetime | None = trigger.get_next_fire_time(None, found + TICK)
        if fired is None:
            raise CarpelError(f"No day fits the schedule {job.told}.", action="Write another one.")
        found = fired.astimezone(UTC)
        if not _comes_twice(job, found.astimezone(zone)):
            return found


def _comes_twice(job: Job, moment: datetime) -> bool:
    """Whether a time was there an hour before, as clocks were set back: it is done once a day."""
    each_hour = job.cron is not None and "*" in job.cron.split()[1]
    return bool(moment.fold) and not each_hour


def _trigger(job: Job, zone: ZoneInfo) -> "CronTrigger":
    try:
        from apscheduler.triggers.cron import CronTrigger
    except ModuleNotFoundError as error:
        raise MissingExtra("jobs", "schedules by time of day") from error
    if job.at is not None:
        return CronTrigger(hour=job.at.hour, minute=job.at.minute, timezone=zone)
    minute, hour, day, month, weekday = str(job.cron).split()
    try:
        return CronTrigger(
            minute=minute,
            hour=hour,
            day=day,
            month=month,
            day_of_week=re.sub(r"(?<![/\w])[0-7](?!\w)", _named, weekday),
            timezone=zone,
        )
    except ValueError as error:
        raise CarpelError(
            f"The schedule {job.cron} cannot be read: {error}.", action="0 3 * * * is 3 at night."
        ) from None


def _named(number: "re.Match[str]") -> str:
    """A day of the week by name: numbers mean other days to the library than in crontabs."""
    return _DAYS[int(number[0])]
