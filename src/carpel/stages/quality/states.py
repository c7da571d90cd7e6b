"""Words for how an order stands that nobody understands: whether they are sales is not known."""

from collections.abc import Iterator

from carpel.engine.query import column, query
from carpel.stages.base import Line
from carpel.stages.quality.finding import Finding, said
from carpel.stages.quality.subject import Subject
from carpel.values.statuses import meaning

STATED = "order_status"
SOLD = frozenset({"order_completed", "product_purchased"})
SHOWN = 5
"""Words that are told, the most frequent first."""
MOST_STATES = 30
"""A column of more different values is no status."""


def not_understood(line: Line, subject: Subject) -> Iterator[Finding]:
    """Sales whose status is a word for nothing known, counted, with the words."""
    if subject.event not in SOLD or subject.kinds.get(STATED) != "VARCHAR":
        return
    if STATED in _asked_for(line, subject):
        return
    states = line.engine.rows(
        query(
            """SELECT :c, count(*) FROM :rows AS r WHERE trim(:c) <> ''
               GROUP BY 1 ORDER BY 2 DESC, 1""",
            c=column(STATED),
            rows=subject.rows,
        )
    )
    unknown = [(text, rows) for text, rows in states if meaning(text) == "unknown"]
    if not unknown or len(states) > MOST_STATES:
        return
    rows, shown = sum(count for _, count in unknown), subject.said(STATED)
    words = ", ".join(f"“{text}” ({count:,})" for text, count in unknown[:SHOWN])
    more = f" and {len(unknown) - SHOWN:,} more" if len(unknown) > SHOWN else ""
    yield Finding(
        subject.source,
        "unknown_status",
        shown,
        "warning",
        rows,
        subject.of,
        False,
        f"{said(rows, subject.of, 'have')} a {shown} that is not understood, and count as sales: "
        f"{words}{more}.",
        "Where they are no sales, leave them out under `when`; where they are, say under `values` "
        "of the column what they mean: `paid`, for example.",
    )


def _asked_for(line: Line, subject: Subject) -> set[str]:
    """Properties of which the event's rows are chosen by name: what they say is settled."""
    tracks = line.definitions.sources[subject.source].track
    return {
        name
        for track in tracks
        if track.event == subject.event
        for name, told in track.properties.items()
        for column_name, comparison in track.when.items()
        if told.column == column_name and comparison.operator in ("in", "eq")
    }
