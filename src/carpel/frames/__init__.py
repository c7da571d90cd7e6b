"""Without a project: RFM, segments and groups of a table that somebody has at hand.

A pandas, Polars, Arrow or DuckDB table goes in, the same kind of table comes out. In between run
the same queries and the same evaluator as in a project. A time without a zone is in `timezone`.
"""

from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any
from zoneinfo import ZoneInfo

import narwhals as nw
import pyarrow as pa

from carpel.engine.duckdb import DuckDB
from carpel.engine.query import aliased, column, query
from carpel.errors import NotFound
from carpel.evaluation import Evaluator
from carpel.frames.discovering import discovered as discover
from carpel.frames.kinds import arrow, framed, like
from carpel.frames.tables import Moments, key_people, moment_of, occurred, people_tables, track
from carpel.language import Node, parse
from carpel.specs import Rfm
from carpel.stages.segments.occurrences import Moment, occurrences
from carpel.stages.segments.rfm import rfm as scored

__all__ = ["discover", "rfm", "segment"]
EVENT = "order_completed"


def rfm(
    data: Any,
    *,
    customer: str = "customer",
    at: str = "at",
    amount: str | None = "amount",
    as_of: Moments = None,
    timezone: str = "UTC",
    spec: Rfm | None = None,
) -> Any:
    """RFM scores of everybody in a table of purchases, one row a purchase.

    Gives one row a customer, in the order of their keys: the key under its own name,
    `recency_days`, `frequency`, `monetary`, the scores `r`, `f` and `m` (1 to 5) and `place`, the
    named group. `as_of` is the last purchase when left out; a day means its midnight. Without an
    `amount`, monetary is the frequency. `spec` brings cut-offs, groups or a window of one's own.
    Raises CarpelError for a column that is not there or does not read, and for rows without a
    customer or a time.
    """
    frame, zone = framed(data), ZoneInfo(timezone)
    asked = (spec or Rfm(name="rfm", kind="rfm")).model_copy(
        update={"event": EVENT, "property": "amount" if amount else None}
    )
    with closing(DuckDB()) as engine:
        rows = occurred(arrow(frame), customer, at, zone, {amount: "amount"} if amount else {})
        engine.register("given", rows)
        engine.create(
            "customers",
            query("""
            SELECT row_number() OVER (ORDER BY original) AS customer, original
            FROM (SELECT DISTINCT original FROM given) AS d"""),
        )
        track(engine, EVENT)
        moment = Moment.of(moment_of(engine, as_of, zone, [EVENT]), zone)
        found = engine.fetch(
            query(
                """
            SELECT :key, s.* EXCLUDE (customer) FROM :scored AS s
            JOIN customers USING (customer) ORDER BY customer""",
                key=aliased(column("original"), customer),
                scored=scored(
                    asked,
                    occurrences(engine, EVENT, asked.property, moment, paid=asked.property),
                    moment,
                ),
            )
        )
    return like(frame, found)


def segment(
    data: Any,
    where: Node | Mapping[str, Any],
    *,
    customer: str | None = None,
    events: Mapping[str, Any] | None = None,
    at: str = "at",
    as_of: Moments = None,
    timezone: str = "UTC",
) -> Any:
    """The rows of a table of people, one row a person, who match a rule of the rule language.

    The table's columns are the traits that the rule may name. `events` are tables of what people
    did, by the event's name, with the column `customer` that the people have too and the time
    `at`: then the rule may say `did`. `as_of` is the last event when left out, or now where there
    are no events. Raises CarpelError for a rule that does not parse or names what is not there,
    and for people with two rows.
    """
    frame, zone = framed(data), ZoneInfo(timezone)
    node = where if isinstance(where, Node) else parse(where)
    people, tracked = arrow(frame), dict(events or {})
    with closing(DuckDB()) as engine:
        people_tables(engine, people, zone)
        if tracked:
            key_people(engine, people, customer)
        for name, rows in tracked.items():
            given = occurred(arrow(framed(rows)), str(customer), at, zone)
            engine.register("given", given)
            track(engine, name)
        moment = moment_of(engine, as_of, zone, tracked)
        try:
            members = list(Evaluator(engine, as_of=moment, zone=zone).sets(node).yes)
        except NotFound as error:
            raise _not_here(error, people.column_names, tracked) from None
    if isinstance(frame, nw.DataFrame):
        return frame[members].to_native()
    return like(frame, people.take(pa.array(members, pa.int64())))


def _not_here(error: NotFound, columns: Sequence[str], events: Mapping[str, Any]) -> NotFound:
    """The same without a project: names are the table's own columns, and of events their tables."""
    there = {"trait": ("column", columns), "event": ("table of events", events)}
    if error.kind not in there:
        return error
    kind, names = there[error.kind]
    listed = f"There are: {', '.join(names)}." if names else "Hand them over as `events={NAME: …}`."
    return NotFound(kind, error.name, names, action=listed)
