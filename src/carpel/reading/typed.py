"""Columns of a file as typed values: how to read each, decided from all of its rows."""

import re
from collections.abc import Mapping
from typing import Any

from sqlglot import exp

from carpel.engine.base import Engine
from carpel.engine.kinds import STORED
from carpel.engine.query import Tree, column, conjunction, literal, query
from carpel.reading.from_text import AS_SAID, from_text, without_missing
from carpel.reading.rows import Rows
from carpel.reading.shapes import Shapes
from carpel.reading.way import Home, Typed, figure, instant, itself
from carpel.specs import Column
from carpel.specs.column import ColumnType


def typed(
    engine: Engine,
    rows: Rows,
    spec: Column,
    home: Home,
    wanted: ColumnType | None = None,
    shapes: Shapes | None = None,
) -> Typed:
    """How to read one column of some rows as `wanted`, or as what the whole column looks like.

    A value that does not read so is null while something is said; an empty one says nothing.
    `shapes` are those of the rows, where more columns are read than this one.
    """
    shapes = shapes or Shapes(engine, rows.tree)
    if spec.column is None:
        return _constant(spec, wanted)
    if spec.reckoned:
        return _reckoned(engine, rows, spec, home, shapes)
    native = rows.columns[spec.column]
    kind = spec.type or wanted
    if plain_type(native) and not (spec.values or spec.otherwise):
        done = _native(engine, rows, column(spec.column), native, kind, home)
        if done:
            return done
    return from_text(engine, rows, as_text(rows, spec), spec, kind, home, shapes)


def as_text(rows: Rows, spec: Column) -> Tree:
    """A column as text, or the next where it is empty, what the file writes replaced by what it
    is said to mean."""
    texts = [_text(rows, each) for each in (str(spec.column), *spec.otherwise)]
    if len(texts) > 1:
        said = [without_missing(query("nullif(trim(:t), '')", t=each)) for each in texts]
        return _renamed(query("coalesce(NULL, :said)", said=said), spec.values)
    return _renamed(texts[0], spec.values)


def _text(rows: Rows, name: str) -> Tree:
    raw = column(name)
    return raw if rows.columns[name] == "VARCHAR" else query("CAST(:c AS VARCHAR)", c=raw)


def told_by_shapes(rows: Rows, spec: Column, wanted: ColumnType | None) -> bool:
    """Whether how a column is read depends on the shapes of its text."""
    if spec.column is None or spec.reckoned or spec.separator:
        return False
    unread = bool(spec.values or spec.otherwise) or not plain_type(rows.columns[spec.column])
    return unread and (spec.type or wanted) not in AS_SAID


def _constant(spec: Column, wanted: ColumnType | None) -> Typed:
    own: Mapping[type, ColumnType] = {bool: "boolean", int: "integer", float: "number"}
    kind = spec.type or wanted or own.get(type(spec.constant), "text")
    return Typed(kind, query(f"CAST(:v AS {STORED[kind]})", v=spec.constant))


def _reckoned(engine: Engine, rows: Rows, spec: Column, home: Home, shapes: Shapes) -> Typed:
    """A column times another, less a third or some per cent, or a share of it; null where a factor
    is no number.

    Nothing is taken off where that cell says nothing, and the whole counts where no share is known.
    """
    bare = {"times": None, "less": None, "percent_off": None, "share": None}

    def of(name: str) -> Typed:
        alone = spec.model_copy(update={**bare, "column": name})
        return typed(engine, rows, alone, home, "number", shapes)

    factors = [of(name) for name in (spec.column, spec.times) if name]
    value: Tree = exp.paren(factors[0].value)
    for each in factors[1:]:
        value = query("(:a * :b)", a=value, b=exp.paren(each.value))
    if spec.less:
        value = query("(:a - sign(:a) * coalesce(abs(:b), 0))", a=value, b=of(spec.less).value)
    if spec.percent_off:
        off = of(spec.percent_off).value
        value = query("round(:a * (1 - coalesce(abs(:b), 0) / 100), 2)", a=value, b=exp.paren(off))
    if spec.share:
        part, whole = (of(name).value for name in spec.share)
        value = query(
            "round(:a * CASE WHEN (:part) / nullif(:whole, 0) BETWEEN 0 AND 1 "
            "THEN (:part) / (:whole) ELSE 1 END, 2)",
            a=value,
            part=part,
            whole=whole,
        )
    said = query(
        "CASE WHEN :said THEN coalesce(:value, CAST('nan' AS DOUBLE)) END",
        said=conjunction([query("(:s) IS NOT NULL", s=each.said) for each in factors]),
        value=value,
    )
    return figure("number", said, itself)


def _renamed(raw: Tree, values: Mapping[str, Any]) -> Tree:
    """What the file writes, replaced by what it is said to mean."""
    if not values:
        return raw
    case = exp.Case(this=query("trim(:raw)", raw=raw))
    for written, meant in values.items():
        case = case.when(literal(written), exp.null() if meant is None else literal(str(meant)))
    return case.else_(raw.copy())


def plain_type(native: str) -> ColumnType | None:
    """The type that a column has by the engine's type of it; None for text and what is nested."""
    if native.endswith("[]"):
        return "list"
    starts: Mapping[str, ColumnType] = {
        r"U?(TINY|SMALL|BIG|HUGE)?INT": "integer",
        r"DOUBLE|FLOAT|DECIMAL": "number",
        r"TIMESTAMP": "instant",
        r"BOOLEAN": "boolean",
        r"DATE": "date",
    }
    return next((kind for start, kind in starts.items() if re.match(start, native)), None)


def _native(
    engine: Engine, rows: Rows, value: Tree, native: str, wanted: ColumnType | None, home: Home
) -> Typed | None:
    """A column that has a type in its file already; None where its text has to be read instead."""
    has = plain_type(native)
    wanted = wanted or has
    if has in ("number", "integer") and wanted in ("number", "integer"):
        bare = query("CASE WHEN NOT isnan(:v) THEN :v END", v=query("CAST(:v AS DOUBLE)", v=value))
        if has == "integer":
            return Typed(wanted, query(f"TRY_CAST(:v AS {STORED[wanted]})", v=value))
        return figure(wanted, bare, itself)
    if has in ("date", "instant") and wanted == "instant":
        if "WITH TIME ZONE" in native:
            return Typed("instant", query("CAST(:v AT TIME ZONE 'UTC' AS TIMESTAMP)", v=value))
        facts = {"date_only": True} if has == "date" else {}
        return instant(
            engine, rows, query("CAST(:v AS TIMESTAMP)", v=value), itself, None, home, facts
        )
    if has in ("date", "instant") and wanted == "date":
        return Typed("date", query("CAST(:v AS DATE)", v=value))
    if has == wanted and has in ("boolean", "list"):
        return Typed(has, query(f"CAST(:v AS {STORED[has]})", v=value))
    return None
