"""What joins whatever the names: decisions, former customers, and systems' own keys."""

from carpel.engine.base import Engine
from carpel.engine.query import query


def create(engine: Engine) -> None:
    """Create `identity_edges` from decisions, former customers and systems' own keys.

    One star a value and side, so that each side of a decision holds together by itself, and the
    centres of the sides with one another. Of a customer that is being taken apart, what nobody
    decided upon follows evidence first: those edges of `identity_across` are `late`.
    """
    _groups(engine)
    engine.create(
        "identity_stars",
        query("""
        SELECT kind, value, rank, side, min(node) AS centre, kind = 'former' AND bool_or(
                 value IN (SELECT CAST(former AS VARCHAR) FROM identity_leaving)) AS cut
        FROM identity_groups GROUP BY kind, value, rank, side"""),
    )
    engine.create(
        "identity_across",
        query("""
        SELECT a.centre AS l, b.centre AS r, a.rank, a.cut OR b.cut AS late
        FROM identity_stars AS a JOIN identity_stars AS b USING (kind, value, rank)
        WHERE a.centre < b.centre"""),
    )
    engine.create(
        "identity_edges",
        query("""
        SELECT l, r, 0 AS rank FROM identity_together
        UNION ALL
        SELECT s.centre, g.node, s.rank FROM identity_stars AS s
        JOIN identity_groups AS g USING (kind, value, rank, side) WHERE g.node <> s.centre
        UNION ALL
        SELECT l, r, rank FROM identity_across WHERE NOT late"""),
    )
    engine.drop("identity_groups")
    engine.drop("identity_stars")


def _groups(engine: Engine) -> None:
    """Create `identity_groups` (node, kind, value, rank, side): who holds a system's own key, and
    who was one customer; a side is all that may not be joined with the same nodes."""
    engine.create(
        "identity_groups",
        query("""
        WITH sides AS (
          SELECT node, CAST(list_sort(list(enemy)) AS VARCHAR) AS side FROM (
            SELECT l AS node, r AS enemy FROM identity_apart
            UNION ALL SELECT r, l FROM identity_apart) GROUP BY node)
        SELECT g.*, coalesce(s.side, '') AS side FROM (
          SELECT node, kind, value, 2 AS rank FROM identity_identifiers WHERE NOT shared
          UNION ALL
          SELECT node, 'former', CAST(former AS VARCHAR), 1 FROM identity_nodes
          WHERE former IS NOT NULL) AS g LEFT JOIN sides AS s ON s.node = g.node"""),
    )
