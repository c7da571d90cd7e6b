"""What a function of ours says on each engine: one row a function, a column an engine.

Queries are written in DuckDB's dialect and SQLGlot translates their syntax; where an engine would
mean something else by the same words, or has no such words, the row here says it in the engine's
own. `:a`, `:b` stand for the arguments in order. Functions named `carpel_…` are PostgreSQL's, from
`postgres_functions`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import sqlglot
from sqlglot import exp

from carpel.engine.patterns import translated
from carpel.engine.query import Tree, fill


@dataclass(frozen=True)
class Meaning:
    """A function in the words of each engine; None: as SQLGlot translates it."""

    duckdb: str | None = None
    postgres: str | None = None
    spark: str | None = None


MEANINGS: Mapping[str, Meaning] = {
    # text, letter by letter
    "strip_accents": Meaning(
        postgres="CARPEL_STRIP_ACCENTS(:a)",
        spark="CASE WHEN :a IS NOT NULL THEN JAVA_METHOD('com.ibm.icu.text.Normalizer', 'compose', "
        "REGEXP_REPLACE(JAVA_METHOD('com.ibm.icu.text.Normalizer', 'decompose', :a, FALSE), "
        "'\\\\p{M}+', ''), FALSE) END",
    ),
    "lower": Meaning(postgres="CARPEL_LOWER(:a)"),
    "contains": Meaning(postgres="STRPOS(:a, :b) > 0"),
    "endswith": Meaning(postgres="RIGHT(:a, LENGTH(:b)) = :b"),
    # numbers: any division is one of doubles, by zero it is unknown; halves are rounded away from 0
    "div": Meaning(
        duckdb=":a / NULLIF(:b, 0)",
        postgres="CAST(:a AS DOUBLE PRECISION) / NULLIF(:b, 0)",
        spark="CAST(:a AS DOUBLE) / NULLIF(:b, 0)",
    ),
    "mod": Meaning(
        duckdb=":a % NULLIF(:b, 0)", postgres="CARPEL_MOD(:a, :b)", spark=":a % NULLIF(:b, 0)"
    ),
    "round": Meaning(
        postgres="CARPEL_ROUND(:a, :b)",
        spark="ROUND(CAST(:a AS DOUBLE) * POWER(10D, :b)) / POWER(10D, :b)",
    ),
    "trycast": Meaning(postgres="CARPEL_TRY_DOUBLE(CAST(:a AS TEXT))"),
    # days and instants
    "timetounix": Meaning(spark="UNIX_MICROS(CAST(:a AS TIMESTAMP)) / 1000000D"),
    "epoch_us": Meaning(
        postgres="CAST(EXTRACT(EPOCH FROM :a) * 1000000 AS BIGINT)",
        spark="UNIX_MICROS(CAST(:a AS TIMESTAMP))",
    ),
    "to_seconds": Meaning(
        postgres="MAKE_INTERVAL(secs => :a)", spark="MAKE_DT_INTERVAL(0, 0, 0, :a)"
    ),
    "datediff": Meaning(
        postgres="CAST(:a AS DATE) - CAST(:b AS DATE)",
        spark="DATEDIFF(CAST(:a AS DATE), CAST(:b AS DATE))",
    ),
    "dayofweekiso": Meaning(
        postgres="CAST(EXTRACT(ISODOW FROM :a) AS INTEGER)", spark="WEEKDAY(:a) + 1"
    ),
    # hashes: a number of up to eight hexadecimal digits
    "carpel_hex": Meaning(
        duckdb="CAST('0x' || :a AS BIGINT)",
        postgres="CAST(CAST('x' || LPAD(:a, 8, '0') AS BIT(32)) AS BIGINT)",
        spark="CAST(CONV(:a, 16, 10) AS BIGINT)",
    ),
    # lists
    "arraysize": Meaning(postgres="CARDINALITY(:a)", spark="SIZE(:a)"),
    "arrayoverlaps": Meaning(spark="SIZE(ARRAY_INTERSECT(:a, :b)) > 0"),
    "list_has_all": Meaning(postgres=":a @> :b", spark="SIZE(ARRAY_EXCEPT(:b, :a)) = 0"),
    "list_extract": Meaning(postgres="(:a)[CAST(:b AS INTEGER)]", spark="GET(:a, :b - 1)"),
    # one value of many
    "anyvalue": Meaning(postgres="CARPEL_FIRST(:a)"),
}
"""By SQLGlot's key of a function, or by its name where SQLGlot does not know it."""

MOST_DIGITS = 38
TYPES = {"UBIGINT": "DECIMAL(20, 0)", "HUGEINT": "DECIMAL(38, 0)"}
"""Types that only DuckDB has."""


def written(tree: Tree, engine: str, *, pretty: bool = False) -> str:
    """The query as the engine's own text; `tree` stays as it is."""
    said = spoken(tree, engine)
    return said.sql(dialect=engine, pretty=pretty, copy=said is tree)


def spoken(tree: Tree, engine: str) -> Tree:
    """The query with every function in the engine's own words; `tree` stays as it is."""
    if engine == "duckdb" and tree.find(exp.Div, exp.Mod, exp.Anonymous) is None:
        return tree
    whole = exp.Paren(this=tree.copy())
    for node in reversed(list(whole.walk(bfs=True))):
        if (said := _said(node, engine)) is not None:
            node.replace(said)
    spoken_: Tree = whole.this
    return spoken_


