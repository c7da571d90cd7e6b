"""Stretches of time, calendar periods, days and instants as people write them."""

import re
from datetime import date, datetime
from typing import Any as Anything

from carpel.language.mistakes import RuleError
from carpel.language.operands import Calendar, Period

_PERIOD = re.compile(r"\s*(\d{1,6})\s*(hour|day|week|month|year)s?\s*", re.IGNORECASE)

_CALENDAR = re.compile(
    r"\s*(this|last)\s+(?:(\d{1,4})\s+)?(day|week|month|quarter|year)s?\s*", re.IGNORECASE
)
_DAYS = {"today": Calendar("day"), "yesterday": Calendar("day", 1)}


def period(text: Anything) -> Period:
    """Read `90 days`, `1 week`, `6 months`; raises RuleError on anything else."""
    if isinstance(text, Period):
        return text
    match = _PERIOD.fullmatch(str(text))
    if not match or not int(match[1]):
        raise RuleError(f"{text!r} is not a period; write it like `90 days`")
    return Period(int(match[1]), f"{match[2].lower()}s")  # type: ignore[arg-type]


def calendar(text: Anything) -> Calendar:
    """Read `today`, `this month`, `last quarter`, `last 3 months`; raises RuleError else."""
    if isinstance(text, Calendar):
        return text
    said = str(text).strip().lower()
    if said in _DAYS:
        return _DAYS[said]
    match = _CALENDAR.fullmatch(said)
    if not match or (match[1] == "this" and match[2]) or match[2] == "0":
        raise RuleError(f"{text!r} is no calendar period; write it like `last month`")
    count = 0 if match[1] == "this" else int(match[2] or 1)
    return Calendar(match[3], count)  # type: ignore[arg-type]


def day_or_instant(value: Anything) -> date | datetime:
    """Read a date or an instant, also from ISO text such as `2026-03-01`."""
    if isinstance(value, date):
        return value
    try:
        text = str(value).strip()
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        raise RuleError(f"{value!r} is not a date; write it like `2026-03-01`") from None
