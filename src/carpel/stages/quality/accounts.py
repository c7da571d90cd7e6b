"""What the reading of a source has told already: rows set aside, merged, fixes, doubts."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from carpel.engine.query import query
from carpel.stages.base import Line
from carpel.stages.quality.finding import Finding, said

STALE_DAYS = 30
"""A source whose last event is older is not kept up to date, or has ended."""


def accounted(line: Line, source: str) -> Iterator[Finding]:
    """Rows merged and set aside, by reason."""
    rows = line.engine.rows(
        query(
            """SELECT fate, coalesce(reason, ''), CAST(sum("rows") AS BIGINT) FROM accounting
               WHERE source = :source GROUP BY ALL ORDER BY 3 DESC, 2""",
            source=source,
        )
    )
    of = sum(count for _, _, count in rows)
    for fate, reason, count in rows:
        if not count or fate == "loaded":
            continue
        if fate == "merged":
            yield Finding(
                source,
                "duplicated",
                "",
                "note",
                count,
                of,
                True,
                f"{said(count, of)} are merged into another row: {reason or 'said again'}.",
            )
        else:
            yield Finding(
                source,
                "set_aside",
                "",
                "warn",
                count,
                of,
                False,
                f"{said(count, of)} are set aside: {reason}.",
                "`carpel set-aside ls` shows them; correct them and load them again.",
            )


def read_rows(line: Line, source: str) -> int:
    """How many rows of a source were read."""
    return int(
        line.engine.value(
            query('SELECT coalesce(sum("rows"), 0) FROM accounting WHERE source = :s', s=source)
        )
    )


def stale(line: Line, source: str, notes: Mapping[str, Any], rows: int) -> Iterator[Finding]:
    """A source whose last event is long past."""
    last = notes.get("last_event_at")
    if not last:
        return
    days = (line.clock.replace(tzinfo=None) - datetime.fromisoformat(last)).days
    if days > STALE_DAYS:
        yield Finding(
            source,
            "stale",
            "at",
            "warn",
            rows,
            rows,
            False,
            f"The last of {rows:,} rows is {days:,} days old.",
            "See whether the file is still brought up to date.",
        )
