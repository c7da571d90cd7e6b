"""What a rule says of calendars and zones that depend on people, said in clauses about traits."""

from collections.abc import Callable, Iterable
from collections.abc import Sequence as Listed
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from carpel.errors import CarpelError
from carpel.evaluation.comparisons import Clock
from carpel.evaluation.windows import local, shift
from carpel.language import (
    All,
    Any,
    Comparison,
    Did,
    Holds,
    Holiday,
    Node,
    Not,
    Sequence,
    Trait,
)
from carpel.language.walking import mapped

TIMEZONE, COUNTRY = "timezone", "country"


Values = Callable[[], Listed[str]]
"""Asked for only when a rule needs them."""


def grounded(node: Node, clock: Clock, *, zones: Values, countries: Values) -> Node:
    """The rule without holidays and personal zones: both become clauses about traits.

    `zones` and `countries` give those that people have. In the person's own zone, somebody of
    whom no zone is known, or none that there is, has the project's.
    """

    def ground(leaf: Node) -> Node:
        match leaf:
            case Holiday():
                return _holiday(leaf, clock, countries())
            case Trait(zone="own") | Did(zone="own") | Sequence(zone="own") | Holds(zone="own"):
                return _in_own_zone(leaf, zones())
        return leaf

    return mapped(node, ground)


def _in_own_zone(node: Trait | Did | Sequence | Holds, zones: Iterable[str]) -> Node:
    listed = tuple(zone for zone in zones if _exists(zone))
    ours = replace(node, zone="")
    if not listed:
        return ours
    known = Trait(TIMEZONE, Comparison("is_set"))
    apart = tuple(
        All((known, Trait(TIMEZONE, Comparison("eq", zone)), replace(node, zone=zone)))
        for zone in listed
    )
    elsewhere = Trait(TIMEZONE, Comparison("not_in", listed), missing="match")
    return Any((*apart, All((elsewhere, ours))))


def _exists(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, KeyError):
        return False
    return True


def _holiday(node: Holiday, clock: Clock, countries: Iterable[str]) -> Node:
    first = local(clock.moment, clock.zone).date()
    last = local(shift(clock.moment, node.within, clock.zone, back=False), clock.zone).date()
    there = tuple(each for each in countries if _celebrates(each, node.name, first, last))
    if not there:
        lives = Trait(COUNTRY, Comparison("is_set"))
        return All((Not(lives), Trait(COUNTRY, Comparison("in", ("",)))))
    return Trait(COUNTRY, Comparison("in", there))


def _celebrates(country: str, name: str, first: date, last: date) -> bool:
    """Whether a holiday, or the named one, lies between two days where people live."""
    days = named(country, name, range(first.year, last.year + 1))
    return any(first <= day <= last for day in days)


def named(country: str, name: str, years: range) -> list[date]:
    """The days of a public holiday, or of all, in a country; none where the country is not known.

    Raises CarpelError where the extra `geo` is not installed.
    """
    try:
        import holidays
    except ImportError:
        raise CarpelError(
            "Holidays of countries are not installed.",
            action="Install Carpel with the extra `geo`.",
        ) from None
    try:
        days = holidays.country_holidays(country, years=years)
    except NotImplementedError:
        return []
    return sorted(day for day, said in days.items() if name.casefold() in said.casefold())
