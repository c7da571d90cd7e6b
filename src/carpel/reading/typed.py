"""Columns of a file as typed values: how to read each, decided from all of its rows."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlglot import exp

from carpel.engine.base import Engine
from carpel.engine.query import Tree, column, literal, query
from carpel.reading.dates import Order
from carpel.reading.rows import Rows, inner
from carpel.reading.zones import doubtful, to_utc
from carpel.specs import Column
from carpel.specs.source import ColumnType

SQL: Mapping[ColumnType, str] = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "instant": "TIMESTAMP",
    "list": "VARCHAR[]",
}
"""The engine's type of each column type; instants are UTC."""


@dataclass(frozen=True)
class Home:
    """Where a file is at home: what is meant where it does not say."""

    zone: str = "UTC"
    decimal: Literal[".", ","] | None = None
    order: Order | None = None
    usual: Order = "dmy"
    """How its country writes dates; a guess where neither the file nor its source tells."""


def _itself(said: Tree) -> Tree:
    return said.copy()


def _as_read(_said: Tree, read: Tree) -> Tree:
    return read.copy()


@dataclass(frozen=True)
class Typed:
    """How one value of every row is read: what the file says, as a value, settled."""

    type: ColumnType
    said: Tree
    """Over the file's columns; null where it says nothing."""
    read: Callable[[Tree], Tree] = _itself
    """From what is said to a value as it is written there."""
    settle: Callable[[Tree, Tree], Tree] = _as_read
    """From what is said and that value to the final one; null where it is not one."""
    checked: bool = False
    """Whether something may be said that cannot be read."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What had to be decided: `ambiguous`, `order`, `repaired_hours`, `date_only`."""

    @property
    def value(self) -> Tree:
        """The whole way as one expression over the file's columns; steps are repeated in it."""
        return self.settle(self.said, self.read(self.said))


def typed(
    engine: Engine, rows: Rows, spec: Column, home: Home, wanted: ColumnType | None = None
) -> Typed:
    """How to read one column of some rows as `wanted`, or as what the whole column looks like.

    A value that does not read so is null while something is said; an empty one says nothing.
    """
    from carpel.reading.from_text import from_text

    if spec.column is None:
        return _constant(spec, wanted)
    if spec.times:
        return _product(engine, rows, spec, home)
    native = rows.columns[spec.column]
    kind = spec.type or wanted
    if plain_type(native) and not spec.values:
        done = _native(engine, rows, column(spec.column), native, kind, home)
        if done:
            return done
    raw: Tree = column(spec.column)
    if native != "VARCHAR":
        raw = query("CAST(:c AS VARCHAR)", c=raw)
    return from_text(engine, rows, _renamed(raw, spec.values), spec, kind, home)


def _constant(spec: Column, wanted: ColumnType | None) -> Typed:
    own: Mapping[type, ColumnType] = {bool: "boolean", int: "integer", float: "number"}
    kind = spec.type or wanted or own.get(type(spec.constant), "text")
    return Typed(kind, query(f"CAST(:v AS {SQL[kind]})", v=spec.constant))


def _product(engine: Engine, rows: Rows, spec: Column, home: Home) -> Typed:
    """A column times another; null where either is no number."""
    one, other = (
        typed(engine, rows, spec.model_copy(update={"column": name, "times": None}), home, "number")
        for name in (spec.column, spec.times)
    )
    said = query(
        "CASE WHEN :a IS NOT NULL AND :b IS NOT NULL "
        "THEN coalesce(:one * :other, CAST('nan' AS DOUBLE)) END",
        a=one.said,
        b=other.said,
        one=exp.paren(one.value),
        other=exp.paren(other.value),
    )
    return figure("number", said, _itself)


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
            return Typed(wanted, query(f"TRY_CAST(:v AS {SQL[wanted]})", v=value))
        return figure(wanted, bare, _itself)
    if has in ("date", "instant") and wanted == "instant":
        if "WITH TIME ZONE" in native:
            return Typed("instant", query("CAST(:v AT TIME ZONE 'UTC' AS TIMESTAMP)", v=value))
        facts = {"date_only": True} if has == "date" else {}
        return instant(
            engine, rows, query("CAST(:v AS TIMESTAMP)", v=value), _itself, None, home, facts
        )
    if has in ("date", "instant") and wanted == "date":
        return Typed("date", query("CAST(:v AS DATE)", v=value))
    if has == wanted and has in ("boolean", "list"):
        return Typed(has, query(f"CAST(:v AS {SQL[has]})", v=value))
    return None


def figure(
    kind: ColumnType, said: Tree, read: Callable[[Tree], Tree], facts: Mapping[str, Any] = {}
) -> Typed:
    """A finite number; where a whole one is wanted, one without a fraction."""

    def settle(_said: Tree, number: Tree) -> Tree:
        whole = query(
            "CASE WHEN isfinite(:v) AND :v = trunc(:v) THEN TRY_CAST(:v AS BIGINT) END", v=number
        )
        return whole if kind == "integer" else query("CASE WHEN isfinite(:v) THEN :v END", v=number)

    return Typed(kind, said, read, settle, True, facts)


def instant(
    engine: Engine,
    rows: Rows,
    said: Tree,
    read: Callable[[Tree], Tree],
    utc: Callable[[Tree], Tree] | None,
    home: Home,
    facts: Mapping[str, Any],
) -> Typed:
    """A time of the file's zone as UTC, by the clock changes of the years it spans.

    `utc` reads what says its zone itself, and goes before.
    """
    shift: Callable[[Tree], Tree] = _itself
    if home.zone != "UTC":
        written = exp.select(exp.alias_(read(column("said")), "written")).from_(
            inner(exp.select(exp.alias_(said, "said")).from_(inner(rows.tree)))
        )
        years = years_of(engine, written, column("written"))
        repaired = engine.value(
            query(
                "SELECT count(*) FROM :t WHERE :doubtful",
                t=inner(written),
                doubtful=doubtful(column("written"), home.zone, years),
            )
        )
        facts = {**facts, "repaired_hours": repaired} if repaired else facts

        def shift(local: Tree) -> Tree:
            return to_utc(local, home.zone, years)

    def settle(text: Tree, local: Tree) -> Tree:
        shifted = shift(local)
        return shifted if utc is None else query("coalesce(:u, :l)", u=utc(text), l=shifted)

    return Typed("instant", said, read, settle, True, facts)


def years_of(engine: Engine, rows: Tree, at: Tree) -> list[int]:
    """The years in which there is a time."""
    found = engine.rows(query("SELECT DISTINCT year(:at) FROM :t", at=at, t=inner(rows)))
    return sorted(year for (year,) in found if year is not None)
