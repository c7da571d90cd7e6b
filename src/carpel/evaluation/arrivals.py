"""People by month: who came, from where, who bought first, who bought again, what was spent."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from carpel.engine.base import Engine
from carpel.engine.query import Tree, query, table
from carpel.evaluation.refunds import bought

Edges = Sequence[datetime]
"""Instants between which months lie: UTC without a zone, ascending."""


def came(engine: Engine, edges: Edges) -> Sequence[Mapping[str, int]]:
    """For each stretch: how many people became known, by the data source that knew them first."""
    rows = engine.rows(
        query(
            """
            WITH first AS (
                SELECT coalesce(a.survivor, i.customer) AS customer,
                       arg_min(i.source, (coalesce(i.known_since, 'infinity'::TIMESTAMP), i.source))
                           AS source
                FROM identities AS i LEFT JOIN aliases AS a ON a.customer = i.customer GROUP BY 1),
            edges AS (SELECT * FROM :edges AS q)
            SELECT e.place, f.source, count(*) FROM customers AS c
            JOIN first AS f ON f.customer = c.customer
            JOIN edges AS e ON c.known_since >= e.start AND c.known_since < e.edge
            GROUP BY e.place, f.source""",
            edges=stretches(edges),
        )
    )
    found: list[dict[str, int]] = [{} for _ in edges[1:]]
    for place, source, people in rows:
        found[place][source] = people
    return found


def buyers(engine: Engine, event: str, edges: Edges) -> list[tuple[int, int, int, int]]:
    """For each stretch: who bought in it, of them for the first time, of them in the stretch before
    it too, and who had ever bought by its end. A refund is no order.
    """
    rows = engine.rows(
        query(
            """
            WITH done AS (
                SELECT coalesce(a.survivor, o.customer) AS customer, o.at
                FROM :orders AS o LEFT JOIN aliases AS a ON a.customer = o.customer
                WHERE o.at < :until AND :bought),
            begun AS (SELECT customer, min(at) AS at FROM done GROUP BY customer),
            edges AS (SELECT * FROM :edges AS q),
            active AS (SELECT DISTINCT e.place, d.customer FROM done AS d
                       JOIN edges AS e ON d.at >= e.start AND d.at < e.edge)
            SELECT e.place,
                (SELECT count(*) FROM active AS x WHERE x.place = e.place),
                (SELECT count(*) FROM begun AS b WHERE b.at >= e.start AND b.at < e.edge),
                (SELECT count(*) FROM active AS x JOIN active AS y ON y.customer = x.customer
                 AND y.place = x.place - 1 WHERE x.place = e.place),
                (SELECT count(*) FROM begun AS b WHERE b.at < e.edge)
            FROM edges AS e ORDER BY e.place""",
            orders=table(event),
            bought=bought(engine.columns(event), "o"),
            until=edges[-1],
            edges=stretches(edges),
        )
    )
    return [(active, first, again, ever) for _, active, first, again, ever in rows]


def spent(engine: Engine, currency: str, edges: Edges) -> list[float | None]:
    """For each stretch: all costs in the currency; None where there are none."""
    rows = engine.rows(
        query(
            """SELECT e.place, sum(c.amount) FROM :edges AS e
               JOIN costs AS c ON c.at >= e.start AND c.at < e.edge
               WHERE coalesce(c.currency, :ours) = :ours GROUP BY e.place""",
            edges=stretches(edges),
            ours=currency,
        )
    )
    found = dict(rows)
    return [found.get(place) for place in range(len(edges) - 1)]


def stretches(edges: Edges) -> Tree:
    """A row a stretch: its `place`, `start` and `edge`, which is not in it."""
    return query(
        "SELECT unnest([:places]) AS place, unnest([:starts]) AS start, unnest([:ends]) AS edge",
        places=[query(":it", it=each) for each in range(len(edges) - 1)],
        starts=[query(":it", it=each) for each in edges[:-1]],
        ends=[query(":it", it=each) for each in edges[1:]],
    )
