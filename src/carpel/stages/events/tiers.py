"""Tiers of an event's files: by year, in the newest year by month, in the newest month by day.

So a day's events rewrite the file of their day, and a late one that of its own tier, never three
years. A month or year that has passed is one file, made of its parts when the next one begins.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

LARGE = 250_000
"""Rows; fewer are sooner written again than kept apart in further files, each to be opened."""


@dataclass(frozen=True)
class Tier:
    """The instants from `start` up to, and not including, `end`; UTC without a zone."""

    name: str
    """`2024`, `2026-02`, `2026-03-14`, or `all`."""
    start: datetime
    end: datetime


EVERYTHING = Tier("all", datetime.min, datetime.max)  # noqa: DTZ901 - UTC without a zone


def divided(rows: Mapping[datetime, int], until: datetime) -> list[Tier]:
    """The tiers in which an event is laid of which so many rows fall on each day.

    Only what is large is divided: all in years, the newest year in months, its newest month in
    days. Newest is what happened up to `until`; what is said to happen later is in the last tier.
    """
    newest = max((day for day in rows if day <= until), default=None)
    if newest is None or sum(rows.values()) <= LARGE:
        return [EVERYTHING]
    size = _name_size(rows, newest)
    found = groupby(tiers(min(rows), newest), lambda tier: tier.name[:size])
    joined = [_joined(name, list(several)) for name, several in found]
    joined[-1] = replace(joined[-1], end=datetime.max)  # noqa: DTZ901 - UTC without a zone
    return [tier for tier in joined if any(tier.start <= day < tier.end for day in rows)]


def _name_size(rows: Mapping[datetime, int], newest: datetime) -> int:
    """How much of a day's name those tiers have that are not divided further."""
    month = newest.replace(day=1)
    for size, start in ((len("2026-03-14"), month), (len("2026-03"), month.replace(month=1))):
        if sum(count for day, count in rows.items() if day >= start) > LARGE:
            return size
    return len("2026")


def _joined(name: str, several: list[Tier]) -> Tier:
    return Tier(name, several[0].start, several[-1].end)


def tiers(oldest: datetime, newest: datetime) -> Iterator[Tier]:
    """The tiers that hold everything between two instants, both included; oldest first."""
    year, month = datetime(newest.year, 1, 1), datetime(newest.year, newest.month, 1)  # noqa: DTZ001
    for number in range(oldest.year, newest.year):
        yield Tier(f"{number:04}", _year(number), _year(number + 1))
    at = max(year, datetime(oldest.year, oldest.month, 1))  # noqa: DTZ001
    while at < month:
        after = (at + timedelta(days=31)).replace(day=1)
        yield Tier(f"{at:%Y-%m}", at, after)
        at = after
    at = max(month, datetime(oldest.year, oldest.month, oldest.day))  # noqa: DTZ001
    while at <= newest:
        yield Tier(f"{at:%Y-%m-%d}", at, at + timedelta(days=1))
        at += timedelta(days=1)


def _year(number: int) -> datetime:
    return datetime(number, 1, 1)  # noqa: DTZ001 - UTC without a zone
