"""Why records were joined, as rows: one star of evidence around a person's first record.

Evidence outlives the build that found it: records that are one customer already are not compared
again, so what was found about them before is carried along.
"""

from carpel.engine.base import Engine
from carpel.engine.query import Tree, query
from carpel.stages.identity.components import components


def links(engine: Engine) -> Tree:
    """The rows of `links`: evidence of now and of before within a customer, each once.

    Needs `identity_homes` (ref, customer). `former` stands only where no evidence is left.
    """
    _found(engine)
    _carried(engine)
    _unexplained(engine)
    return query("""
        SELECT * FROM identity_links UNION ALL SELECT * FROM identity_unexplained
        ORDER BY left_ref, right_ref, how, kind, value""")


def _found(engine: Engine) -> None:
    """Create `identity_links` from the identifiers, decisions and matches of this build."""
    engine.create(
        "identity_links",
        query("""
        WITH evidence AS (
          SELECT i.node, i.kind, i.value, min(i.node) OVER (
                   PARTITION BY k.customer, i.kind, i.value) AS centre
          FROM identity_identifiers AS i JOIN identity_keys AS k ON k.node = i.node),
        pairs AS (
          SELECT centre AS l, node AS r, 'identifier' AS how, kind, value,
                 CAST(NULL AS DOUBLE) AS probability, '' AS evidence
          FROM evidence WHERE node <> centre
          UNION ALL
          SELECT l, r, 'decision', '', '', NULL, 'somebody said that they are one person'
          FROM identity_together
          UNION ALL
          SELECT l, r, 'likeness', '', '', probability, evidence FROM identity_matches)
        SELECT a.ref AS left_ref, b.ref AS right_ref, p.how, p.kind, p.value, p.probability,
               p.evidence
        FROM pairs AS p
        JOIN identity_keys AS j ON j.node = p.l JOIN identity_keys AS k ON k.node = p.r
        JOIN identity_nodes AS a ON a.node = p.l JOIN identity_nodes AS b ON b.node = p.r
        WHERE j.customer = k.customer AND p.l <> p.r"""),
    )


def _carried(engine: Engine) -> None:
    """Add to `identity_links` what the parent build knew and this one did not find again.

    The value of an identifier stays only while somebody states it. What is no longer read and
    leads from no record to another explains nothing, and is left out.
    """
    engine.create(
        "identity_carried",
        query("""
        WITH held AS (
          SELECT n.ref, i.kind, i.value FROM identity_identifiers AS i
          JOIN identity_nodes AS n ON n.node = i.node)
        SELECT f.left_ref, f.right_ref, f.how, f.kind, coalesce(x.value, y.value, '') AS value,
               f.probability, f.evidence
        FROM former_links AS f
        JOIN identity_homes AS a ON a.ref = f.left_ref
        JOIN identity_homes AS b ON b.ref = f.right_ref AND b.customer = a.customer
        LEFT JOIN held AS x ON x.ref = f.left_ref AND x.kind = f.kind AND x.value = f.value
        LEFT JOIN held AS y ON y.ref = f.right_ref AND y.kind = f.kind AND y.value = f.value
        WHERE (f.how = 'identifier' AND (x.ref IS NULL OR y.ref IS NULL))
           OR (f.how = 'likeness' AND (least(f.left_ref, f.right_ref),
                                       greatest(f.left_ref, f.right_ref)) NOT IN (
                 SELECT (least(left_ref, right_ref), greatest(left_ref, right_ref))
                 FROM identity_links WHERE how = 'likeness'))"""),
    )
    _without_idle(engine)


def _without_idle(engine: Engine) -> None:
    """Add `identity_carried` to `identity_links`, without records that are no longer read and
    whose neighbours have met anyway by what this build found."""
    engine.create(
        "identity_ends",
        query("""
        SELECT left_ref AS ref, right_ref AS neighbour, false AS former FROM identity_links
        UNION ALL SELECT right_ref, left_ref, false FROM identity_links
        UNION ALL SELECT left_ref, right_ref, true FROM identity_carried
        UNION ALL SELECT right_ref, left_ref, true FROM identity_carried"""),
    )
    engine.create("identity_met_nodes", query("SELECT DISTINCT ref AS node FROM identity_ends"))
    engine.create(
        "identity_met_edges",
        query("SELECT ref AS l, neighbour AS r FROM identity_ends WHERE NOT former"),
    )
    components(engine, "identity_met", "identity_met_nodes", "identity_met_edges")
    engine.create(
        "identity_idle",
        query("""
        SELECT e.ref FROM identity_ends AS e JOIN identity_met AS m ON m.node = e.neighbour
        WHERE e.ref NOT IN (SELECT ref FROM records)
        GROUP BY e.ref HAVING count(DISTINCT m.label) = 1"""),
    )
    engine.create(
        "identity_links",
        query("""
        SELECT * FROM identity_links UNION ALL
        SELECT * FROM identity_carried
        WHERE left_ref NOT IN (SELECT ref FROM identity_idle)
          AND right_ref NOT IN (SELECT ref FROM identity_idle)"""),
    )
    for name in ("ends", "met_nodes", "met_edges", "met", "idle", "carried"):
        engine.drop(f"identity_{name}")


def _unexplained(engine: Engine) -> None:
    """Create `identity_unexplained`: records of one former customer that no evidence joins now."""
    engine.create(
        "identity_again",
        query("""
        SELECT n.ref, n.node, n.former, k.customer FROM identity_nodes AS n
        JOIN identity_keys AS k ON k.node = n.node WHERE n.former IS NOT NULL AND NOT n.gone
        QUALIFY count(*) OVER (PARTITION BY n.former, k.customer) > 1"""),
    )
    engine.create(
        "identity_explained",
        query("""
        SELECT l.left_ref AS l, l.right_ref AS r FROM identity_links AS l
        JOIN identity_homes AS h ON h.ref = l.left_ref
        WHERE h.customer IN (SELECT customer FROM identity_again)"""),
    )
    engine.create(
        "identity_involved",
        query("""
        SELECT ref AS node FROM identity_again UNION SELECT l FROM identity_explained
        UNION SELECT r FROM identity_explained"""),
    )
    components(engine, "identity_reasons", "identity_involved", "identity_explained")
    engine.create(
        "identity_unexplained",
        query("""
        SELECT first_value(ref) OVER (PARTITION BY former, customer ORDER BY node) AS left_ref,
               ref AS right_ref, 'former' AS how, '' AS kind, '' AS value,
               CAST(NULL AS DOUBLE) AS probability, '' AS evidence
        FROM (SELECT a.former, a.customer, a.node, a.ref
              FROM identity_again AS a JOIN identity_reasons AS c ON c.node = a.ref
              QUALIFY row_number() OVER (PARTITION BY a.former, a.customer, c.label
                                         ORDER BY a.node) = 1)
        QUALIFY left_ref <> right_ref"""),
    )
    for name in ("again", "explained", "involved", "reasons"):
        engine.drop(f"identity_{name}")
