"""Days of the week and anniversaries, of dates and of instants on the clocks of a zone."""

from bisect import bisect
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlglot import exp

from carpel.engine import functions
from carpel.engine.query import Tree, literal, query
from carpel.evaluation.windows import local, shift
from carpel.language import Period
from carpel.language.operators import WEEKDAYS

_FROM, _TO = 1970, 2100
_DAY = timedelta(days=1)
_YEAR = 366


def weekday(expr: Tree, kind: str, days: Sequence[str], zone: ZoneInfo) -> Tree:
    """Whether it is on one of these days of the week."""
    wanted = [literal(WEEKDAYS.index(day)) for day in days]
    since_monday = functions.days_since_a_monday(_local_date(expr, kind, zone))
    of_week = query("((:days % 7) + 7) % 7", days=since_monday)
    return exp.In(this=exp.paren(of_week), expressions=wanted)


def anniversary(expr: Tree, kind: str, ahead: Period, moment: datetime, zone: ZoneInfo) -> Tree:
    """Whether its day of the year comes today or within so long; it has to have been before.

    Who has the 29th of February celebrates on the 28th where there is none.
    """
    first = local(moment, zone).date()
    last = local(shift(moment, ahead, zone, back=False), zone).date()
    day = _local_date(expr, kind, zone)
    begun = query(":day < :first", day=day, first=first)
    if (last - first).days >= _YEAR:
        return begun
    wanted = {first + number * _DAY for number in range((last - first).days + 1)}
    codes = {each.month * 100 + each.day for each in wanted}
    leaps = {each for each in wanted if (each.month, each.day) == (2, 28)}
    if any((each + _DAY).day == 1 for each in leaps):
        codes.add(229)
    code = query("CAST(EXTRACT(MONTH FROM :day) * 100 + EXTRACT(DAY FROM :day) AS INT)", day=day)
    return exp.and_(begun, exp.In(this=code, expressions=[literal(each) for each in sorted(codes)]))


def _local_date(expr: Tree, kind: str, zone: ZoneInfo) -> Tree:
    if kind == "date":
        return expr.copy()
    return functions.day_of(functions.later_by(expr, ahead(expr, zone)))


def ahead(expr: Tree, zone: ZoneInfo) -> Tree:
    """Seconds that a zone is ahead of UTC at an instant."""
    changes = _changes(zone)
    if len(changes) == 1:
        return literal(changes[0][1])
    parts = [
        exp.If(this=exp.LT(this=expr.copy(), expression=literal(until)), true=literal(offset))
        for (_, offset), (until, _) in pairwise(changes)
    ]
    return exp.Case(ifs=parts, default=literal(changes[-1][1]))


@cache
def _changes(zone: ZoneInfo) -> list[tuple[datetime, int]]:
    """From when, UTC, the zone is how many seconds ahead; found day by day, then to the second."""
    start, stop = datetime(_FROM, 1, 1), datetime(_TO, 1, 1)  # noqa: DTZ001
    found = [(start, _ahead(start, zone))]
    day = start
    while day < stop:
        following = day + 7 * _DAY
        if _ahead(following, zone) != found[-1][1]:
            found.append(_change(day, following, zone))
            following = found[-1][0]
        day = following
    return found


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> tuple[datetime, int]:
    seconds = range(int((after - before).total_seconds()) + 1)
    former = _ahead(before, zone)
    at = bisect(
        seconds, 0, key=lambda s: int(_ahead(before + timedelta(seconds=s), zone) != former)
    )
    moment = before + timedelta(seconds=at)
    return moment, _ahead(moment, zone)


def _ahead(moment: datetime, zone: ZoneInfo) -> int:
    offset = moment.replace(tzinfo=UTC).astimezone(zone).utcoffset()
    return int(offset.total_seconds()) if offset else 0
