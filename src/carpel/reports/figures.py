"""Figures as people read them: money with its currency, per cent, the n behind a number."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from carpel.evidence.written import LOCALE, THIN, money, number, percent, signed
from carpel.specs import words

__all__ = ["LOCALE", "THIN", "Figures", "by_unit", "counted", "number", "people", "percent"]


@dataclass(frozen=True)
class Figures:
    """Writes figures in a project's currency and zone."""

    currency: str
    zone: ZoneInfo

    def money(self, value: float | None) -> str:
        """An amount in whole units of its currency; small ones keep their cents."""
        return money(value, self.currency)

    def whole(self, value: float | None) -> str:
        """An amount in whole units, for columns."""
        if value is None:
            return "not known"
        return signed(value, f"{abs(value):,.0f}", self.currency)

    def cents(self, value: float) -> str:
        """An amount to the cent."""
        return signed(round(value, 2), f"{abs(value):,.2f}", self.currency)

    def brief(self, value: float | None) -> str:
        """An amount for a small space: `$1.2M`, `$35k`."""
        if value is None:
            return ""
        for size, letter in ((1e9, "bn"), (1e6, "M"), (1e3, "k")):
            if abs(value) >= size:
                part = abs(value) / size
                return signed(value, f"{part:.{1 if part < 10 else 0}f}{letter}", self.currency)
        return signed(value, f"{abs(value):,.0f}", self.currency)

    def day(self, moment: datetime | date | None) -> str:
        """The day it was in the project's own zone: 31 December 2017."""
        if moment is None:
            return "an unknown day"
        if isinstance(moment, datetime) and moment.tzinfo:
            moment = moment.astimezone(self.zone)
        return f"{moment.day} {moment:%B %Y}"

    def moment(self, moment: datetime) -> str:
        """Day, time and zone: 31 December 2017, 18:30 (New York time)."""
        local = moment.astimezone(self.zone)
        place = str(self.zone).rpartition("/")[2].replace("_", " ")
        zone = place if place == "UTC" else f"{place} time"
        return f"{self.day(local)}, {local:%H:%M} ({zone})"


def people(count: int | None) -> str:
    """How many people, in words a sentence can use."""
    return counted(count, "person", "people")


def counted(count: int | None, one: str, many: str) -> str:
    """A count and what it counts."""
    return words.counted(count or 0, one, many).replace(" ", THIN, 1)


def by_unit(figures: Figures, unit: str) -> Callable[[float | None], str]:
    """How a figure of this unit is written; a unit that the label does not say stands behind."""
    if unit in ("money", figures.currency):
        return figures.money
    if unit in ("share", "rate"):
        return percent
    if unit in ("days", "years", "hours", "minutes", "seconds", "months", "weeks"):
        return lambda value: f"{number(value)}{THIN}{unit}"
    return number
