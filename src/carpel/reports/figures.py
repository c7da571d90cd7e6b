"""Figures as people read them: money with its currency, per cent, the n behind a number."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from carpel.specs import words

LOCALE = "en"
THIN = "\u00a0"
"""Between a number and what it counts, so that a line does not break there."""


@dataclass(frozen=True)
class Figures:
    """Writes figures in a project's currency and zone."""

    currency: str
    zone: ZoneInfo

    def money(self, value: float | None) -> str:
        """An amount in whole units of its currency; small ones keep their cents."""
        if value is None:
            return "not known"
        whole = value == 0 or abs(value) >= 100
        return self._signed(value, f"{abs(value):,.{0 if whole else 2}f}")

    def whole(self, value: float | None) -> str:
        """An amount in whole units, for columns."""
        if value is None:
            return "not known"
        return self._signed(value, f"{abs(value):,.0f}")

    def cents(self, value: float) -> str:
        """An amount to the cent."""
        return self._signed(round(value, 2), f"{abs(value):,.2f}")

    def brief(self, value: float | None) -> str:
        """An amount for a small space: `$1.2M`, `$35k`."""
        if value is None:
            return ""
        for size, letter in ((1e9, "bn"), (1e6, "M"), (1e3, "k")):
            if abs(value) >= size:
                part = abs(value) / size
                return self._signed(value, f"{part:.{1 if part < 10 else 0}f}{letter}")
        return self._signed(value, f"{abs(value):,.0f}")

    def _signed(self, value: float, digits: str) -> str:
        from babel.numbers import get_currency_symbol

        sign = get_currency_symbol(self.currency, locale=LOCALE)
        return f"{'−' if value < 0 else ''}{sign}{'' if len(sign) == 1 else THIN}{digits}"

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


def number(value: float | None) -> str:
    """A number with thousands marked and no more digits than it deserves."""
    if value is None:
        return "not known"
    if float(value).is_integer() or abs(value) >= 100:
        return f"{value:,.0f}".replace("-", "−")
    digits = 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}".replace("-", "−")


def percent(value: float | None) -> str:
    """A share of 0 to 1 as per cent; what is not nothing or all is not rounded to it."""
    if value is None:
        return "not known"
    if 0 < value < 0.0005:
        return f"under 0.1{THIN}%"
    if 0.9995 <= value < 1:
        return f"over 99.9{THIN}%"
    digits = 0 if value in (0, 1) or 0.0995 <= value < 0.995 or value > 1 else 1
    return f"{value * 100:.{digits}f}{THIN}%"


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
