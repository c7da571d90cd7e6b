"""From periods and days to instants: computed here, in Python, so that no engine converts a zone.

Hours, days and weeks are so many times 3,600 seconds back from the moment, whatever the clocks
did in between; months and years go by the project's own calendar and keep the time of day (the
31st of a shorter month is its last day). A window holds its end and not its beginning: 30 days
back from noon are 30 times 24 hours, an event exactly 30 days old is no longer within.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from carpel.language import Period, RuleError, Window

TICK = timedelta(microseconds=1)
"""What instants are counted in."""
FIRST = datetime(1, 1, 2)  # noqa: DTZ001
_HOURS = {"hours": 1, "days": 24, "weeks": 168}


@dataclass(frozen=True)
class Span:
    """The instants from `start` up to, and not including, `end`; UTC without a zone."""

    start: datetime | None
    end: datetime


def shift(moment: datetime, period: Period, zone: ZoneInfo, *, back: bool = True) -> datetime:
    """The instant a period before (or after) a moment; both UTC without a zone."""
    sign = -1 if back else 1
    try:
        if period.unit in _HOURS:
            return moment + sign * timedelta(hours=_HOURS[period.unit] * period.count)
        months = period.count * (12 if period.unit == "years" else 1)
        return utc(_months(local(moment, zone), sign * months), zone)
    except (OverflowError, ValueError):
        raise RuleError(f"{period} leads beyond the calendar") from None


def _months(moment: datetime, months: int) -> datetime:
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def utc(moment: datetime, zone: ZoneInfo) -> datetime:
    """An instant as UTC without a zone; one without a zone is in the project's."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return aware.astimezone(UTC).replace(tzinfo=None)


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """A UTC instant on the clocks of a zone."""
    return moment.replace(tzinfo=UTC).astimezone(zone)


def instants(value: date | datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The stretch that a day or an instant covers, the end not included; UTC."""
    if isinstance(value, datetime):
        point = utc(value, zone)
        return point, point + TICK
    midnight = datetime.combine(value, time())
    return utc(midnight, zone), utc(midnight + timedelta(days=1), zone)


def span(window: Window, moment: datetime, zone: ZoneInfo) -> Span:
    """The instants a window covers, seen from a moment; never later than the moment."""
    end = moment + TICK
    if window.within:
        return Span(shift(moment, window.within, zone) + TICK, end)
    since = instants(window.since, zone)[0] if window.since else None
    until = instants(window.until, zone)[1] if window.until else end
    return Span(since, min(until, end))
