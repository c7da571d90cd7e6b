"""Dates and instants as people write them; day and month order decided from the whole column."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlglot import exp

from carpel.engine.query import Tree, literal, query
from carpel.reading.numbers import MISSING
from carpel.reading.offsets import behind, clock_of, minutes_of, without_zone
from carpel.reading.shapes import Shape

Order = Literal["dmy", "mdy", "ymd"]
_ISO = re.compile(r"^9999-99?-99?([a ]+99?:99(:99)?([.,]9+)?)?( ?a|[+-]99(:?99)?)?$")
_ZONED = r"([Zz]|UTC|GMT|[+-][0-9]{2}:?[0-9]{2}|:[0-9.]+[+-][0-9]{2})$"
_OFFSET = r"(:[0-9.]+) ?([+-][0-9]{2})([0-9]{2})$"
"""`10:00:00 -0500`, which the engine reads only as `10:00:00-05:00`."""
_DATE = re.compile(r"^(?:a,?\s)?(9+|a)([-/. ]+)(9+|a)(,? |[-/. ]+)(9{4}|9{2})(?P<rest>\D.*)?$")
_TIME = {
    "9:99": "%H:%M",
    "9:99:99": "%H:%M:%S",
    "9:99a": "%I:%M%p",
    "9:99 a": "%I:%M %p",
    "9:99:99 a": "%I:%M:%S %p",
    "9:99:99a": "%I:%M:%S%p",
    "9:99:99.999": "%H:%M:%S.%g",
}


@dataclass(frozen=True)
class Moments:
    """How a column writes dates or instants."""

    formats: tuple[str, ...] = ()
    iso: bool = False
    zoned: bool = False
    """Whether some say their zone in a way that the engine reads."""
    behind: bool = False
    """Whether some say it in another way: `GMT+1`, `CET`, `-0500` after any date."""
    serial: bool = False
    """Days since 1899-12-30, as spreadsheets count."""
    epoch: bool = False
    """Seconds, milliseconds or microseconds since 1970."""
    with_time: bool = False
    ambiguous: bool = False
    """Whether no row tells the day from the month."""
    order: Order = "dmy"


def moments(
    found: Sequence[Shape],
    order: Order | None = None,
    formats: Sequence[str] = (),
    usual: Order = "dmy",
) -> Moments:
    """Decide from the whole column how it writes its dates.

    `order` settles day and month where no row does; `usual` is taken then, and said to be a guess.
    """
    found = [each for each in found if each.example.lower() not in MISSING]
    if formats:
        return Moments(tuple(formats), with_time=any("%H" in f or "%I" in f for f in formats))
    day_first = sum(each.first_high for each in found if _swappable(each.shape))
    month_first = sum(each.second_high for each in found if _swappable(each.shape))
    swappable = any(_swappable(each.shape) for each in found)
    decided: Order = "mdy" if month_first > day_first else "dmy"
    if day_first == month_first:
        decided = order or usual
    bare = [replace(each, shape=text) for each in found for text in without_zone(each.shape)]
    listed = [each for shape in bare for each in _formats(shape, decided)]
    listed.sort(key=lambda each: "%Y" in each)
    return Moments(
        tuple(dict.fromkeys(listed)),
        any(_ISO.match(each.shape) for each in bare),
        any(map(_engine_reads, found)),
        any(behind(each.shape, each.example) and not _engine_reads(each) for each in found),
        any(re.fullmatch(r"9{5}(\.9+)?", each.shape) for each in found),
        any(re.fullmatch(r"9{10}|9{13}|9{16}|9{10}\.9+", each.shape) for each in found),
        any(
            ":" in each.shape or re.fullmatch(r"9{10,}(\.9+)?|9{5}\.9+", each.shape)
            for each in found
        ),
        swappable and day_first == month_first and order is None,
        decided,
    )


def _engine_reads(shape: Shape) -> bool:
    return bool(_ISO.match(shape.shape) and re.search(_ZONED, shape.example) and ":" in shape.shape)


def _swappable(shape: str) -> bool:
    match = _DATE.match(shape)
    return bool(match and match[1] in ("9", "99") and match[3] in ("9", "99"))


def _formats(shape: Shape, order: Order) -> list[str]:
    text = shape.shape
    if re.fullmatch(r"9{8}", text):
        return ["%Y%m%d"]
    if re.fullmatch(r"9{4}-9{2}", text):
        return ["%Y-%m"]
    if year_first := re.match(r"^9{4}([/.]|-(?=.* a$))9{1,2}\1?9{1,2}(?P<rest>\D.*)?$", text):
        sign = year_first[1]
        return [f"%Y{sign}%m{sign}%d{_time(year_first['rest'])}"]
    match = _DATE.match(text)
    if not match:
        return []
    first, second = ("%m", "%d") if order == "mdy" else ("%d", "%m")
    if "a" in (match[1], match[3]):
        return [
            f"{_weekday(text)}{a}{match[2]}{b}{match[4]}{_year(match[5])}{_time(match['rest'])}"
            for name in ("%b", "%B")
            for a, b in ([(name, "%d")] if match[1] == "a" else [("%d", name)])
        ]
    return [f"{first}{match[2]}{second}{match[4]}{_year(match[5])}{_time(match['rest'])}"]


def _weekday(shape: str) -> str:
    match = re.match(r"^a(,?\s)(?=9|a)", shape)
    return f"%a{match[1]}" if match and len(re.findall("a", shape.split(":")[0])) > 1 else ""


def _year(digits: str) -> str:
    return "%Y" if len(digits) == 4 else "%y"


def _time(rest: str | None) -> str:
    if not rest:
        return ""
    lead = re.match(r"^[,\sa]*", rest)
    start = lead[0] if lead else ""
    body = re.sub(r"^99:", "9:", rest[len(start) :])
    return start.replace("a", "T") + _TIME.get(body, "%H:%M:%S")


def written_moment(said: Tree, how: Moments) -> Tree:
    """A TIMESTAMP as it is written, null where it is none; a zone that is written is left out."""
    readings: list[Tree] = []
    said = clock_of(said) if how.behind else said
    if how.formats:  # first: the engine's own reading of ISO takes no notice of PM
        formats = exp.array(*(literal(each) for each in how.formats))
        readings.append(query("try_strptime(:v, :formats)", v=said, formats=formats))
    if how.iso:
        readings.append(query("TRY_CAST(:v AS TIMESTAMP)", v=said))
    if how.serial:
        readings.append(
            query(
                "CASE WHEN regexp_full_match(:v, '[0-9]{5}([.][0-9]+)?') THEN TIMESTAMP "
                "'1899-12-30' + to_seconds(round(TRY_CAST(:v AS DOUBLE) * 86400)::BIGINT) END",
                v=said,
            )
        )
    return query("coalesce(CAST(NULL AS TIMESTAMP), :readings)", readings=readings)


def utc_moment(said: Tree, how: Moments) -> Tree:
    """A TIMESTAMP in UTC of what says its zone or counts seconds; null for anything else."""
    readings: list[Tree] = []
    if how.zoned:
        readings.append(
            query(
                "CASE WHEN regexp_matches(:v, :zoned) THEN "
                "CAST(TRY_CAST(:spelled AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS TIMESTAMP) END",
                v=said,
                spelled=query("regexp_replace(:v, :offset, '\\1\\2:\\3')", v=said, offset=_OFFSET),
                zoned=_ZONED,
            )
        )
    if how.behind:
        readings.append(
            query(
                ":clock - to_minutes(:ahead)",
                clock=written_moment(said, how),
                ahead=minutes_of(said),
            )
        )
    if how.epoch:
        readings.append(
            query(
                "CASE WHEN regexp_full_match(:v, '[0-9]{10}([.][0-9]+)?') "
                "THEN make_timestamp((TRY_CAST(:v AS DOUBLE) * 1000000)::BIGINT) "
                "WHEN regexp_full_match(:v, '[0-9]{13}') "
                "THEN make_timestamp(TRY_CAST(:v AS BIGINT) * 1000) "
                "WHEN regexp_full_match(:v, '[0-9]{16}') "
                "THEN make_timestamp(TRY_CAST(:v AS BIGINT)) END",
                v=said,
            )
        )
    return query("coalesce(CAST(NULL AS TIMESTAMP), :readings)", readings=readings)
