"""The stage `events`: what customers did, laid out twice, and what they hold.

By the event's cluster and time for questions about everybody, by customer for questions about
one. A part an event says which rows there are, a part a tier lays those of a year, month or day:
a tier whose rows are those of the parent build keeps its files.
"""

from collections.abc import Iterable, Iterator
from functools import partial

from carpel.stages.base import Line, Part
from carpel.stages.events.cluster import cluster, lookup
from carpel.stages.events.holdings import COMPANIES, accounts, contracts
from carpel.stages.events.laid import STAGED, Laid
from carpel.stages.events.money import RATES
from carpel.stages.events.orders import LINES, ORDERS


class Events:
    """Writes event_*, activity_*, contracts, accounts and belongings."""

    name = "events"
    version = 8
    writes = ("event", "activity", "contracts", "accounts", "belongings")

    def parts(self, line: Line) -> Iterable[Part]:
        names = {each.removeprefix(STAGED) for each in line.tables("staged_event")}
        if LINES in names:
            names.add(ORDERS)
        for event in sorted(names):
            yield from _of_event(line, event)
        held = _tables(line, "staged_contracts", "identities")
        yield Part("events/contracts", held, partial(contracts, line))
        placed = _tables(line, "staged_places", "identities", *COMPANIES)
        yield Part("events/accounts", placed, partial(accounts, line))


def _of_event(line: Line, event: str) -> Iterator[Part]:
    """What there is of an event, then each of its tiers; that knows what was noted of the first."""
    laid, whole = Laid(line, event), f"events/{event}"
    yield Part(whole, _depends(line, event), laid.describe)
    noted = line.parts[whole].notes
    for tier in noted[f"tiers/{event}"]:
        depends = {**tier, "columns": noted[f"columns/{event}"], "cluster_by": cluster(line, event)}
        yield Part(f"{whole}/{tier['tier']}", depends, partial(laid.write, tier))
    laid.drop()


def _tables(line: Line, *tables: str) -> dict[str, list[str]]:
    return {each: line.table_files(each) for each in tables}


def _depends(line: Line, event: str) -> dict[str, object]:
    read = [STAGED + event, "identities", "aliases", RATES, f"described_{lookup(line, event)}"]
    project = line.definitions.project
    if event in (ORDERS, LINES):
        read.append(STAGED + (LINES if event == ORDERS else ORDERS))
    return {
        **_tables(line, *read),
        "cluster_by": cluster(line, event),
        "currency": project.currency,
        "paid": project.revenue.property if event == project.revenue.event else None,
    }
