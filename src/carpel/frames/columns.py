"""Columns of other people's tables, made regular."""

from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from carpel.errors import CarpelError, suggestion


def column_of(rows: pa.Table, name: str) -> pa.ChunkedArray:
    """Give a column; raises CarpelError with the nearest names when there is none."""
    if name not in rows.column_names:
        raise CarpelError(
            f"There is no column {name!r}.", action=suggestion(name, rows.column_names)
        )
    return rows.column(name)


def plain(cells: pa.ChunkedArray, zone: ZoneInfo) -> pa.ChunkedArray:
    """Instants in UTC without a zone, dictionaries as what they stand for, the rest as it is."""
    if pa.types.is_timestamp(cells.type):
        return instants(cells, "", zone)
    return cells.cast(cells.type.value_type) if pa.types.is_dictionary(cells.type) else cells


def instants(cells: pa.ChunkedArray, name: str, zone: ZoneInfo) -> pa.ChunkedArray:
    """Times, days or ISO texts as UTC without a zone; an hour that comes twice is the first."""
    if pa.types.is_timestamp(cells.type) and cells.type.tz:
        return cells.cast(pa.timestamp("us", "UTC")).cast(pa.timestamp("us"))
    if not (
        pa.types.is_temporal(cells.type)
        or pa.types.is_string(cells.type)
        or pa.types.is_large_string(cells.type)
    ):
        raise CarpelError(
            f"The column {name!r} holds no times but {cells.type}.",
            action="Turn it into times first.",
        )
    try:
        local = cells.cast(pa.timestamp("us"), safe=False)
    except pa.ArrowInvalid as error:
        raise CarpelError(
            f"The column {name!r} has a text that is no time like 2026-03-01 12:00.",
            action="Turn it into times first.",
        ) from error
    aware = pc.assume_timezone(local, zone.key, ambiguous="earliest", nonexistent="latest")
    return aware.cast(pa.timestamp("us", "UTC")).cast(pa.timestamp("us"))


def days(when: pa.ChunkedArray, zone: ZoneInfo) -> pa.ChunkedArray:
    """The local days in a zone of instants in UTC."""
    aware = pc.assume_timezone(when, "UTC").cast(pa.timestamp("us", zone.key))
    return pc.local_timestamp(aware).cast(pa.date32(), safe=False)


def numbers(cells: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    """Numbers; what is not one (NaN, infinity) is missing."""
    try:
        numbers = cells.cast(pa.float64())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise CarpelError(
            f"The column for {name} holds something that is no number.",
            action="Turn it into numbers first.",
        ) from error
    return pc.if_else(pc.is_finite(numbers), numbers, pa.scalar(None, pa.float64()))
