"""From a zone's own time to UTC and back, by the zone's table of transitions; no engine's clock."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlglot import exp

from carpel.engine.query import Tree, literal, query

FIRST, LAST = 1900, 2100
"""Times before and after these years are slips, and stay as they are."""


class Change(NamedTuple):
    """The instant (UTC, without zone) at which a zone's offset changes."""

    at: datetime
    before: timedelta
    after: timedelta


@lru_cache(maxsize=1024)
def changes(zone: str, year: int) -> tuple[Change, ...]:
    """The changes of a zone's offset within a day of a year; the first says what holds before."""
    tz, start = ZoneInfo(zone), datetime(year, 1, 1, tzinfo=UTC) - timedelta(days=1)
    held = _offset(tz, start)
    found, at = [Change(start.replace(tzinfo=None), held, held)], start
    while at < start + timedelta(days=368):
        later = at + timedelta(days=7)
        if _offset(tz, at) != _offset(tz, later):
            found.append(_between(tz, at, later))
        at = later
    return tuple(found)


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _between(zone: ZoneInfo, low: datetime, high: datetime) -> Change:
    before, after = _offset(zone, low), _offset(zone, high)
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        low, high = (low, middle) if _offset(zone, middle) != before else (middle, high)
    return Change(high.replace(tzinfo=None), before, after)


def _all(zone: str, years: Iterable[int]) -> list[Change]:
    return sorted({each for year in years if FIRST <= year <= LAST for each in changes(zone, year)})


def to_utc(local: Tree, zone: str, years: Iterable[int]) -> Tree:
    """UTC of a local time in one of these years.

    An hour that a clock change repeats counts as its first; one it leaves out as an hour later.
    """
    case = exp.Case()
    for each in reversed(_all(zone, years)):
        bound = literal(each.at + max(each.before, each.after))
        case = case.when(query(":v >= :bound", v=local, bound=bound), _moved(local, -each.after))
    return case.else_(local.copy()) if case.args.get("ifs") else local.copy()


def to_local(instant: Tree, zone: str, years: Iterable[int]) -> Tree:
    """Local time of an instant (UTC) in one of these years."""
    case = exp.Case()
    for each in reversed(_all(zone, years)):
        case = case.when(
            query(":v >= :bound", v=instant, bound=literal(each.at)), _moved(instant, each.after)
        )
    return case.else_(instant.copy()) if case.args.get("ifs") else instant.copy()


def doubtful(local: Tree, zone: str, years: Iterable[int]) -> Tree:
    """Whether a local time is one that a clock change repeats or leaves out."""
    case = exp.Case()
    for each in reversed(_all(zone, years)):
        if each.before != each.after:
            low, high = sorted((each.at + each.before, each.at + each.after))
            case = case.when(
                query(":v >= :low AND :v < :high", v=local, low=literal(low), high=literal(high)),
                exp.true(),
            )
    return case.else_(exp.false()) if case.args.get("ifs") else exp.false()


def _moved(value: Tree, by: timedelta) -> Tree:
    if not by:
        return value.copy()
    return query(":v + to_seconds(:s)", v=value, s=int(by.total_seconds()))
