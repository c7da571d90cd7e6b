"""Moments, periods and calendars as a person with a wall calendar reads them."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
HOURS = {"hour": 1, "day": 24, "week": 168}


@dataclass(frozen=True)
class Clock:
    """The moment, UTC without a zone, and whose days are meant."""

    moment: datetime
    zone: ZoneInfo

    def local(self, at: datetime) -> datetime:
        return at.replace(tzinfo=UTC).astimezone(self.zone)

    def day(self, at: datetime) -> date:
        return self.local(at).date()

    @property
    def today(self) -> date:
        return self.day(self.moment)

    def instant(self, said: datetime) -> datetime:
        """One that was written down: without a zone it is local."""
        there = said if said.tzinfo else said.replace(tzinfo=self.zone)
        return there.astimezone(UTC).replace(tzinfo=None)

    def moved(self, at: datetime, period: str, sign: int) -> datetime:
        count, unit = read(period)
        if unit in HOURS:
            return at + sign * timedelta(hours=HOURS[unit] * count)
        return self.by_months(at, sign * count * (12 if unit == "year" else 1))

    def by_months(self, at: datetime, months: int) -> datetime:
        """As many months away on the local calendar, at the same time of day."""
        there = self.local(at)
        number = there.year * 12 + there.month - 1 + months
        year, month = number // 12, number % 12 + 1
        day = min(there.day, monthrange(year, month)[1])
        return self.instant(there.replace(year=year, month=month, day=day))

    def back(self, *periods: str | None) -> datetime:
        """The moment so long ago; months and years that follow on each other count as one."""
        said = [each for each in periods if each]
        if len(said) > 1 and all(read(each)[1] in ("month", "year") for each in said):
            months = sum(c * (12 if u == "year" else 1) for c, u in map(read, said))
            return self.by_months(self.moment, -months)
        at = self.moment
        for each in said:
            at = self.moved(at, each, -1)
        return at

    def calendar(self, said: str) -> tuple[date, date]:
        """The first day of a calendar period, and the first day after it."""
        words = {"today": "this day", "yesterday": "last day"}.get(said, said).split()
        count = int(words[1]) if len(words) == 3 else int(words[0] == "last")
        unit = words[-1].removesuffix("s")
        first = self.today
        while not _begins(first, unit):
            first -= DAY
        if words[0] == "this":
            last = first + DAY
            while not _begins(last, unit):
                last += DAY
            return first, last
        last = first
        for _ in range(count):
            first -= DAY
            while not _begins(first, unit):
                first -= DAY
        return first, last

    def window(self, rule: dict[str, Any]) -> Callable[[datetime], bool]:
        """Whether an event lies in the window that the words of a rule say."""
        if "during" in rule:
            first, last = self.calendar(rule["during"])
            return lambda at: at <= self.moment and first <= self.day(at) < last
        if "within" in rule or "ago" in rule:
            end = self.back(rule.get("ago"))
            if "within" not in rule:
                return lambda at: at <= end
            start = self.back(rule.get("ago"), rule["within"])
            return lambda at: start < at <= end
        return lambda at: (
            at <= self.moment
            and self._not_before(at, rule.get("since"))
            and self._not_after(at, rule.get("until"))
        )

    def _not_before(self, at: datetime, edge: date | None) -> bool:
        if isinstance(edge, datetime):
            return at >= self.instant(edge)
        return edge is None or self.day(at) >= edge

    def _not_after(self, at: datetime, edge: date | None) -> bool:
        if isinstance(edge, datetime):
            return at <= self.instant(edge)
        return edge is None or self.day(at) <= edge


def read(period: str) -> tuple[int, str]:
    """How many of which unit, without its plural."""
    count, unit = period.split()
    return int(count), unit.removesuffix("s")


def _begins(day: date, unit: str) -> bool:
    """Whether a calendar period begins on a day."""
    return {
        "day": True,
        "week": day.isoweekday() == 1,
        "month": day.day == 1,
        "quarter": day.day == 1 and day.month in (1, 4, 7, 10),
        "year": (day.month, day.day) == (1, 1),
    }[unit]