def _said(node: Tree, engine: str) -> Tree | None:
    """The node as the engine says it; None where SQLGlot's own translation is right."""
    special = _SPECIAL.get((engine, type(node)))
    if special is not None:
        return special(node)
    if isinstance(node, exp.DataType) and engine != "duckdb":
        other = TYPES.get(node.this.value if isinstance(node.this, exp.DType) else "")
        return exp.DataType.build(other) if other else None
    key = node.name.lower() if isinstance(node, exp.Anonymous) else node.key
    template = getattr(MEANINGS[key], engine) if key in MEANINGS else None
    if template is None or _harmless(node):
        return None
    parts = dict(zip("abc", _arguments(node), strict=False))
    if isinstance(node, exp.Round):
        parts.setdefault("b", exp.Literal.number(0))
    filled = fill(_template(template, engine).copy(), parts)
    operator = isinstance(filled, exp.Binary) and not isinstance(node, exp.Binary)
    return exp.paren(filled) if operator else filled


def _arguments(node: Tree) -> list[Tree]:
    if isinstance(node, exp.Anonymous):
        return list(node.expressions)
    return [each for key in node.arg_types if isinstance(each := node.args.get(key), exp.Expr)]


@lru_cache(maxsize=256)
def _template(text: str, engine: str) -> Tree:
    return sqlglot.parse_one(text, dialect=engine)


def _harmless(node: Tree) -> bool:
    """A division whose divisor says itself that it is not zero."""
    if not isinstance(node, exp.Div | exp.Mod):
        return False
    by = node.expression
    return isinstance(by, exp.Literal) and not by.is_string and float(by.name) != 0


# ---- what a template cannot say ----


def _pattern(engine: str) -> Callable[[Tree], Tree]:
    """The engine's own way of writing a regular expression."""

    def said(node: Tree) -> Tree:
        matched = node.copy()
        for literal in matched.expression.find_all(exp.Literal):
            literal.set("this", translated(literal.name, engine))
        return matched

    return said


def _first(node: Tree) -> Tree:
    """PostgreSQL: of the values, not null, in order, the first."""
    order = [
        exp.Ordered(this=each.copy(), desc=isinstance(node, exp.ArgMax), nulls_first=False)
        for each in _order(node)
    ]
    return exp.Anonymous(
        this="CARPEL_FIRST", expressions=[exp.Order(this=node.this.copy(), expressions=order)]
    )


def _order(node: Tree) -> list[Tree]:
    by = node.expression
    return list(by.expressions) if by.key in ("tuple", "struct") else _rowed(by)


def _rowed(by: Tree) -> list[Tree]:
    if isinstance(by, exp.Anonymous) and by.name.upper() == "ROW":
        return list(by.expressions)
    return [by]


def _by(node: Tree) -> Tree:
    """Spark: the value of the row that is first; rows without one do not count."""
    name = "MAX_BY" if isinstance(node, exp.ArgMax) else "MIN_BY"
    value = exp.Anonymous(
        this=name,
        expressions=[node.this.copy(), exp.Anonymous(this="STRUCT", expressions=_order(node))],
    )
    there = exp.Not(this=exp.Is(this=node.this.copy(), expression=exp.null()))
    around = node.parent
    if isinstance(around, exp.Filter):
        where = around.expression
        where.set("this", exp.and_(where.this, there))
        return value
    return exp.Filter(this=value, expression=exp.Where(this=there))


def _never_null(node: Tree) -> Tree | None:
    """PostgreSQL: ours leaves nulls aside without being told."""
    inner = node.this
    return inner.copy() if inner.name.upper() == "CARPEL_FIRST" else None


def _long(node: Tree) -> Tree | None:
    """Spark has no exact numbers of more than 38 digits."""
    if node.is_string or len(node.name) <= MOST_DIGITS:
        return None
    return exp.cast(exp.Literal.string(repr(float(node.name))), "DOUBLE")


def _sorted(node: Tree) -> Tree | None:
    """PostgreSQL sorts a list as it is made."""
    made = node.this
    inner = made.this if isinstance(made, exp.Filter) else made
    if isinstance(inner, exp.ArrayAgg):
        value = inner.this.copy()
        inner.set("this", exp.Order(this=value, expressions=[exp.Ordered(this=value.copy())]))
    return made.copy() if isinstance(inner, exp.ArrayAgg) else None


_SPECIAL: Mapping[tuple[str, type[exp.Expr]], Callable[[Tree], Tree | None]] = {
    ("postgres", exp.RegexpLike): _pattern("postgres"),
    ("spark", exp.Literal): _long,
    ("spark", exp.RegexpLike): _pattern("spark"),
    ("postgres", exp.ArgMin): _first,
    ("postgres", exp.ArgMax): _first,
    ("spark", exp.ArgMin): _by,
    ("spark", exp.ArgMax): _by,
    ("postgres", exp.IgnoreNulls): _never_null,
    ("postgres", exp.ArraySort): _sorted,
}
