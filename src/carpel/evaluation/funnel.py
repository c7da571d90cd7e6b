"""Funnels: who did one thing, then the next, and how far they got."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pyroaring import BitMap

from carpel.engine.query import Tree, query, table
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.memberships import selected
from carpel.evaluation.refunds import bought


def funnel(
    catalogue: Catalogue, events: Sequence[str], within: timedelta | None, until: datetime
) -> list[BitMap]:
    """By step: who got so far in any of their ways through, each step strictly later than the one
    before it, and all no later than `within` after the first of that way.

    Up to `until` (UTC without a zone). Who did the first step often may begin at any of them.
    Raises NotFound for an event that there is none of.
    """
    ways: Tree = query(
        "SELECT customer, at AS began, at FROM :first AS f",
        first=_done(catalogue, events[0], until),
    )
    found = [_people(catalogue, ways)]
    for event in events[1:]:
        ways = _further(ways, _done(catalogue, event, until), within)
        found.append(_people(catalogue, ways))
    return found


def _done(catalogue: Catalogue, event: str, until: datetime) -> Tree:
    home = catalogue.event(event)
    return query(
        """SELECT DISTINCT coalesce(a.survivor, e.customer) AS customer, e.at
           FROM :event AS e LEFT JOIN aliases AS a ON a.customer = e.customer
           WHERE e.at <= :until AND :bought""",
        event=table(home),
        until=until,
        bought=bought(catalogue.columns(home), "e"),
    )


def _further(ways: Tree, done: Tree, within: timedelta | None) -> Tree:
    """Each way with its next step, the earliest there is; of those that meet there, that which
    began last: it has the most time left."""
    room = query("true")
    if within is not None:
        seconds = int(within.total_seconds())
        room = query("e.at <= w.began + :n * INTERVAL 1 SECOND", n=seconds)
    return query(
        """SELECT w.customer, max(w.began) AS began, e.at
           FROM :ways AS w ASOF JOIN :done AS e ON w.customer = e.customer AND w.at < e.at
           WHERE :room GROUP BY w.customer, e.at""",
        ways=ways,
        done=done,
        room=room,
    )


def _people(catalogue: Catalogue, ways: Tree) -> BitMap:
    return selected(catalogue.engine, query("SELECT DISTINCT customer FROM :w AS w", w=ways))
