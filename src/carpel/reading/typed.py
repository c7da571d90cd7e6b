"""Columns of a file as typed values: one SQL expression a column, decided from all its rows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlglot import exp

from carpel.engine.base import Engine
from carpel.engine.query import Tree, column, literal, query
from carpel.reading.dates import Order, moment, moments
from carpel.reading.numbers import MISSING, looks_numeric, number, numbers
from carpel.reading.rows import Rows, inner
from carpel.reading.shapes import MOST, shapes
from carpel.reading.zones import doubtful, to_utc
from carpel.specs import Column
from carpel.specs.source import ColumnType

SQL = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "instant": "TIMESTAMP",
    "list": "VARCHAR[]",
}
"""The engine's type of each column type; instants are UTC."""
YES = (
    "yes",
    "y",
    "true",
    "t",
    "1",
    "1.0",
    "on",
    "x",
    "ja",
    "j",
    "oui",
    "o",
    "si",
    "sí",
    "s",
    "sim",
    "tak",
    "da",
    "да",
    "ano",
    "kyllä",
    "evet",
    "igen",
    "是",
    "はい",
    "opted in",
    "opt-in",
    "opt_in",
    "optin",
    "subscribed",
    "granted",
    "accepted",
    "active",
    "checked",
    "wahr",
    "vrai",
)
NO = (
    "no",
    "n",
    "false",
    "f",
    "0",
    "0.0",
    "off",
    "nein",
    "non",
    "não",
    "nao",
    "nie",
    "ne",
    "нет",
    "ei",
    "hayır",
    "nem",
    "否",
    "いいえ",
    "opted out",
    "opt-out",
    "opt_out",
    "optout",
    "unsubscribed",
    "denied",
    "declined",
    "rejected",
    "inactive",
    "unchecked",
    "falsch",
    "faux",
    "nee",
    "nej",
)
"""How files say yes and no, in lower case."""


@dataclass(frozen=True)
class Home:
    """Where a file is at home: what is meant where it does not say."""

    zone: str = "UTC"
    decimal: Literal[".", ","] | None = None
    order: Order | None = None


@dataclass(frozen=True)
class Typed:
    """One value of every row."""

    type: ColumnType
    value: Tree
    malformed: Tree | None = None
    """True where the file says something that does not read as the type."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What had to be decided: `ambiguous`, `order`, `repaired_hours`, `date_only`."""


def typed(
    engine: Engine, rows: Rows, spec: Column, home: Home, wanted: ColumnType | None = None
) -> Typed:
    """How to read one column of some rows as `wanted`, or as what the whole column looks like.

    A value that does not read so is null and `malformed`; an empty one is null only.
    """
    if spec.column is None:
        return _constant(spec, wanted)
    native = rows.columns[spec.column]
    wanted = spec.type or wanted
    if (
        _plain_type(native)
        and not spec.values
        and (done := _native(engine, rows, column(spec.column), native, wanted, home))
    ):
        return done
    raw = (
        query("CAST(:c AS VARCHAR)", c=column(spec.column))
        if native != "VARCHAR"
        else column(spec.column)
    )
    return _from_text(engine, rows, _renamed(raw, spec.values), spec, wanted, home)


def _constant(spec: Column, wanted: ColumnType | None) -> Typed:
    kind = (
        spec.type
        or wanted
        or {bool: "boolean", int: "integer", float: "number"}.get(type(spec.constant), "text")
    )
    value = query(f"CAST(:v AS {SQL[kind]})", v=spec.constant)
    return Typed(kind, value)  # type: ignore[arg-type]


def _renamed(raw: Tree, values: Mapping[str, Any]) -> Tree:
    """What the file writes, replaced by what it is said to mean."""
    if not values:
        return raw
    case = exp.Case(this=query("trim(:raw)", raw=raw))
    for written, meant in values.items():
        case = case.when(literal(written), exp.null() if meant is None else literal(str(meant)))
    return case.else_(raw.copy())


def _plain_type(native: str) -> ColumnType | None:
    if native.endswith("[]"):
        return "list"
    if re.match(r"U?(TINY|SMALL|BIG|HUGE)?INT", native):
        return "integer"
    if re.match(r"DOUBLE|FLOAT|DECIMAL", native):
        return "number"
    if native.startswith("TIMESTAMP"):
        return "instant"
    return {"BOOLEAN": "boolean", "DATE": "date"}.get(native)  # type: ignore[return-value]


def _native(
    engine: Engine, rows: Rows, value: Tree, native: str, wanted: ColumnType | None, home: Home
) -> Typed | None:
    """A column that has a type in its file already; None where its text has to be read instead."""
    has = _plain_type(native)
    wanted = wanted or has
    if has == "number" and wanted in ("number", "integer"):
        number_ = query("CAST(:v AS DOUBLE)", v=value)
        finite = query("CASE WHEN isfinite(:v) THEN :v END", v=number_)
        if wanted == "integer":
            finite = query("CASE WHEN :v = trunc(:v) THEN TRY_CAST(:v AS BIGINT) END", v=finite)
        bad = query("(:v IS NOT NULL AND NOT isnan(:v) AND :f IS NULL)", v=number_, f=finite)
        return Typed(wanted, finite, bad)
    if has == "integer" and wanted in ("integer", "number"):
        kind = "BIGINT" if wanted == "integer" else "DOUBLE"
        return Typed(wanted, query(f"TRY_CAST(:v AS {kind})", v=value))
    if has == "instant" and wanted == "instant":
        if "WITH TIME ZONE" in native:
            return Typed("instant", query("CAST(:v AT TIME ZONE 'UTC' AS TIMESTAMP)", v=value))
        return _instant(engine, rows, query("CAST(:v AS TIMESTAMP)", v=value), None, home, {})
    if has == "date" and wanted == "instant":
        return _instant(
            engine, rows, query("CAST(:v AS TIMESTAMP)", v=value), None, home, {"date_only": True}
        )
    if has in ("date", "instant") and wanted == "date":
        return Typed("date", query("CAST(:v AS DATE)", v=value))
    if has == wanted and has in ("boolean", "list"):
        return Typed(has, query(f"CAST(:v AS {SQL[has]})", v=value))
    return None


