"""Columns that say something once an order: on the first of its lines, not on each."""

from carpel.engine.base import Engine
from carpel.engine.query import aliased, column, query
from carpel.stages.quality.counting import aggregated
from carpel.stages.quality.subject import Subject, absent

MOSTLY = 0.98
"""Share of the orders of several lines that have it on one of them at most."""


def once_an_order(engine: Engine, subject: Subject) -> frozenset[str]:
    """Columns of lines of which an order has one: on its other lines nothing is missing."""
    names = [each for each in subject.kinds if each != "order_id"]
    if not subject.event or not subject.has("order_id") or not names:
        return frozenset()
    there = [
        aliased(query("count(*) FILTER (WHERE NOT (:none))", none=absent(each, kind)), each)
        for each, kind in subject.kinds.items()
        if each in names
    ]
    orders = query(
        "SELECT :there FROM :rows AS r WHERE order_id IS NOT NULL "
        "GROUP BY order_id HAVING count(*) > 1",
        there=there,
        rows=subject.rows,
    )
    asked = [
        query("count(*) FILTER (WHERE :c <= 1) >= :mostly * count(*) AND max(:c) >= 1",
              c=column(each), mostly=MOSTLY)
        for each in names
    ]  # fmt: skip
    told = aggregated(engine, orders, [aliased(tree, f"c{at}") for at, tree in enumerate(asked)])
    return frozenset(name for name, once in zip(names, told, strict=True) if once)
