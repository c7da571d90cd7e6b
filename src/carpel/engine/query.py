"""Queries are SQLGlot trees; a value or a name gets in as a node, never as pasted text."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from math import isfinite, isnan
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.expressions.core import POSITION_META_KEYS

Tree = exp.Expr
_OPENING = re.compile(r"^\s*SELECT\s+:")
"""At the very start, `SELECT :x` would be read as DuckDB's `alias: value`."""


@lru_cache(maxsize=1024)
def _parsed(text: str) -> exp.Expr:
    tree = sqlglot.parse_one(_OPENING.sub("SELECT ALL :", text), dialect="duckdb")
    if isinstance(tree, exp.Alias) and not tree.alias:
        tree = tree.this  # an expression that begins with a parenthesis comes as one without a name
    for node in tree.walk():
        _forget_place(node)
    return tree


def _forget_place(node: exp.Expr) -> None:
    """Where a node stood in the text is never asked for, and would be half of every copy."""
    if node._meta is not None:
        rest = {key: each for key, each in node._meta.items() if key not in POSITION_META_KEYS}
        node._meta = rest or None


def query(text: str, **parts: Any) -> exp.Expr:
    """Read a query or an expression written in DuckDB's dialect and fill in its `:name` places.

    A part may be a value (becomes a literal), a tree (stands as it is) or a list of trees
    (becomes a comma-separated list where it stands alone in SELECT, GROUP BY or a call). A query
    stands as a subquery, in FROM too: `FROM :rows AS r`, without parentheses.
    """
    return fill(_parsed(text).copy(), parts)


def fill(tree: exp.Expr, parts: Mapping[str, Any]) -> exp.Expr:
    """Put the parts in the `:name` places of a tree, which is changed and handed back."""
    for place in list(tree.find_all(exp.Placeholder)):
        if place.name not in parts:
            raise KeyError(f"query has no part for :{place.name}")
        part = parts[place.name]
        if isinstance(part, list):
            _replace_by_many(place, part)
        elif place is tree:
            return part if isinstance(part, exp.Expr) else literal(part)
        else:
            _replace(place, part.copy() if isinstance(part, exp.Expr) else literal(part))
    return tree


def _replace(place: exp.Expr, part: exp.Expr) -> None:
    """Put a tree in a placeholder's place; a query there becomes a subquery."""
    if isinstance(part, exp.Query):
        part = part.subquery()
    around = place.parent
    if isinstance(around, exp.Table) and not isinstance(part, exp.Identifier):
        part.set("alias", around.args.get("alias"))
        part.set("joins", around.args.get("joins"))
        around.replace(part)
    else:
        place.replace(part)


def _replace_by_many(place: exp.Expr, nodes: list[exp.Expr]) -> None:
    parent, key = place.parent, place.arg_key
    if parent is None or not isinstance(parent.args.get(str(key)), list):
        raise ValueError("a list of trees stands only where SQL allows a list")
    siblings = parent.args[str(key)]
    at = next(index for index, each in enumerate(siblings) if each is place)
    parent.set(str(key), [*siblings[:at], *(node.copy() for node in nodes), *siblings[at + 1 :]])


def literal(value: Any) -> exp.Expr:
    """Turn a Python value into a literal; dates, instants and what is no finite number are typed
    by a cast."""
    if isinstance(value, float) and not isfinite(value):
        said = "NaN" if isnan(value) else "Infinity" if value > 0 else "-Infinity"
        return exp.cast(exp.Literal.string(said), "DOUBLE")
    return exp.convert(value)


def settled(texts: Sequence[str]) -> exp.Expr:
    """Queries that an engine has put into words already, to be asked again and again as they are.

    Their rows are put below each other, columns by name.
    """
    whole = " UNION ALL BY NAME ".join(f"({each})" for each in texts)
    return exp.Command(this="FROM", expression=f"({whole}) AS settled")


def name(text: str) -> exp.Identifier:
    """Turn a name that people chose into a quoted identifier."""
    return exp.to_identifier(text, quoted=True)


def column(text: str, table: str | None = None) -> exp.Column:
    """Name a column, quoted."""
    return exp.column(name(text), table=name(table) if table else None)


def table(text: str, schema: str | None = None) -> exp.Table:
    """Name a table, quoted."""
    return exp.Table(this=name(text), db=name(schema) if schema else None)


def aliased(tree: exp.Expr, as_name: str) -> exp.Expr:
    """Give an expression a quoted name."""
    return exp.alias_(tree, name(as_name))


def conjunction(trees: Iterable[exp.Expr]) -> exp.Expr:
    """All of them; true when there are none."""
    listed = list(trees)
    return exp.and_(*listed) if listed else exp.true()
