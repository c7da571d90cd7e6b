"""Joining: labels of nodes made coarser along edges, never across what must stay apart."""

import pyarrow as pa

from carpel.engine.base import Engine
from carpel.engine.query import Tree, query, table
from carpel.stages.identity.components import components
from carpel.stages.identity.conflicts import agglomerate


def join(engine: Engine, edges: str, contradiction: Tree | None = None) -> None:
    """Make `identity_labels` (node, label) coarser along a table of edges (l, r, rank).

        Afterwards nodes of one former label still share one, a label is the smallest node that has
    XX former labels with
        features that satisfy `contradiction` (over the aliases a and b). Edges of a low rank come
        first where not all can be followed.
    """
    engine.create(
        "joining_edges",
        query(
            """
        SELECT least(a.label, b.label) AS l, greatest(a.label, b.label) AS r, min(e.rank) AS rank
        FROM :edges AS e JOIN identity_labels AS a ON a.node = e.l
                         JOIN identity_labels AS b ON b.node = e.r
        WHERE a.label <> b.label GROUP BY 1, 2""",
            edges=table(edges),
        ),
    )
    engine.create("joining_nodes", query("SELECT DISTINCT label AS node FROM identity_labels"))
    components(engine, "joining_labels", "joining_nodes", "joining_edges")
    _conflicts(engine, contradiction)
    if engine.value(query("SELECT count(*) FROM joining_conflicts")):
        _respect_conflicts(engine)
    engine.create(
        "identity_labels",
        query("""
        SELECT n.node, j.label FROM identity_labels AS n
        JOIN joining_labels AS j ON j.node = n.label"""),
    )
    for name in ("edges", "nodes", "labels", "conflicts"):
        engine.drop(f"joining_{name}")


def _conflicts(engine: Engine, contradiction: Tree | None) -> None:
    """Create `joining_conflicts` (l, r): former labels joined by edges that must not be one."""
    engine.create(
        "joining_conflicts",
        query(
            """
        SELECT DISTINCT least(a.label, b.label) AS l, greatest(a.label, b.label) AS r
        FROM identity_apart AS p
        JOIN identity_labels AS a ON a.node = p.l JOIN joining_labels AS c ON c.node = a.label
        JOIN identity_labels AS b ON b.node = p.r JOIN joining_labels AS d ON d.node = b.label
        WHERE c.label = d.label AND a.label <> b.label
        UNION
        SELECT a.label, b.label FROM :single AS a JOIN :single AS b
          ON a.cluster = b.cluster AND a.kind = b.kind AND a.label < b.label
        WHERE a.value <> b.value""",
            single=_single(),
        ),
    )
    if contradiction is None:
        return
    engine.create(
        "joining_variants",
        query("""
        SELECT DISTINCT c.label AS cluster, n.label, f.* EXCLUDE (node)
        FROM identity_features AS f JOIN identity_labels AS n ON n.node = f.node
        JOIN joining_labels AS c ON c.node = n.label
        WHERE c.label IN (SELECT label FROM joining_labels GROUP BY label HAVING count(*) > 1)"""),
    )
    engine.create(
        "joining_conflicts",
        query(
            """
        SELECT l, r FROM joining_conflicts UNION
        SELECT a.label, b.label FROM joining_variants AS a
        JOIN joining_variants AS b ON a.cluster = b.cluster AND a.label < b.label
        WHERE :contradiction""",
            contradiction=contradiction,
        ),
    )
    engine.drop("joining_variants")


def _single() -> Tree:
    """Values of kinds of which nobody has two, by former label and by what edges would join."""
    return query("""
        SELECT DISTINCT j.label AS cluster, n.label, s.kind, s.value
        FROM identity_single AS s JOIN identity_labels AS n ON n.node = s.node
        JOIN joining_labels AS j ON j.node = n.label""")


def _respect_conflicts(engine: Engine) -> None:
    """Cluster those components again, edge by edge, in which a conflict was found."""
    engine.create(
        "joining_torn",
        query("""
        SELECT node, label FROM joining_labels WHERE label IN (
          SELECT c.label FROM joining_conflicts AS x JOIN joining_labels AS c ON c.node = x.l)"""),
    )
    edges = engine.fetch(
        query("""
        SELECT e.l, e.r FROM joining_edges AS e JOIN joining_torn AS t ON t.node = e.l
        ORDER BY e.rank, e.l, e.r""")
    )
    apart = engine.fetch(query("SELECT l, r FROM joining_conflicts"))
    clusters = agglomerate(_pairs(edges), _pairs(apart))
    engine.register(
        "joining_mended",
        pa.table(
            {
                "node": pa.array(clusters.keys(), pa.int64()),
                "label": pa.array(clusters.values(), pa.int64()),
            }
        ),
    )
    engine.create(
        "joining_labels",
        query("""
        SELECT j.node, coalesce(m.label, j.label) AS label FROM joining_labels AS j
        LEFT JOIN joining_mended AS m ON m.node = j.node"""),
    )
    engine.drop("joining_torn")
    engine.drop("joining_mended")


def _pairs(data: pa.Table) -> list[tuple[int, int]]:
    return list(zip(data["l"].to_pylist(), data["r"].to_pylist(), strict=True))
