"""From a zone's own time to UTC and back, by the zone's table of transitions; no engine's clock."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache, reduce
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlglot import exp

from carpel.engine.query import Tree, literal, query

EARLIEST, LATEST = 1900, 2100


class Transition(NamedTuple):
    """The instant (UTC, without zone) at which a zone's offset changes."""

    at: datetime
    before: timedelta
    after: timedelta


@lru_cache(maxsize=256)
def transitions(zone: str, first_year: int, last_year: int) -> tuple[Transition, ...]:
    """Every change of a zone's offset in these years, in order."""
    tz, found = ZoneInfo(zone), []
    at = datetime(first_year, 1, 1, tzinfo=UTC)
    end = datetime(last_year + 1, 1, 1, tzinfo=UTC)
    while at < end:
        later = min(at + timedelta(days=7), end)
        if _offset(tz, at) != _offset(tz, later):
            found.append(_between(tz, at, later))
        at = later
    return tuple(found)


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _between(zone: ZoneInfo, low: datetime, high: datetime) -> Transition:
    before, after = _offset(zone, low), _offset(zone, high)
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        low, high = (low, middle) if _offset(zone, middle) != before else (middle, high)
    return Transition(high.replace(tzinfo=None), before, after)


def to_utc(local: Tree, zone: str, first_year: int, last_year: int) -> Tree:
    """UTC of a local time. A repeated hour counts as its first; a missing one as an hour later."""
    return _shifted(local, zone, first_year, last_year, to_local=False)


def to_local(instant: Tree, zone: str, first_year: int, last_year: int) -> Tree:
    """Local time of an instant in UTC."""
    return _shifted(instant, zone, first_year, last_year, to_local=True)


def _shifted(value: Tree, zone: str, first: int, last: int, *, to_local: bool) -> Tree:
    table = transitions(zone, max(first - 1, EARLIEST), min(last + 1, LATEST))
    tz = ZoneInfo(zone)
    start = datetime(max(first - 1, EARLIEST), 1, 1, tzinfo=UTC)
    sign = 1 if to_local else -1
    if not table:
        return _moved(value, sign * _offset(tz, start))
    case = exp.Case()
    for change in reversed(table):
        bound = change.at if to_local else change.at + max(change.before, change.after)
        case = case.when(
            query(":v >= :bound", v=value, bound=literal(bound)), _moved(value, sign * change.after)
        )
    return case.else_(_moved(value, sign * table[0].before))


def doubtful(local: Tree, zone: str, first_year: int, last_year: int) -> Tree:
    """Whether a local time is one that a clock change repeats or leaves out."""
    parts: list[Tree] = [
        query(
            "(:v >= :low AND :v < :high)",
            v=local,
            low=literal(change.at + min(change.before, change.after)),
            high=literal(change.at + max(change.before, change.after)),
        )
        for change in transitions(zone, max(first_year - 1, EARLIEST), min(last_year + 1, LATEST))
    ]
    return reduce(lambda a, b: query("(:a OR :b)", a=a, b=b), parts, query("false"))


def _moved(value: Tree, by: timedelta) -> Tree:
    if not by:
        return value.copy()
    return query(":v + to_seconds(:s)", v=value, s=int(by.total_seconds()))
