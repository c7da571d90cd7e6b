"""An event's rows under their customers' keys, and their files, a tier at a time."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time
from functools import partial
from typing import Any

from carpel.engine.query import Tree, aliased, column, query, table
from carpel.stages.base import Line, Output
from carpel.stages.events.cluster import CLUSTER, with_cluster
from carpel.stages.events.money import in_project_currency, unconverted
from carpel.stages.events.orders import LINES, ORDERS, orders_beside, orders_from_lines
from carpel.stages.events.spreading import of_orders, spread
from carpel.stages.events.tiers import Tier, divided
from carpel.tables import REFUND_ONLY

STAGED = "staged_event_"
ROWS = "laid"


class Laid:
    """The rows of one event; they are computed once, when first needed."""

    def __init__(self, line: Line, event: str) -> None:
        self.line, self.event, self._made = line, event, False

    def describe(self, out: Output) -> None:
        """Note the event's columns and its tiers, each with a digest of its rows."""
        self._make()
        columns = self.line.engine.columns(ROWS)
        out.note(
            f"columns/{self.event}", {name: columns[name] for name in columns if name != CLUSTER}
        )
        out.note(f"tiers/{self.event}", list(self._tiers()))
        if refused := unconverted(self.line):
            out.note(f"unconverted/{self.event}", refused)

    def write(self, tier: Mapping[str, Any], out: Output) -> None:
        """Write the rows of a tier in both orders."""
        self._make()
        rows = query(
            f"SELECT * FROM {ROWS} WHERE at >= :start AND at < :end",
            start=datetime.fromisoformat(tier["start"]),
            end=datetime.fromisoformat(tier["end"]),
        )
        for layout, order in (
            (f"event_{self.event}", f"{CLUSTER}, at, event_key"),
            (f"activity_{self.event}", "customer, at, event_key"),
        ):
            text = f"SELECT * EXCLUDE ({CLUSTER}) FROM :rows AS r ORDER BY {order}"
            out.write(layout, query(text, rows=rows))

    def drop(self) -> None:
        """Let go of the rows."""
        if self._made:
            self.line.engine.drop(ROWS)

    def _make(self) -> None:
        if not self._made:
            rows = with_cluster(self.line, self.event, _known(self.line, self.event))
            self.line.engine.create(ROWS, rows)
            self._tell_refunds()
            self._made = True

    def _tell_refunds(self) -> None:
        engine, revenue = self.line.engine, self.line.definitions.project.revenue
        if self.event != revenue.event or revenue.property not in engine.columns(ROWS):
            return
        refund = query("TRY_CAST(:it AS DOUBLE) < 0", it=column(revenue.property))
        if engine.value(query(f"SELECT count(*) FROM {ROWS} WHERE :refund", refund=refund)):
            told = aliased(query("CASE WHEN :refund THEN TRUE END", refund=refund), REFUND_ONLY)
            engine.create(ROWS, query(f"SELECT *, :told FROM {ROWS}", told=told))

    def _tiers(self) -> Iterator[dict[str, Any]]:
        """The tiers; equal rows give an equal digest, in whatever order they are.

        What a row is sorted by counts as well, so that a file is in the order of today.
        """
        text = (
            "SELECT CAST(at AS DATE), count(*), sum(CAST(hash(r) AS HUGEINT)) "
            f"FROM {ROWS} AS r GROUP BY 1"
        )
        days = {
            datetime.combine(day, time.min): (int(rows), int(content))
            for day, rows, content in self.line.engine.rows(query(text))
        }
        counts = {day: rows for day, (rows, _) in days.items()}
        for tier in divided(counts, self.line.clock.replace(tzinfo=None)):
            yield _digest(
                tier, [each for day, each in days.items() if tier.start <= day < tier.end]
            )


def _digest(tier: Tier, days: list[tuple[int, int]]) -> dict[str, Any]:
    return {
        "tier": tier.name,
        "start": tier.start.isoformat(),
        "end": tier.end.isoformat(),
        "rows": sum(rows for rows, _ in days),
        "content": f"{sum(content for _, content in days):x}",
    }


def _known(line: Line, event: str) -> Tree:
    """The event's rows under their customers' keys; orders also from their lines."""
    told = _lines if event == LINES else partial(_with_customer, event=event)
    direct = told(line) if line.table_files(STAGED + event) else None
    if event == ORDERS and line.table_files(STAGED + LINES):
        lines = _lines(line)
        derived = orders_from_lines(line.engine.columns(lines), lines)
        direct = orders_beside(direct, derived, line.engine) if direct else derived
    if direct is None:
        raise RuntimeError(f"nothing was staged for {event}")
    return query("SELECT * EXCLUDE (survivor) FROM :rows AS r", rows=direct)


def _with_customer(line: Line, event: str) -> Tree:
    """The rows under the key that a record was first given, and the one they live on under.

    A merge so leaves the rows as they are, and so does taking it back. A record whose first key
    is somebody else's by now stands under that of today.
    """
    return in_project_currency(
        line,
        query(
            """SELECT CASE WHEN coalesce(a.survivor, i.origin) = i.customer
                      THEN i.origin ELSE i.customer END AS customer,
                      i.customer AS survivor, s.* EXCLUDE (ref)
           FROM :staged AS s JOIN identities AS i ON i.ref = s.ref
           LEFT JOIN aliases AS a ON a.customer = i.origin""",
            staged=table(STAGED + event),
        ),
    )


def _lines(line: Line) -> Tree:
    """The lines of orders, each with its part of its order's discount taken off."""
    lines = _with_customer(line, LINES)
    if line.table_files(STAGED + ORDERS):
        orders, columns = _with_customer(line, ORDERS), line.engine.columns
        lines = of_orders(columns(lines), lines, columns(orders), orders)
    return spread(line.engine.columns(lines), lines)
