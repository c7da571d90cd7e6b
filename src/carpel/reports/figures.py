"""Figures as people read them: money with its currency, per cent, the n behind a number."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

LOCALE = "en"


@dataclass(frozen=True)
class Figures:
    """Writes figures in a project's currency and zone."""

    currency: str
    zone: ZoneInfo

    def money(self, value: float | None) -> str:
        """An amount with its currency sign: whole from 100 on, with cents below."""
        from babel.numbers import format_currency

        if value is None:
            return "unknown"
        sign = format_currency(0, self.currency, "¤", locale=LOCALE)
        digits = f"{abs(value):,.0f}" if abs(value) >= 100 else f"{abs(value):,.2f}"
        minus = "−" if value < 0 else ""
        return f"{minus}{sign}{digits}" if len(sign) == 1 else f"{minus}{sign} {digits}"

    def day(self, moment: datetime | date | None) -> str:
        """The day it was in the project's own zone: 31 December 2017."""
        if moment is None:
            return "unknown"
        if isinstance(moment, datetime) and moment.tzinfo:
            moment = moment.astimezone(self.zone)
        return f"{moment.day} {moment:%B %Y}"


def number(value: float | None) -> str:
    """A number with thousands marked and no more digits than it deserves."""
    if value is None:
        return "unknown"
    if float(value).is_integer() or abs(value) >= 100:
        return f"{value:,.0f}".replace("-", "−")
    return f"{value:,.2f}".rstrip("0").rstrip(".").replace("-", "−")


def percent(value: float | None) -> str:
    """A share of 0 to 1 as per cent; small ones keep a digit, none is rounded to nothing."""
    if value is None:
        return "unknown"
    if 0 < value < 0.001:
        return "under 0.1 %"
    return f"{value * 100:.0f} %" if value >= 0.1 or value == 0 else f"{value * 100:.1f} %"


def people(count: int | None) -> str:
    """How many people, in words a sentence can use."""
    return f"{count or 0:,} {'person' if count == 1 else 'people'}"


def by_unit(figures: Figures, unit: str) -> Callable[[float | None], str]:
    """How a figure of this unit is written."""
    if unit == "money":
        return figures.money
    if unit in ("share", "rate"):
        return percent
    return number