def _from_text(
    engine: Engine, rows: Rows, raw: Tree, spec: Column, wanted: ColumnType | None, home: Home
) -> Typed:
    text = query("nullif(trim(:raw), '')", raw=raw)
    if wanted == "text":
        return Typed("text", text)
    if wanted == "list" or spec.separator:
        return Typed("list", _list(text, spec.separator))
    if wanted == "boolean":
        return _boolean(text)
    found = shapes(engine, rows.tree, raw)
    wanted = wanted or _looks_like(
        [each.shape for each in found if each.example.lower() not in MISSING]
    )
    if wanted == "text":
        return Typed("text", text)
    said = (
        query(
            "CASE WHEN lower(:t) NOT IN (:missing) THEN :t END",
            t=text,
            missing=[literal(each) for each in MISSING],
        )
        if any(each.example.lower() in MISSING or "a" in each.shape for each in found)
        else text
    )
    if wanted in ("number", "integer"):
        how = numbers(found, spec.decimal or home.decimal)
        return _number(
            number(said, how), said, wanted, {"ambiguous": "number"} if how.ambiguous else {}
        )
    dates = moments(found, home.order, spec.format)
    naive, utc = moment(said, dates)
    facts = {
        **({"ambiguous": "date", "order": dates.order} if dates.ambiguous else {}),
        "date_only": not dates.with_time,
    }
    if wanted == "date":
        day = query(
            "CAST(:n AS DATE)",
            n=naive if utc is None else query("coalesce(:u, :n)", u=utc, n=naive),
        )
        return Typed("date", day, query("(:s IS NOT NULL AND :d IS NULL)", s=said, d=day), facts)
    done = _instant(engine, rows, naive, utc, home, facts)
    return Typed(
        "instant",
        done.value,
        query("(:s IS NOT NULL AND :d IS NULL)", s=said, d=done.value),
        done.facts,
    )


def _number(value: Tree, said: Tree, wanted: ColumnType, facts: Mapping[str, Any]) -> Typed:
    value = query("CASE WHEN isfinite(:v) THEN :v END", v=value)
    if wanted == "integer":
        value = query("CASE WHEN :v = trunc(:v) THEN TRY_CAST(:v AS BIGINT) END", v=value)
    return Typed(wanted, value, query("(:s IS NOT NULL AND :v IS NULL)", s=said, v=value), facts)


def _boolean(text: Tree) -> Typed:
    value = query(
        "CASE WHEN lower(:t) IN (:yes) THEN true WHEN lower(:t) IN (:no) THEN false END",
        t=text,
        yes=[literal(each) for each in YES],
        no=[literal(each) for each in NO],
    )
    return Typed(
        "boolean",
        value,
        query(
            "(:t IS NOT NULL AND lower(:t) NOT IN (:known))",
            t=text,
            known=[literal(each) for each in (*YES, *NO, *MISSING)],
        ),
    )


def _list(text: Tree, separator: str | None) -> Tree:
    return query(
        "list_filter(list_transform(str_split(trim(:t, '[]'), :sep), "
        "lambda x: trim(x, ' \"''')), lambda x: x <> '')",
        t=text,
        sep=separator or ",",
    )


def _looks_like(found: list[str]) -> ColumnType:
    """The type that all values of a column have, by their shapes; text when they do not agree."""
    if not found or len(found) > MOST:
        return "text"
    if all(looks_numeric(each) for each in found):
        return "integer" if all(re.fullmatch(r"-?9{1,18}", each) for each in found) else "number"
    return "text"


def _instant(
    engine: Engine, rows: Rows, naive: Tree, utc: Tree | None, home: Home, facts: Mapping[str, Any]
) -> Typed:
    """A local time of the file's zone as UTC, with the clock changes of the years it spans."""
    if home.zone == "UTC":
        return Typed("instant", naive if utc is None else _first(utc, naive), None, facts)
    low, high = engine.rows(
        query("SELECT year(min(:n)), year(max(:n)) FROM :rows", n=naive, rows=inner(rows.tree))
    )[0]
    years = (max(low or 2000, 1950), min(high or 2000, 2100))
    repaired = engine.value(
        query(
            "SELECT count(*) FROM :rows WHERE :doubtful",
            rows=inner(rows.tree),
            doubtful=doubtful(naive, home.zone, *years),
        )
    )
    local = to_utc(naive, home.zone, *years)
    facts = {**facts, "repaired_hours": repaired} if repaired else facts
    return Typed("instant", local if utc is None else _first(utc, local), None, facts)


def _first(utc: Tree, local: Tree) -> Tree:
    return query("coalesce(:u, :l)", u=utc, l=local)
