"""Writing to each person at their own hour, where their history shows one."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from pyroaring import BitMap

from carpel.campaigns.desk import Desk
from carpel.campaigns.quiet import is_quiet, zones
from carpel.campaigns.schedule import first_at, leaves_at
from carpel.engine.query import Tree, query, table
from carpel.evaluation.bitmaps import to_keys
from carpel.reading.rows import inner
from carpel.specs import Campaign, QuietHours
from carpel.stats.hours import HOURS, best_hours
from carpel.store.campaigns import approval

MAIL = ("email_opened", "email_clicked")
"""What people do with messages; beside it they buy."""
DAYS = 365
"""So many days before the data ends are looked at."""
LONGEST = timedelta(days=1)
"""Nobody waits longer for their hour: it comes once a day."""


def hours(desk: Desk, campaign: Campaign, people: BitMap) -> Mapping[int, BitMap]:
    """By hour of their own clock, those of these people whose best hour it is; none is quiet.

    Each is mixed with the hours of everybody in the campaign's segment.
    """
    done = _done(desk, desk.meant(campaign) | people)
    if not done:
        return {}
    held = np.array(done)
    keys, at = np.unique(held[:, 0], return_inverse=True)
    counts = np.zeros((len(keys), HOURS))
    np.add.at(counts, (at, held[:, 1]), held[:, 2])
    allowed = np.array([float(_open(campaign.quiet_hours, hour)) for hour in range(HOURS)])
    best, known = best_hours(counts, allowed)
    return {
        hour: BitMap(keys[(best == hour) & (known > 0)]) for hour in range(HOURS) if allowed[hour]
    }


def waiting(
    desk: Desk, campaign: Campaign, people: BitMap, due: Mapping[int, datetime] | None
) -> BitMap:
    """Those of these people whose hour is another one, for a day at most.

    `due` says since when each could be written to; without it, since the campaign may leave.
    """
    now, found = desk.clock(), BitMap()
    for hour, zone, members in _by_hour(desk, campaign, people):
        if now.astimezone(zone).hour != hour:
            found |= members
    if due is None:
        return found if now - _since(desk, campaign) < LONGEST else BitMap()
    return BitMap(key for key in found if now - due[key] < LONGEST)


def first(desk: Desk, campaign: Campaign, people: BitMap) -> datetime | None:
    """When the first of these people's hours begins; None where none is known."""
    now = desk.clock()
    return min(
        (_next(now, hour, z) for hour, z, _ in _by_hour(desk, campaign, people)), default=None
    )


def _by_hour(
    desk: Desk, campaign: Campaign, people: BitMap
) -> Iterator[tuple[int, ZoneInfo, BitMap]]:
    known = hours(desk, campaign, people)
    for zone, members in zones(desk, people).items():
        for hour, theirs in known.items():
            if both := members & theirs:
                yield hour, zone, both


def _next(now: datetime, hour: int, zone: ZoneInfo) -> datetime:
    there = now.astimezone(zone)
    day = there.date() + timedelta(days=1 if there.hour >= hour else 0)
    return datetime.combine(day, time(hour), zone).astimezone(now.tzinfo)


def _since(desk: Desk, campaign: Campaign) -> datetime:
    held = approval(desk.ledger, campaign.name)
    if held is None:
        return first_at(desk, campaign)
    return max(held.approved_at, leaves_at(desk, campaign) or held.approved_at)


def _open(quiet: QuietHours | None, hour: int) -> bool:
    """Whether no minute of an hour is quiet."""
    return quiet is None or not any(is_quiet(quiet, time(hour, minute)) for minute in range(60))


def _done(desk: Desk, people: BitMap) -> list[tuple[int, int, int]]:
    """By person and hour how often they opened, clicked or bought; only what has an hour."""
    there = desk.engine.tables()
    names = (*MAIL, desk.definitions.project.revenue.event)
    events = [query("SELECT customer, at, local_hour FROM :t", t=table(f"event_{each}"))
              for each in names if f"event_{each}" in there]  # fmt: skip
    if not events or not people:
        return []
    desk.engine.register("timed", pa.table({"customer": to_keys(people)}))
    whole: Tree = events[0]
    for each in events[1:]:
        whole = query("SELECT * FROM :a UNION ALL SELECT * FROM :b", a=inner(whole), b=inner(each))
    until = desk.as_of.replace(tzinfo=None)
    return desk.engine.rows(
        query(
            """SELECT t.customer, e.local_hour, count(*) FROM :events AS e
               LEFT JOIN aliases AS a ON a.customer = e.customer
               JOIN timed AS t ON t.customer = coalesce(a.survivor, e.customer)
               WHERE e.local_hour IS NOT NULL AND e.at > :since AND e.at <= :until
               GROUP BY t.customer, e.local_hour""",
            events=inner(whole),
            since=until - timedelta(days=DAYS),
            until=until,
        )
    )
