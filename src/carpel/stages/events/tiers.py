"""Tiers of an event's files: by year, in the newest year by month, in the newest month by day.

So a day's events rewrite the file of their day, and a late one that of its own tier, never three
years. A month or year that has passed is one file, made of its parts when the next one begins.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Tier:
    """The instants from `start` up to, and not including, `end`; UTC without a zone."""

    name: str
    """`2024`, `2026-02` or `2026-03-14`."""
    start: datetime
    end: datetime


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
