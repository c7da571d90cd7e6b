"""Attribution: orders credited to what was sent and followed before them.

It divides orders up and knows nothing of those that would have come anyway: what a campaign caused
is another figure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
from pyroaring import BitMap

from carpel.campaigns.desk import Desk
from carpel.engine.query import column, query, table
from carpel.evaluation.refunds import bought
from carpel.measuring.contacts import Touch

MODELS = {
    "last": "last touch: all of an order to what came last before it",
    "first": "first touch: all of it to what came first",
    "linear": "linear: divided evenly among all",
}


@dataclass(frozen=True)
class Credit:
    """Revenue and orders credited to one campaign; a linear share may be part of an order."""

    revenue: float
    orders: float


@dataclass(frozen=True)
class Credits:
    """By campaign and model what each person's orders bring it."""

    rows: Mapping[tuple[str, str], Sequence[tuple[int, float, float]]] = field(default_factory=dict)

    def of(self, names: Sequence[str], model: str, people: BitMap | None = None) -> Credit:
        """What a campaign, or its regions together, are credited with, of these people or all."""
        mine = [
            (revenue, orders)
            for name in names
            for who, revenue, orders in self.rows.get((name, model), ())
            if people is None or who in people
        ]
        return Credit(sum(each[0] for each in mine), sum(each[1] for each in mine))


def credited(at: Desk, touches: Sequence[Touch], windows: Mapping[str, int]) -> Credits:
    """Orders up to the update's moment that came within `windows` days after a touch.

    Each campaign has its own window. Where several things came at the same instant, the campaign
    whose name comes first counts as earlier.
    """
    revenue = at.definitions.project.revenue
    home = f"event_{revenue.event}"
    if home not in at.engine.tables() or revenue.property not in at.engine.columns(home):
        return Credits()
    known = [each for each in touches if each.campaign in windows]
    at.engine.register(
        "touched",
        pa.table(
            {
                "campaign": pa.array([each.campaign for each in known], pa.string()),
                "customer": pa.array([each.customer for each in known], pa.int64()),
                "touched_at": pa.array(
                    [each.at.replace(tzinfo=None) for each in known], pa.timestamp("us")
                ),
                "days": pa.array([windows[each.campaign] for each in known], pa.int64()),
            }
        ),
    )
    try:
        rows = at.engine.rows(
            query(
                """
                WITH paid AS (
                    SELECT row_number() OVER () AS number, o.at, CAST(:amount AS DOUBLE) AS amount,
                           coalesce(a.survivor, o.customer) AS customer
                    FROM :orders AS o LEFT JOIN aliases AS a ON a.customer = o.customer
                    WHERE o.at <= :until AND :bought),
                led AS (
                    SELECT t.campaign, t.customer, p.amount,
                           row_number() OVER (PARTITION BY p.number
                               ORDER BY t.touched_at, t.campaign) AS place,
                           count(*) OVER (PARTITION BY p.number) AS touches
                    FROM paid AS p JOIN touched AS t ON t.customer = p.customer
                        AND p.at > t.touched_at
                        AND p.at <= t.touched_at + t.days * INTERVAL 1 DAY)
                SELECT campaign, customer,
                       coalesce(sum(amount) FILTER (WHERE place = touches), 0),
                       count(*) FILTER (WHERE place = touches),
                       coalesce(sum(amount) FILTER (WHERE place = 1), 0),
                       count(*) FILTER (WHERE place = 1),
                       coalesce(sum(amount / touches), 0),
                       sum(1.0 / touches)
                FROM led GROUP BY campaign, customer""",
                amount=column(revenue.property, "o"),
                orders=table(home),
                until=at.as_of.replace(tzinfo=None),
                bought=bought(at.engine.columns(home), "o"),
            )
        )
    finally:
        at.engine.drop("touched")
    found: dict[tuple[str, str], list[tuple[int, float, float]]] = {}
    for campaign, customer, *figures in rows:
        for place, model in enumerate(MODELS):
            money, orders = figures[2 * place : 2 * place + 2]
            found.setdefault((campaign, model), []).append((customer, float(money), float(orders)))
    return Credits(found)
