"""What people did in a stretch of the past, as a campaign's goal would count it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pyarrow as pa
from pyroaring import BitMap

from carpel.campaigns.desk import Desk
from carpel.engine.query import column, query, table
from carpel.evaluation.bitmaps import to_keys
from carpel.evaluation.memberships import selected
from carpel.evaluation.refunds import bought
from carpel.specs import CampaignGoal


@dataclass(frozen=True)
class Past:
    """Of `n` people over so many days: the mean of the goal's figure, and its spread."""

    n: int
    mean: float
    spread: float
    """The standard deviation over people (divided by n)."""
    days: int


def past(desk: Desk, goal: CampaignGoal, people: BitMap) -> Past | None:
    """The goal's figure over the last `within_days` of the build; None without such events."""
    return pasts(desk, goal, {"": people}).get("")


def pasts(desk: Desk, goal: CampaignGoal, groups: Mapping[str, BitMap]) -> dict[str, Past]:
    """The same of each group that has anybody in it; people may be in several."""
    revenue = desk.definitions.project.revenue
    event = f"event_{goal.event or revenue.event}"
    if event not in desk.engine.tables():
        return {}
    desk.engine.register("looked_at", _members(groups))
    worth = "coalesce(sum(:amount), 0)" if goal.is_money else "count(*) FILTER (WHERE :bought) > 0"
    until = desk.as_of.replace(tzinfo=None)
    rows = desk.engine.rows(
        query(
            f"""SELECT part, count(*), avg(worth), stddev_pop(worth) FROM (
               SELECT p.part, p.customer, CAST(coalesce(any_value(d.worth), 0) AS DOUBLE) AS worth
               FROM looked_at AS p LEFT JOIN (
                   SELECT coalesce(a.survivor, e.customer) AS customer,
                          CAST({worth} AS DOUBLE) AS worth
                   FROM :events AS e LEFT JOIN aliases AS a ON a.customer = e.customer
                   WHERE at > :since AND at <= :until GROUP BY 1) AS d ON d.customer = p.customer
               GROUP BY p.part, p.customer) GROUP BY part""",
            amount=column(revenue.property),
            bought=bought(desk.engine.columns(event), "e"),
            events=table(event),
            since=until - timedelta(days=goal.within_days),
            until=until,
        )
    )
    return {
        part: Past(n, mean or 0.0, spread or 0.0, goal.within_days)
        for part, n, mean, spread in rows
    }


def known_for(desk: Desk, goal: CampaignGoal) -> int:
    """For how many whole days before the build there is what a goal is about."""
    event = f"event_{goal.event or desk.definitions.project.revenue.event}"
    if event not in desk.engine.tables():
        return 0
    first = desk.engine.value(query("SELECT min(at) FROM :events", events=table(event)))
    return 0 if first is None else (desk.as_of.replace(tzinfo=None) - first).days


def _members(groups: Mapping[str, BitMap]) -> pa.Table:
    keys = [to_keys(people) for people in groups.values()]
    parts = [name for name, people in groups.items() for _ in range(len(people))]
    whole = pa.chunked_array(keys, pa.int64()) if keys else pa.array([], pa.int64())
    return pa.table({"part": pa.array(parts, pa.string()), "customer": whole})


def reached(desk: Desk, goal: CampaignGoal, since: Mapping[int, datetime]) -> BitMap:
    """Of these people those who have done, after a moment of their own, what a goal is about.

    Where it is an amount, whoever has bought anything.
    """
    revenue = desk.definitions.project.revenue
    event = f"event_{goal.event or revenue.event}"
    if event not in desk.engine.tables() or not since:
        return BitMap()
    moments = [each.astimezone(UTC).replace(tzinfo=None) for each in since.values()]
    begun = {
        "customer": pa.array(since, pa.int64()),
        "since": pa.array(moments, pa.timestamp("us")),
    }
    desk.engine.register("begun", pa.table(begun))
    counts = query("true") if goal.event else bought(desk.engine.columns(event), "e")
    found = query(
        """SELECT DISTINCT b.customer FROM :events AS e
           LEFT JOIN aliases AS a ON a.customer = e.customer
           JOIN begun AS b ON b.customer = coalesce(a.survivor, e.customer)
           WHERE e.at > b.since AND e.at <= :now AND :counts""",
        events=table(event),
        now=desk.clock().astimezone(UTC).replace(tzinfo=None),
        counts=counts,
    )
    return selected(desk.engine, found)
