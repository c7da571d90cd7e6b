"""What somebody did; and, where it is asked, did not do for a while after."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from carpel.campaigns.desk import Desk
from carpel.engine import functions
from carpel.engine.query import Tree, aliased, column, literal, query
from carpel.evaluation.relation import occurrences
from carpel.language import Doing, Period
from carpel.language.operands import HOURS
from carpel.specs import Trigger
from carpel.store.occasions import Occasion


def happened(desk: Desk, trigger: Trigger, after: datetime, until: datetime) -> Iterator[Occasion]:
    """An occasion each event; of one left behind, when the time is over in which nothing followed.

    As long as somebody goes on doing the same, nothing is left behind yet: the last time counts.
    """
    wait = _wait(trigger.within)
    rows = query(
        "SELECT DISTINCT customer, at FROM :done AS d WHERE at > :after AND at <= :until",
        done=_doing(desk, Doing(trigger.event or "", trigger.where)),
        after=literal((after - wait).astimezone(UTC).replace(tzinfo=None)),
        until=literal((min(until, desk.as_of) - wait).astimezone(UTC).replace(tzinfo=None)),
    )
    if trigger.without:
        rows = _left_behind(desk, trigger, rows, wait)
    for customer, at in desk.engine.rows(rows):
        did = at.replace(tzinfo=UTC)
        yield Occasion(customer, did.isoformat(), did + wait)


def _doing(desk: Desk, doing: Doing) -> Tree:
    """When whom an event happened to, by today's keys."""
    rows, key, home = occurrences(doing, desk.catalogue, desk.catalogue.clock, "event")
    return rows.select(aliased(key, "customer"), aliased(column("at", home), "at"))


def _left_behind(desk: Desk, trigger: Trigger, rows: Tree, wait: timedelta) -> Tree:
    """Of these the ones that neither the awaited event nor the same again followed in time."""
    return query(
        """SELECT r.customer, r.at FROM :rows AS r
           WHERE NOT EXISTS (SELECT 1 FROM :awaited AS a WHERE a.customer = r.customer
                             AND a.at >= r.at AND a.at <= :over)
             AND NOT EXISTS (SELECT 1 FROM :again AS b WHERE b.customer = r.customer
                             AND b.at > r.at AND b.at <= :over)""",
        rows=rows,
        awaited=_doing(desk, Doing(trigger.without or "")),
        again=_doing(desk, Doing(trigger.event or "", trigger.where)),
        over=functions.later_by(column("at", "r"), literal(int(wait.total_seconds()))),
    )


def _wait(within: Period | None) -> timedelta:
    return timedelta(hours=HOURS[within.unit] * within.count) if within else timedelta()
