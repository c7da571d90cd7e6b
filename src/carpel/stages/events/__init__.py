"""The stage `events`: what customers did, laid out twice, and what they hold.

By the event's cluster and time for questions about everybody, by customer for questions about
one. A part an event, so that a changed source lays only its own events anew.
"""

from collections.abc import Iterable
from functools import partial

from carpel.engine.query import Tree, column, query, table
from carpel.stages.base import Line, Output, Part
from carpel.stages.events.holdings import accounts, contracts
from carpel.stages.events.money import RATES, in_project_currency, unconverted
from carpel.stages.events.orders import LINES, ORDERS, orders_from_lines

STAGED = "staged_event_"


class Events:
    """Writes event_*, activity_*, contracts, accounts and belongings."""

    name = "events"
    version = 1
    writes = ("event", "activity", "contracts", "accounts", "belongings")

    def parts(self, line: Line) -> Iterable[Part]:
        names = {each.removeprefix(STAGED) for each in line.tables("staged_event")}
        if LINES in names:
            names.add(ORDERS)
        for event in sorted(names):
            yield Part(f"events/{event}", _depends(line, event), partial(_lay, line, event))
        held = _tables(line, "staged_contracts", "identities")
        yield Part("events/contracts", held, partial(contracts, line))
        placed = _tables(line, "staged_places", "identities")
        yield Part("events/accounts", placed, partial(accounts, line))


def _tables(line: Line, *tables: str) -> dict[str, list[str]]:
    return {each: line.table_files(each) for each in tables}


def _depends(line: Line, event: str) -> dict[str, object]:
    read = [STAGED + event, "identities", RATES, f"described_{_lookup(line, event)}"]
    if event == ORDERS:
        read.append(STAGED + LINES)
    return {
        **_tables(line, *read),
        "cluster_by": _cluster(line, event),
        "currency": line.definitions.project.currency,
    }


def _lay(line: Line, event: str, out: Output) -> None:
    """Compute an event once, then write it in both orders."""
    line.engine.create("laid", _known(line, event))
    out.write(f"event_{event}", _sorted_by_cluster(line, event))
    out.write(f"activity_{event}", query("SELECT * FROM laid ORDER BY customer, at, event_key"))
    if refused := unconverted(line):
        out.note(f"unconverted/{event}", refused)
    line.engine.drop("laid")


def _known(line: Line, event: str) -> Tree:
    """The event's rows under their customers' keys; orders also from their lines."""
    direct = _with_customer(line, event) if line.table_files(STAGED + event) else None
    if event == ORDERS and line.table_files(STAGED + LINES):
        lines = _with_customer(line, LINES)
        return orders_from_lines(line.engine.columns(lines), lines, direct)
    if direct is None:
        raise RuntimeError(f"nothing was staged for {event}")
    return direct


def _with_customer(line: Line, event: str) -> Tree:
    return in_project_currency(
        line,
        query(
            """SELECT i.customer, s.* EXCLUDE (ref) FROM :staged AS s
           JOIN identities AS i ON i.ref = s.ref""",
            staged=table(STAGED + event),
        ),
    )


def _cluster(line: Line, event: str) -> str:
    """The property by which people want the event's files sorted; empty when they do not say."""
    asked = [
        track.cluster_by
        for source in line.definitions.sources.values()
        for track in source.track
        if track.event == event and track.cluster_by
    ]
    return asked[0] if asked else ""


def _lookup(line: Line, event: str) -> str:
    """The event's own property through which its cluster is looked up; empty when it has it."""
    cluster, staged = _cluster(line, event), STAGED + event
    if not cluster or not line.table_files(staged):
        return ""
    own = line.engine.columns(staged)
    for described in line.tables("described"):
        key = described.removeprefix("described_")
        if cluster not in own and key in own and cluster in line.engine.columns(described):
            return key
    return ""


def _sorted_by_cluster(line: Line, event: str) -> Tree:
    cluster, key = _cluster(line, event), _lookup(line, event)
    if key:
        return query(
            """SELECT laid.* FROM laid LEFT JOIN :described AS d ON :theirs = :ours
                        ORDER BY :cluster, laid.at, laid.event_key""",
            described=table(f"described_{key}"),
            theirs=column(key, "d"),
            ours=column(key, "laid"),
            cluster=column(cluster, "d"),
        )
    if cluster in line.engine.columns("laid"):
        return query("SELECT * FROM laid ORDER BY :cluster, at, event_key", cluster=column(cluster))
    return query("SELECT * FROM laid ORDER BY at, event_key")
