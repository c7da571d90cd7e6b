"""Dates that come round: a birthday, a renewal, the day an order is expected, a holiday.

An occasion is at the first moment of a day on the person's own clock, so it needs no fresh data.
"""

from calendar import isleap
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from pyroaring import BitMap

from carpel.campaigns.desk import Desk
from carpel.campaigns.quiet import zones
from carpel.campaigns.schedule import later
from carpel.engine.query import query, table
from carpel.evaluation.ground import COUNTRY, named
from carpel.evaluation.windows import local, utc
from carpel.language import Period, RuleError
from carpel.specs import Trigger
from carpel.store.occasions import Occasion

SLACK = timedelta(days=4)
"""Months are of different lengths and clocks differ: so much wider is looked first."""


def dated(desk: Desk, trigger: Trigger, after: datetime, until: datetime) -> Iterator[Occasion]:
    """An occasion for each person whose date, or its day of this year, is near enough."""
    fact = desk.catalogue.trait(trigger.date or "")
    if fact.kind not in ("date", "moment"):
        raise RuleError(f"{trigger.date!r} is no date: nothing can be so long before it")
    first, last = _meant(trigger, after, until)
    rows = desk.engine.rows(
        query("SELECT customer, :v FROM :t WHERE :v IS NOT NULL", v=fact.value, t=table(fact.table))
    )
    there = {key: value for key, value in rows if key in desk.everybody}
    for zone, people in zones(desk, BitMap(there)).items():
        for customer in people:
            held = _day(there[customer], zone)
            days = _each_year(held, first, last) if trigger.yearly else [held]
            near = (day for day in days if first <= day <= last)
            yield from _occasions(customer, near, trigger.before, zone, after, until)


def celebrated(
    desk: Desk, trigger: Trigger, after: datetime, until: datetime
) -> Iterator[Occasion]:
    """An occasion for everybody who lives where the holiday is."""
    first, last = _meant(trigger, after, until)
    fact = desk.catalogue.trait(COUNTRY)
    rows = query("SELECT :v, customer FROM :t", v=fact.value, t=table(fact.table))
    lives: dict[str, BitMap] = {}
    for country, customer in desk.engine.rows(rows):
        lives.setdefault(country or "", BitMap()).add(customer)
    for country, people in lives.items():
        years = range(first.year, last.year + 1)
        days = [d for d in named(country, trigger.holiday or "", years) if first <= d <= last]
        for zone, members in zones(desk, people & desk.everybody).items() if days else ():
            for customer in members:
                yield from _occasions(customer, days, trigger.before, zone, after, until)


def _meant(trigger: Trigger, after: datetime, until: datetime) -> tuple[date, date]:
    """Days that can be meant at all."""
    first, last = (
        _shifted(each, trigger.before, ZoneInfo("UTC"), back=False) for each in (after, until)
    )
    return (first - SLACK).date(), (last + SLACK).date()


def _occasions(
    customer: int,
    days: Iterable[date],
    before: Period | None,
    zone: ZoneInfo,
    after: datetime,
    until: datetime,
) -> Iterator[Occasion]:
    for day in days:
        midnight = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
        at = _shifted(midnight, before, zone)
        if after < at <= until:
            yield Occasion(customer, day.isoformat(), at)


def _shifted(
    moment: datetime, before: Period | None, zone: ZoneInfo, *, back: bool = True
) -> datetime:
    """So long before (or after) a moment; days and months are those of the zone's clocks."""
    if before and before.unit in ("days", "weeks"):
        days = timedelta(days=before.count * (7 if before.unit == "weeks" else 1))
        there = moment.astimezone(zone).replace(tzinfo=None)
        return utc(there - days if back else there + days, zone).replace(tzinfo=UTC)
    return later(moment, before, zone, back=back)


def _day(value: date | datetime, zone: ZoneInfo) -> date:
    if isinstance(value, datetime):
        return local(value.replace(tzinfo=None), zone).date()
    return value


def _each_year(day: date, first: date, last: date) -> Iterator[date]:
    """The day in each of these years after its own; 29 February is the 28th where there is none."""
    for year in range(max(first.year, day.year + 1), last.year + 1):
        no_leap_day = (day.month, day.day) == (2, 29) and not isleap(year)
        yield day.replace(year=year, day=28 if no_leap_day else day.day)
