"""What became of the rows of a source: how many were read, merged and set aside."""

from collections.abc import Iterator

from carpel.engine.query import query
from carpel.stages.base import Line
from carpel.stages.quality.finding import Finding, said

ERASED = "erased"
"""Why rows of people who were erased are set aside, which is no fault of the source."""


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
                f"{said(count, of, 'are')} merged into another row: {reason or 'said again'}.",
            )
        else:
            yield Finding(
                source,
                "set_aside",
                "",
                "note" if reason == ERASED else "warning",
                count,
                of,
                False,
                f"{said(count, of, 'are')} set aside: {reason}.",
                "`carpel set-aside ls` shows them; correct them and load them again."
                if reason != ERASED
                else "They are of people who asked for it: nothing is wrong with the data.",
            )
