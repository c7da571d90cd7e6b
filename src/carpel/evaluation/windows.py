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

from carpel.language import Calendar, Period, RuleError, Window
from carpel.language.operands import HOURS

TICK = timedelta(microseconds=1)
"""What instants are counted in."""
FIRST = datetime(1, 1, 2)  # noqa: DTZ001
_DAYS = {"day": 1, "week": 7}


@dataclass(frozen=True)
class Span:
    """The instants from `start` up to, and not including, `end`; UTC without a zone."""

    start: datetime | None
    end: datetime


def shift(moment: datetime, period: Period, zone: ZoneInfo, *, back: bool = True) -> datetime:
    """The instant a period before (or after) a moment; both UTC without a zone."""
    sign = -1 if back else 1
    try:
        if period.unit in HOURS:
            return moment + sign * timedelta(hours=HOURS[period.unit] * period.count)
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
    if window.during:
        first, last = (utc(each, zone) for each in calendar_edges(window.during, moment, zone))
        return Span(first, min(last, end))
    if window.ago:
        end = shift(moment, window.ago, zone) + TICK
    if window.within:
        return Span(_began(moment, window.within, window.ago, zone) + TICK, end)
    since = instants(window.since, zone)[0] if window.since else None
    until = instants(window.until, zone)[1] if window.until else end
    return Span(since, min(until, end))


def lasting(window: Window) -> tuple[timedelta, timedelta] | None:
    """How long before any moment a window begins and ends, when that is always the same.

    Both are as `span` has them; None for windows of months, of the calendar and of dates.
    """
    periods = [each for each in (window.within, window.ago) if each]
    fixed = window.within and all(each.unit in HOURS for each in periods)
    if not fixed or window.during or window.since or window.until:
        return None
    hours = [timedelta(hours=HOURS[each.unit] * each.count) for each in periods]
    return sum(hours, timedelta()) - TICK, sum(hours[1:], timedelta()) - TICK


def _began(moment: datetime, within: Period, ago: Period | None, zone: ZoneInfo) -> datetime:
    """Months that follow on each other count as one stretch: no day is in two of them, or none."""
    if ago is None:
        return shift(moment, within, zone)
    if {within.unit, ago.unit} <= {"months", "years"}:
        months = sum(each.count * (12 if each.unit == "years" else 1) for each in (within, ago))
        return shift(moment, Period(months, "months"), zone)
    return shift(shift(moment, ago, zone), within, zone)


def calendar_edges(period: Calendar, moment: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Local midnights at which a calendar period begins and ends, seen from a moment."""
    this = _begins(local(moment, zone).date(), period.unit)
    first, last = (-period.count, 0) if period.count else (0, 1)
    try:
        return _midnight(_periods_on(this, period.unit, first)), _midnight(
            _periods_on(this, period.unit, last)
        )
    except (OverflowError, ValueError):
        raise RuleError(f"{period} leads beyond the calendar") from None


def _begins(day: date, unit: str) -> date:
    """The first day of the calendar period that a day lies in; weeks begin on Monday."""
    match unit:
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(month=day.month - (day.month - 1) % 3, day=1)
        case "year":
            return day.replace(month=1, day=1)
    return day


def _periods_on(first: date, unit: str, count: int) -> date:
    if unit in _DAYS:
        return first + timedelta(days=_DAYS[unit] * count)
    months = {"month": 1, "quarter": 3, "year": 12}[unit] * count
    return _months(_midnight(first), months).date()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())
