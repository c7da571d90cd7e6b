"""Records that share an identifier are one person, unless it is one that many people share."""

from collections.abc import Sequence

from sqlglot import exp

from carpel.engine.base import Engine
from carpel.engine.query import literal, query
from carpel.stages.identity import sides
from carpel.stages.identity.clusters import join
from carpel.stages.identity.conflicts import contradictory, two_names
from carpel.stages.identity.kinds import passing, shared
from carpel.stages.identity.nodes import kinds


def resolve(
    engine: Engine, most_people: int, *, single: Sequence[str] = (), doubtful: bool = True
) -> int:
    """Create `identity_labels` (node, label) by identifiers, decisions and the parent build.

    Of a `single` kind nobody has two values: no label ever holds two (`identity_single`).

    Also creates `identity_identifiers` (node, kind, value, shared). Gives the number of
    identifiers that were not trusted because they stand at more than `most_people` people.
    With `doubtful`, a record with no more than a last name joins the only person of that name
    on an e-mail address or a phone; without, that is left to a comparison of all there is.
    """
    _identifiers(engine)
    distrusted = _distrust(engine, most_people)
    engine.create(
        "identity_single",
        query(
            "SELECT node, kind, value FROM identity_identifiers WHERE list_contains(:kinds, kind)",
            kinds=literal([*single, ""]),
        ),
    )
    engine.create("identity_labels", query("SELECT node, node AS label FROM identity_nodes"))
    sides.create(engine)
    join(engine, "identity_edges")
    _shared_edges(engine, doubtful)
    join(engine, "identity_edges", contradictory("a", "b"))
    engine.drop("identity_edges")
    return distrusted


def _identifiers(engine: Engine) -> None:
    parts = [
        query(
            """SELECT DISTINCT node, :kind AS kind, trim(CAST(:c AS VARCHAR)) AS value,
                             :shared AS shared FROM identity_records
                      WHERE trim(CAST(:c AS VARCHAR)) <> ''""",
            kind=kind,
            c=query(f'"id_{kind}"'),
            shared=shared(kind),
        )
        for kind in kinds(engine)
    ]
    nobody = query("""SELECT 0::BIGINT AS node, '' AS kind, '' AS value, false AS shared
                      WHERE false""")
    engine.create(
        "identity_identifiers", exp.union(nobody, *parts, distinct=False) if parts else nobody
    )


def _distrust(engine: Engine, most_people: int) -> int:
    """Drop identifiers on too many people: names with births, or values of another kind."""
    few = [kind for kind in kinds(engine) if passing(kind)]
    engine.create(
        "identity_crowded",
        query(
            """
        SELECT kind, value FROM identity_identifiers
        GROUP BY kind, value HAVING count(*) > :most""",
            most=most_people,
        ),
    )
    engine.create(
        "identity_distrusted",
        query(
            """
        WITH crowd AS (SELECT * FROM identity_identifiers
                       SEMI JOIN identity_crowded USING (kind, value)),
             others AS (SELECT c.kind, c.value, count(DISTINCT o.value) AS people
                        FROM crowd AS c JOIN identity_identifiers AS o
                          ON o.node = c.node AND o.kind <> c.kind
                        WHERE NOT list_contains(:passing, o.kind)
                        GROUP BY c.kind, c.value, o.kind),
             named AS (SELECT c.kind, c.value,
                              count(DISTINCT (f.first_name, f.last_name, f.birth_date,
                                              f.birthday)) AS people
                       FROM crowd AS c JOIN identity_features AS f ON f.node = c.node
                       WHERE coalesce(f.first_name, f.last_name) IS NOT NULL
                       GROUP BY c.kind, c.value)
        SELECT DISTINCT kind, value FROM (SELECT * FROM others UNION ALL SELECT * FROM named)
        WHERE people > :most""",
            most=most_people,
            passing=literal([*few, ""]),
        ),
    )
    engine.create(
        "identity_identifiers",
        query("""
        SELECT * FROM identity_identifiers ANTI JOIN identity_distrusted USING (kind, value)"""),
    )
    distrusted = int(engine.value(query("SELECT count(*) FROM identity_distrusted")))
    engine.drop("identity_crowded")
    engine.drop("identity_distrusted")
    return distrusted


def _shared_edges(engine: Engine, doubtful: bool) -> None:
    """Create `identity_edges` from identifiers that families share, where nothing contradicts.

    A record without any name joins only where everybody on the value may be one person. Creates
    `identity_household` (kind, value) as well: the identifiers on which people of different names
    meet.
    """
    _faces(engine)
    _meetings(engine)
    engine.create(
        "identity_household",
        query("SELECT DISTINCT kind, value FROM identity_meetings WHERE household"),
    )
    engine.create(
        "identity_edges",
        query(
            """
        SELECT node AS l, unnest(labels) AS r, 3 AS rank FROM identity_faces WHERE len(labels) > 1
        UNION ALL
        SELECT l, r, 4 FROM identity_meetings
        WHERE NOT contradictory AND (:doubtful OR NOT doubtful) AND NOT (nameless AND
          (kind, value) IN (SELECT (kind, value) FROM identity_meetings WHERE contradictory))
        UNION ALL
        SELECT l, r, 9 FROM identity_across WHERE late""",
            doubtful=doubtful,
        ),
    )
    for name in ("faces", "meetings", "across"):
        engine.drop(f"identity_{name}")


def _faces(engine: Engine) -> None:
    """Create `identity_faces`: nodes of one label with equal names stand for each other."""
    engine.create(
        "identity_faces",
        query("""
        SELECT i.kind, i.value, f.first_name, f.last_name, f.birth_date, f.birthday,
               f.formal_name, f.common_name,
               min(n.label) AS node,
               list_distinct(list(n.label)) AS labels,
               coalesce(f.first_name, f.last_name, f.birth_date, f.birthday) IS NULL AS nameless
        FROM identity_identifiers AS i JOIN identity_labels AS n ON n.node = i.node
        JOIN identity_features AS f ON f.node = i.node
        WHERE i.shared GROUP BY ALL"""),
    )


def _meetings(engine: Engine) -> None:
    """Create `identity_meetings`: pairs of faces on one identifier, and whether they may be one."""
    engine.create(
        "identity_meetings",
        query(
            """
        SELECT a.kind, a.value, a.node AS l, b.node AS r, a.nameless OR b.nameless AS nameless,
               :contradiction AS contradictory, :two AS household,
               coalesce(NOT a.nameless AND NOT b.nameless
                        AND NOT coalesce(a.birth_date = b.birth_date, a.birthday = b.birthday)
                        AND (a.first_name IS NULL) <> (b.first_name IS NULL),
                        (a.first_name IS NULL) <> (b.first_name IS NULL)) AS doubtful
        FROM identity_faces AS a JOIN identity_faces AS b
          ON a.kind = b.kind AND a.value = b.value AND a.node < b.node""",
            contradiction=contradictory("a", "b"),
            two=two_names("a", "b"),
        ),
    )
