"""On whose clocks a business writes its times, where its country leaves only one answer."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from carpel.inference.draft import Draft
from carpel.inference.roles import roles

CURRENCIES = {
    "GBP": "GB", "PLN": "PL", "SEK": "SE", "DKK": "DK", "NOK": "NO", "CZK": "CZ", "HUF": "HU",
    "RON": "RO", "BGN": "BG", "TRY": "TR", "JPY": "JP", "INR": "IN", "KRW": "KR", "ZAR": "ZA",
    "ILS": "IL", "THB": "TH", "CHF": "CH",
}  # fmt: skip
"""Currencies that tell the country of those who count in them."""
_SAID = re.compile(r"\b(utc|gmt)\b", re.IGNORECASE)
"""A zone in the name of a column: `Created (UTC)`."""


def zone_of(country: str | None, currency: str, *, guessed: bool) -> tuple[str, str]:
    """The zone of a business and how it is known; UTC where its country has several, or none is
    known. A currency that was `guessed` tells nothing."""
    place = country or (None if guessed else CURRENCIES.get(currency))
    found = _only(place) if place else ""
    if found:
        by = f"the country {place}" if country else f"the currency {currency}"
        return found, f"Times without a zone are taken as {found}, by {by}."
    why = f": {place} has several zones" if place else ""
    return "UTC", f"Times without a zone are taken as UTC{why}. Set `timezone` where it is not so."


def _only(country: str) -> str:
    """The zone of a country all of whose clocks agree, in winter and summer; else nothing."""
    from babel.core import get_global

    names: Sequence[str] = get_global("territory_zones").get(country, ())
    days = [datetime(2026, month, 15, 12, tzinfo=UTC) for month in (1, 7)]
    clocks = {tuple(day.astimezone(ZoneInfo(name)).utcoffset() for day in days) for name in names}
    return names[0] if len(clocks) == 1 else ""


def told_in_utc(draft: Draft) -> None:
    """Say so of a file the names of whose times do."""
    times = [
        name
        for name, each in draft.readings.items()
        if each.role in roles() and roles()[each.role].group == "time"
    ]
    if any(_SAID.search(name) for name in times):
        draft.data["timezone"] = "UTC"
        draft.notes.append("Its times are UTC, as their names say.")
