"""Quiet hours on each person's own clock."""

from datetime import UTC, datetime, time, timedelta
from itertools import groupby
from operator import itemgetter
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pyroaring import BitMap

from carpel.campaigns.desk import Desk
from carpel.engine.query import query, table
from carpel.specs import QuietHours

OWN_ZONE = "timezone"
"""The trait that names a person's own zone; the project's where it is not known."""


def waiting(desk: Desk, people: BitMap, quiet: QuietHours, now: datetime) -> BitMap:
    """Those of these people whose clock stands in the quiet hours."""
    found = BitMap()
    for zone, members in zones(desk, people).items():
        if is_quiet(quiet, now.astimezone(zone).time()):
            found |= members
    return found


def until(desk: Desk, people: BitMap, quiet: QuietHours, now: datetime) -> datetime | None:
    """When the first of those who wait may be written to; None when nobody waits."""
    ends = [
        next_moment(quiet, zone, now)
        for zone, members in zones(desk, people).items()
        if members and is_quiet(quiet, now.astimezone(zone).time())
    ]
    return min(ends, default=None)


def is_quiet(quiet: QuietHours, clock: time) -> bool:
    """Whether a clock stands in the quiet hours, which may span midnight; the end is not quiet."""
    if quiet.start < quiet.end:
        return quiet.start <= clock < quiet.end
    return clock >= quiet.start or clock < quiet.end


def next_moment(quiet: QuietHours, zone: ZoneInfo, now: datetime) -> datetime:
    """When the quiet hours of a zone are over, UTC."""
    local = now.astimezone(zone)
    day = local.date() + timedelta(days=0 if local.time() < quiet.end else 1)
    end = datetime.combine(day, quiet.end, zone).replace(fold=local.fold)
    return end.astimezone(UTC)


def zones(desk: Desk, people: BitMap) -> dict[ZoneInfo, BitMap]:
    """People by their zone."""
    project = ZoneInfo(desk.definitions.project.timezone)
    found: dict[ZoneInfo, BitMap] = {}
    rest = people.copy()
    for name, members in _stated(desk).items():
        try:
            zone = ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
        found[zone] = found.get(zone, BitMap()) | (members & people)
        rest -= members
    found[project] = found.get(project, BitMap()) | rest
    return found


def _stated(desk: Desk) -> dict[str, BitMap]:
    """Who says to live in which zone."""
    if OWN_ZONE not in desk.catalogue.traits:
        return {}
    fact = desk.catalogue.trait(OWN_ZONE)
    held = desk.engine.fetch(
        query("SELECT :v AS zone, customer FROM :t ORDER BY 1", v=fact.value, t=table(fact.table))
    )
    names, keys = held["zone"].to_pylist(), held["customer"].to_pylist()
    both = zip(names, keys, strict=True)
    return {
        name: BitMap(key for _, key in rows)
        for name, rows in groupby(both, key=itemgetter(0))
        if name
    }
