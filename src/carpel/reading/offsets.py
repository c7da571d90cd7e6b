"""Zones that a time names behind itself: `GMT+1`, `UTC+01:00`, `+0100`, `CET`, `PST`."""

import re
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlglot import exp

from carpel.engine.query import Tree, literal, query

MINUTES: Mapping[str, int] = {
    **dict.fromkeys(("Z", "UTC", "GMT", "UT", "WET"), 0),
    **dict.fromkeys(("CET", "MEZ", "WEST"), 60),
    **dict.fromkeys(("CEST", "MESZ", "EET", "SAST"), 120),
    **dict.fromkeys(("EEST", "MSK"), 180),
    **dict.fromkeys(("HKT", "SGT", "AWST"), 480),
    **dict.fromkeys(("JST", "KST"), 540),
    **{"ACST": 570, "ACDT": 630, "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780},
    **{"EST": -300, "EDT": -240, "CDT": -300, "MDT": -360, "MST": -420, "PDT": -420},
    **{"PST": -480, "AKDT": -480, "AKST": -540, "HST": -600, "BRT": -180},
}
"""Minutes before UTC by a zone's abbreviation, where it is one's alone in what shops export."""
UNCLEAR = ("AST", "BST", "CST", "GST", "IST")
"""Abbreviations of several zones: of India, Ireland and Israel, of China and North America, …"""
NAMES = "|".join(sorted((*MINUTES, *UNCLEAR), key=len, reverse=True))
ZONE = rf"(?:(?:UTC|GMT|UT|Z)? ?([+-])(0?[0-9]|1[0-4])(?::?([0-5][0-9]))?|({NAMES}))(?: ?[(].*)?"
"""Sign, hours and minutes of an offset, or an abbreviation; what stands in brackets explains it."""
_BEHIND = rf"(?i)(:[0-9]{{2}}(?:[.,][0-9]+)?(?: ?[ap][.]?m[.]?)?) ?{ZONE}$"
_SHAPE = re.compile(r"^(?P<clock>.*?9:99(?::99)?(?:[.,]9+)?)(?P<half> ?a)?[a +9:-]*(?: ?\(.*)?$")


def behind(shape: str, example: str) -> bool:
    """Whether values of a shape may say their zone behind a time: more follows than `PM`."""
    found = _SHAPE.match(shape)
    more = found is not None and found["clock"] != shape
    return more and not re.search(r"(?i)[0-9] ?[ap][.]?m[.]?$", example)


def without_zone(shape: str) -> tuple[str, ...]:
    """A shape as it may be without a zone; the first word behind a time may be one, or `PM`."""
    found = _SHAPE.match(shape)
    if not found:
        return (shape,)
    clock, half = found["clock"], found["half"]
    return (clock + half, clock) if half else (clock,)


def clock_of(said: Tree) -> Tree:
    """What is said without the zone behind it."""
    return query("regexp_replace(:v, :behind, '\\1')", v=said, behind=_BEHIND)


def minutes_of(said: Tree) -> Tree:
    """Minutes before UTC of the zone behind a time; null where none or an unclear one is."""
    sign, hours, minutes, name = (
        query("regexp_extract(:v, :behind, :group)", v=said, behind=_BEHIND, group=group)
        for group in (2, 3, 4, 5)
    )
    named = query(
        "list_extract(:minutes, list_position(:names, upper(:n)))",
        minutes=exp.array(*map(literal, MINUTES.values())),
        names=exp.array(*map(literal, MINUTES)),
        n=name,
    )
    return query(
        "CASE WHEN :hours <> '' THEN (CASE WHEN :sign = '-' THEN -1 ELSE 1 END) * "
        "(60 * TRY_CAST(:hours AS BIGINT) + coalesce(TRY_CAST(:minutes AS BIGINT), 0)) "
        "ELSE :named END",
        hours=hours,
        sign=sign,
        minutes=minutes,
        named=named,
    )


def unclear(example: str, zone: str) -> str | None:
    """The abbreviation behind a time where several zones have it, and not the one given."""
    found = re.search(_BEHIND, example)
    name = (found[5] or "").upper() if found else ""
    at = (datetime(2026, month, 1, tzinfo=ZoneInfo(zone)) for month in (1, 7))
    own = {each.tzname() for each in at}
    return name if name in UNCLEAR and name not in own else None
