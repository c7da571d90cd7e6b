"""Joining: labels of nodes made coarser along edges, never across what must stay apart."""

import pyarrow as pa

from carpel.engine.base import Engine
from carpel.engine.query import Tree, query, table
from carpel.stages.identity.agglomeration import agglomerate
from carpel.stages.identity.components import components


def join(
    engine: Engine, edges: str, contradiction: Tree | None = None, *, keyed: bool = False
) -> None:
    """Make `identity_labels` (node, label) coarser along a table of edges (l, r, rank).

    Afterwards nodes of one former label still share one, a label is the smallest node that has
    it, and no label holds two that are kept apart: by a decision, by two values of a `single`
    kind, or by features that satisfy `contradiction` (over the aliases a and b). With `keyed`,
    former labels that hold different values of `identity_own_keys` (label, kind, value) meet only
    where a pair of `identity_backed` (l, r, kind: labels) says so. Edges of a low rank come first
    where not all can be followed.
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
    _conflicts(engine)
    if contradiction is not None:
        _contradictions(engine, contradiction)
    _doubts(engine, keyed)
    _respect(engine, keyed)
    engine.create(
        "identity_labels",
        query("""
        SELECT n.node, j.label FROM identity_labels AS n
        JOIN joining_labels AS j ON j.node = n.label"""),
    )
    for name in ("edges", "nodes", "labels", "conflicts", "doubts"):
        engine.drop(f"joining_{name}")


def _conflicts(engine: Engine) -> None:
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


def _doubts(engine: Engine, keyed: bool) -> None:
    """Create `joining_doubts` (l, r): former labels joined by edges that differ in an own key."""
    pairs = """
        WITH held AS (SELECT DISTINCT j.label AS cluster, k.label, k.kind, k.value
                      FROM identity_own_keys AS k JOIN joining_labels AS j ON j.node = k.label),
        two AS (SELECT DISTINCT a.label AS l, b.label AS r, a.kind FROM held AS a JOIN held AS b
                  ON b.cluster = a.cluster AND b.kind = a.kind AND a.label < b.label
                WHERE a.value <> b.value)
        SELECT DISTINCT l, r FROM two ANTI JOIN identity_backed USING (l, r, kind)"""
    nobody = "SELECT 0::BIGINT AS l, 0::BIGINT AS r WHERE false"
    engine.create("joining_doubts", query(pairs if keyed else nobody))


def _contradictions(engine: Engine, contradiction: Tree) -> None:
    """Add the former labels joined by edges whose features contradict to `joining_conflicts`."""
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


def _respect(engine: Engine, keyed: bool) -> None:
    """Cluster those components again, edge by edge, in which a conflict or a doubt was found."""
    engine.create(
        "joining_torn",
        query("""
        SELECT node, label FROM joining_labels WHERE label IN (
          SELECT c.label FROM joining_labels AS c JOIN (
            SELECT l FROM joining_conflicts UNION SELECT l FROM joining_doubts) AS x
          ON x.l = c.node)"""),
    )
    if engine.value(query("SELECT count(*) FROM joining_torn")):
        _cluster_again(engine, keyed)
    engine.drop("joining_torn")


def _cluster_again(engine: Engine, keyed: bool) -> None:
    clusters = agglomerate(
        engine.rows(
            query("""
        SELECT e.l, e.r FROM joining_edges AS e JOIN joining_torn AS t ON t.node = e.l
        ORDER BY e.rank, e.l, e.r""")
        ),
        engine.rows(query("SELECT l, r FROM joining_conflicts")),
        *(_keys(engine) if keyed else ()),
    )
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
    engine.drop("joining_mended")


def _keys(engine: Engine) -> tuple[list[tuple[int, str, str]], list[tuple[int, int, str]]]:
    """The own keys of the labels to cluster again, and the pairs that are one all the same."""
    keys = query("""SELECT DISTINCT k.label, k.kind, k.value FROM identity_own_keys AS k
                    JOIN joining_torn AS t ON t.node = k.label""")
    backed = query("""SELECT b.l, b.r, b.kind FROM identity_backed AS b
                      JOIN joining_torn AS t ON t.node = b.l""")
    return engine.rows(keys), engine.rows(backed)
