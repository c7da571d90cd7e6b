"""The records to be resolved, numbered; and who they were resolved to in the parent build."""

from carpel.engine.base import Engine
from carpel.engine.query import query
from carpel.stages.base import Line

FORMER = {
    "records": "former_records",
    "identities": "former_identities",
    "aliases": "former_aliases",
    "customers": "former_customers",
    "links": "former_links",
}
NOBODY = {
    "former_records": "SELECT * FROM records WHERE false",
    "former_identities": """SELECT CAST(NULL AS UBIGINT) AS ref, CAST(NULL AS VARCHAR) AS source,
                                   CAST(NULL AS BIGINT) AS customer, CAST(NULL AS BIGINT) AS origin,
                                   CAST(NULL AS TIMESTAMP) AS known_since WHERE false""",
    "former_aliases": """SELECT CAST(NULL AS BIGINT) AS customer, CAST(NULL AS BIGINT) AS survivor
                         WHERE false""",
    "former_customers": """SELECT CAST(NULL AS BIGINT) AS customer,
                                  CAST(NULL AS TIMESTAMP) AS known_since WHERE false""",
    "former_links": "SELECT * FROM links WHERE false",
}


def create(line: Line) -> None:
    """Create `identity_records` (rows of `records` with their `node`) and `identity_nodes`.

    Nodes are numbered from 1 in the order of source, file and row. Records that the parent build
    read and this one does not are there as well, marked `gone`: they carry keys and links over
    to the records that took their place.
    """
    _bind_former(line)
    engine = line.engine
    engine.create(
        "identity_said",
        query("""
        SELECT *, false AS gone FROM records
        UNION ALL BY NAME
        SELECT *, true AS gone FROM former_records
        WHERE ref NOT IN (SELECT ref FROM records)
          AND ref IN (SELECT ref FROM former_identities)"""),
    )
    engine.create(
        "identity_nodes",
        query("""
        SELECT row_number() OVER (ORDER BY gone, source, file, row, ref) AS node, *
        FROM (SELECT s.ref, bool_or(s.gone) AS gone, min(s.source) AS source, min(s.file) AS file,
                     min(s.row) AS row, min(s.first_seen_at) AS first_seen_at,
                     min(f.customer) AS former, min(f.origin) AS origin
              FROM identity_said AS s LEFT JOIN former_identities AS f ON f.ref = s.ref
              GROUP BY s.ref)"""),
    )
    engine.create(
        "identity_records",
        query("""
        SELECT n.node, s.* FROM identity_said AS s JOIN identity_nodes AS n ON n.ref = s.ref"""),
    )
    engine.drop("identity_said")


def _bind_former(line: Line) -> None:
    tables = line.parent.tables() if line.parent else {}
    for name, former in FORMER.items():
        files = tables.get(name, []) if tables.get("identities") else []
        if files:
            line.engine.bind(former, [line.files.path(file) for file in files])
            _with_known_since(line.engine, former)
        else:
            line.engine.create(former, query(NOBODY[former]))


def _with_known_since(engine: Engine, former: str) -> None:
    """Builds made before it was kept have none with each record."""
    if former == "former_identities" and "known_since" not in engine.columns(former):
        text = "SELECT *, CAST(NULL AS TIMESTAMP) AS known_since FROM former_identities"
        engine.create(former, query(text))


def kinds(engine: Engine) -> list[str]:
    """Kinds of identifiers that the records have columns for."""
    return sorted(
        name.removeprefix("id_")
        for name in engine.columns("identity_records")
        if name.startswith("id_")
    )
