"""Connected components in SQL: every node gets the smallest node it is connected with."""

from carpel.engine.base import Engine
from carpel.engine.query import query, table


def components(engine: Engine, name: str, nodes: str, edges: str) -> None:
    """Create `name` (node, label) from a table of `node` and a table of edges `l`, `r`.

    Each round hooks every label to its smallest neighbour and flattens the chains this makes;
    only edges between different labels go on, so that their number falls geometrically.
    """
    engine.create(name, query("SELECT node, node AS label FROM :nodes", nodes=table(nodes)))
    engine.create(
        "component_edges",
        query(
            "SELECT DISTINCT least(l, r) AS l, greatest(l, r) AS r FROM :edges WHERE l <> r",
            edges=table(edges),
        ),
    )
    while engine.value(query("SELECT count(*) FROM component_edges")):
        engine.create(
            "component_roots",
            query("SELECT r AS node, min(l) AS root FROM component_edges GROUP BY r"),
        )
        _flatten(engine)
        engine.create(
            name,
            query(
                """SELECT n.node, coalesce(p.root, n.label) AS label
               FROM :labels AS n LEFT JOIN component_roots AS p ON p.node = n.label""",
                labels=table(name),
            ),
        )
        engine.create(
            "component_edges",
            query(
                """SELECT DISTINCT least(a, b) AS l, greatest(a, b) AS r FROM (
                 SELECT coalesce(p.root, e.l) AS a, coalesce(q.root, e.r) AS b
                 FROM component_edges AS e
                 LEFT JOIN component_roots AS p ON p.node = e.l
                 LEFT JOIN component_roots AS q ON q.node = e.r) WHERE a <> b"""
            ),
        )
    engine.drop("component_edges")
    engine.drop("component_roots")


def _flatten(engine: Engine) -> None:
    """Point every hooked label at the end of its chain."""
    hanging = query(
        "SELECT count(*) FROM component_roots AS a JOIN component_roots AS b ON b.node = a.root"
    )
    while engine.value(hanging):
        engine.create(
            "component_roots",
            query(
                """SELECT a.node, coalesce(b.root, a.root) AS root FROM component_roots AS a
               LEFT JOIN component_roots AS b ON b.node = a.root"""
            ),
        )
