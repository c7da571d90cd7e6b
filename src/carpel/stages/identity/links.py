"""Why records were joined, as rows: one star of evidence around a person's first record."""

from carpel.engine.query import Tree, query


def links() -> Tree:
    """The rows of `links`, from identifiers, decisions and matches within a customer."""
    return query("""
        WITH evidence AS (
          SELECT k.customer, i.node, i.kind, i.value, min(i.node) OVER (
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
          SELECT l, r, 'likeness', '', '', probability, evidence FROM identity_matches
          UNION ALL
          SELECT min(node) OVER (PARTITION BY customer, former), node, 'former', '', '', NULL, ''
          FROM identity_nodes JOIN identity_keys USING (node) WHERE former IS NOT NULL)
        SELECT a.ref AS left_ref, b.ref AS right_ref, p.how, p.kind, p.value, p.probability,
               p.evidence
        FROM pairs AS p
        JOIN identity_keys AS j ON j.node = p.l JOIN identity_keys AS k ON k.node = p.r
        JOIN identity_nodes AS a ON a.node = p.l JOIN identity_nodes AS b ON b.node = p.r
        WHERE j.customer = k.customer AND p.l <> p.r
        ORDER BY left_ref, right_ref, how, kind""")
