"""Customer keys: dense integers that never change, and are never given to somebody else."""

from carpel.engine.base import Engine
from carpel.engine.query import query


def assign(engine: Engine, next_key: int) -> int:
    """Create `identity_keys` (node, customer, origin) and `identity_aliases`; gives the next key.

    Where records with several former keys are one person now, the oldest key survives and the
    others become its aliases. Where one person has become two, a key goes where most of the
    records are that it was first given to; so taking a merge back revives the other key. Who was
    said to be somebody else takes along the one from before the merge, and leaves the other to
    those who stay unless they have one from before as well. Clusters without a key get the next
    ones, in the order of their first records. A cluster of records that are all gone keeps its
    keys.
    """
    _claims(engine)
    _survivors(engine, next_key)
    engine.create(
        "identity_keys",
        query("""
        SELECT n.node, s.customer, coalesce(w.origin, s.customer) AS origin
        FROM identity_nodes AS n JOIN identity_labels AS c ON c.node = n.node
        JOIN identity_survivors AS s ON s.label = c.label
        LEFT JOIN identity_claims AS w ON w.origin = n.origin AND w.label = c.label"""),
    )
    _aliases(engine)
    newest = engine.value(query("SELECT max(customer) FROM identity_survivors"))
    for name in ("claims", "survivors"):
        engine.drop(f"identity_{name}")
    return max(next_key, int(newest or 0) + 1)


def _claims(engine: Engine) -> None:
    """Create `identity_claims` (origin, label): the one cluster that each former key goes to."""
    engine.create(
        "identity_claims",
        query("""
        WITH elsewhere AS (
          SELECT former FROM identity_nodes
          WHERE former <> origin AND node NOT IN (SELECT node FROM identity_leaving))
        SELECT origin, label FROM (
          SELECT n.origin, c.label, count(*) AS records,
                 coalesce(bool_or(g.former = n.origin AND g.former NOT IN (
                   SELECT former FROM elsewhere)), false) AS leaves,
                 coalesce(bool_or(g.former <> n.origin), false) AS revives
          FROM identity_nodes AS n JOIN identity_labels AS c ON c.node = n.node
          LEFT JOIN identity_leaving AS g ON g.node = n.node
          WHERE n.origin IS NOT NULL GROUP BY n.origin, c.label)
        QUALIFY row_number() OVER (PARTITION BY origin
                                   ORDER BY leaves, NOT revives, records DESC, label) = 1"""),
    )


def _survivors(engine: Engine, next_key: int) -> None:
    """Create `identity_survivors` (label, customer): the oldest key claimed, or the next one."""
    engine.create(
        "identity_survivors",
        query(
            """
        SELECT label, coalesce(k.survivor, :next - 1 + row_number() OVER (
                 PARTITION BY k.survivor IS NULL ORDER BY label)) AS customer
        FROM (SELECT DISTINCT label FROM identity_labels)
        LEFT JOIN (SELECT label, min(origin) AS survivor FROM identity_claims GROUP BY label) AS k
        USING (label)""",
            next=next_key,
        ),
    )


def _aliases(engine: Engine) -> None:
    """Create `identity_aliases`: every key that is not in use, with the one it lives on under."""
    engine.create(
        "identity_aliases",
        query("""
        WITH known AS (
          SELECT c.origin AS customer, s.customer AS survivor FROM identity_claims AS c
          JOIN identity_survivors AS s ON s.label = c.label
          UNION
          SELECT a.customer, coalesce(s.customer, a.survivor) FROM former_aliases AS a
          LEFT JOIN identity_claims AS c ON c.origin = a.survivor
          LEFT JOIN identity_survivors AS s ON s.label = c.label
          WHERE a.customer NOT IN (SELECT origin FROM identity_claims))
        SELECT customer, survivor FROM known WHERE customer <> survivor"""),
    )
