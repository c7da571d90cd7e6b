"""Which of the things that sources say about a person survives, field by field.

The newest saying wins (`seen_at`; an undated one is the oldest); among equally new values the most
frequent; then the most complete, which is the longest; then the greatest, so that the same data
always gives the same person. A field that a saying leaves out is never a reason to forget it.
"""

from collections.abc import Iterable, Mapping

from sqlglot import exp

from carpel.engine.base import Engine
from carpel.engine.query import Tree, aliased, column, name, query, table


def settle(engine: Engine) -> tuple[Tree, Tree]:
    """Give the queries of `contacts` and of `provenance`, from `records` and `identity_keys`."""
    engine.create(
        "identity_sayings",
        query("""
        SELECT k.customer, count(*) OVER (PARTITION BY k.customer) > 1 AS several, s.*
        FROM records AS s JOIN identity_nodes AS n ON n.ref = s.ref
        JOIN identity_keys AS k ON k.node = n.node"""),
    )
    fields = _fields(engine)
    if not engine.value(query("SELECT count(*) FROM identity_sayings WHERE several")):
        return _alone(fields), _provenance(fields, ())  # hundreds of joins for nothing take long
    for field, stated in fields.items():
        engine.create(_survivors(field), _survivor(column(stated)))
    return _contacts(fields), _provenance(fields, fields)


def _fields(engine: Engine) -> dict[str, str]:
    """Fields of `contacts` (a trait's column, an identifier's kind) and the columns of `records`
    that state them."""
    return {
        stated.removeprefix("id_"): stated
        for stated in engine.columns("records")
        if stated.startswith(("t_", "id_"))
    }


def _survivors(field: str) -> str:
    return f"identity_survivors_{field}"


def _survivor(stated: Tree) -> Tree:
    """One row a customer with several sayings that state this field."""
    return query(
        """
        SELECT customer, count(*) - 1 AS others, max(struct_pack(
                 seen := coalesce(seen_at, TIMESTAMP '0001-01-01'), times := times,
                 complete := length(CAST(value AS VARCHAR)), value := value,
                 seen_at := seen_at, source := source)) AS best
        FROM (SELECT customer, :c AS value, count(*) AS times, max(seen_at) AS seen_at,
                     coalesce(arg_max(source, seen_at), min(source)) AS source
              FROM identity_sayings WHERE several AND :c IS NOT NULL GROUP BY customer, :c)
        GROUP BY customer""",
        c=stated,
    )


def _alone(fields: dict[str, str]) -> Tree:
    """Everybody as their one saying has them."""
    return query(
        "SELECT customer, :single FROM identity_sayings ORDER BY customer",
        single=[aliased(column(stated), field) for field, stated in fields.items()],
    )


def _contacts(fields: dict[str, str]) -> Tree:
    """People with one saying as it is, the others with what survived of every field."""
    single = [aliased(column(stated), field) for field, stated in fields.items()]
    several: exp.Select = exp.select(
        column("customer", "c"),
        *(
            aliased(
                query("struct_extract(:best, 'value')", best=column("best", f"f_{field}")), field
            )
            for field in fields
        ),
    ).from_(
        exp.alias_(
            exp.Subquery(
                this=query("SELECT DISTINCT customer FROM identity_sayings WHERE several")
            ),
            "c",
            table=True,
        )
    )
    for field in fields:
        several = several.join(
            exp.alias_(table(_survivors(field)), name(f"f_{field}"), table=True),
            on=exp.EQ(this=column("customer", f"f_{field}"), expression=column("customer", "c")),
            join_type="left",
            copy=False,  # a copy at every join makes hundreds of fields take minutes
        )
    return query(
        """SELECT * FROM (
        SELECT customer, :single FROM identity_sayings WHERE NOT several
        UNION ALL SELECT * FROM :several) ORDER BY customer""",
        single=single,
        several=exp.Subquery(this=several),
    )


def _provenance(fields: Mapping[str, str], settled: Iterable[str]) -> Tree:
    """Where each field is from: of one saying all that it states, of several what survived."""
    stated = [
        query("CASE WHEN :c IS NOT NULL THEN :field END", c=column(each), field=field)
        for field, each in fields.items()
    ]
    told: list[Tree] = [
        query(
            """SELECT * FROM (
               SELECT customer, unnest(CAST([:stated] AS VARCHAR[])) AS field, source, seen_at,
                      0 AS others
               FROM identity_sayings WHERE NOT several) AS s WHERE field IS NOT NULL""",
            stated=stated or [exp.null()],
        ),
        *(
            query(
                """SELECT customer, :field, struct_extract(best, 'source'),
                          struct_extract(best, 'seen_at'), others FROM :survivors""",
                field=field,
                survivors=table(_survivors(field)),
            )
            for field in settled
        ),
    ]
    rows = exp.union(*told, distinct=False, copy=False) if len(told) > 1 else told[0]
    return query("SELECT * FROM :rows AS r ORDER BY customer, field", rows=exp.Subquery(this=rows))
