"""Text as typed values: what a column's shapes say it holds, and how that is read."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from carpel.engine.base import Engine
from carpel.engine.query import Tree, literal, query
from carpel.reading.dates import moments, utc_moment, written_moment
from carpel.reading.numbers import MISSING, dresses, looks_numeric, number, numbers
from carpel.reading.offsets import unclear
from carpel.reading.rows import Rows
from carpel.reading.shapes import MOST, Shape, Shapes
from carpel.reading.way import Home, Typed, figure, instant
from carpel.specs import Column
from carpel.specs.column import ColumnType

YES = [
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
    "wahr",
    "vrai",
    "opt-in",
    "opt_in",
    "optin",
    "opted-in",
    "subscribed",
    "granted",
    "accepted",
    "active",
    "checked",
]
NO = [
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
    "falsch",
    "faux",
    "nee",
    "nej",
    "opt-out",
    "opt_out",
    "optout",
    "opted-out",
    "unsubscribed",
    "denied",
    "declined",
    "rejected",
    "inactive",
    "unchecked",
]
"""How files say yes and no, in lower case; `opted in` counts as `opted-in`."""


AS_SAID: tuple[ColumnType, ...] = ("text", "list", "boolean")
"""Types that are read the same however the rest of the column is written."""


def from_text(
    engine: Engine,
    rows: Rows,
    raw: Tree,
    spec: Column,
    wanted: ColumnType | None,
    home: Home,
    shapes: Shapes,
) -> Typed:
    """How to read a text expression over some rows as a type, or as what it looks like."""
    text = query("nullif(trim(:raw), '')", raw=raw)
    if wanted == "text" and spec.separator and spec.type is None:
        first = query("split_part(:raw, :sep, 1)", raw=raw, sep=spec.separator)
        return Typed("text", query("nullif(trim(:first), '')", first=first), _text)
    if wanted == "list" or spec.separator:
        return Typed("list", text, lambda said: _list(said, spec.separator))
    if wanted == "boolean":
        return Typed("boolean", without_missing(text), _boolean, checked=True)
    if wanted == "text":
        return Typed("text", text, _text)
    found = shapes.of(raw)
    wanted = wanted or looks_like(found)
    if wanted == "text":
        return Typed("text", text, _text)
    said = without_missing(text)
    if wanted in ("number", "integer"):
        how = numbers(found, spec.decimal or home.decimal)
        facts: Mapping[str, Any] = {"how": how.decimal}
        if how.ambiguous:
            facts = {**facts, "ambiguous": "number"}
        return figure(wanted, said, lambda text: number(text, how), facts)
    return _moment(engine, rows, said, found, spec, wanted, home)


def _moment(
    engine: Engine,
    rows: Rows,
    said: Tree,
    found: Sequence[Shape],
    spec: Column,
    wanted: ColumnType,
    home: Home,
) -> Typed:
    how = moments(found, home.order, spec.format, home.usual)
    facts: Mapping[str, Any] = {"date_only": not how.with_time, "how": vars(how)}
    if how.ambiguous:
        facts = {**facts, "ambiguous": "date", "order": how.order}
    if names := {name for each in found if (name := unclear(each.example, home.zone))}:
        facts = {**facts, "unclear_zones": sorted(names)}
    if wanted == "date":
        return Typed(
            "date",
            said,
            lambda text: query("CAST(:v AS DATE)", v=written_moment(text, how)),
            checked=True,
            facts=facts,
        )
    utc = (lambda text: utc_moment(text, how)) if how.zoned or how.behind or how.epoch else None
    return instant(engine, rows, said, lambda text: written_moment(text, how), utc, home, facts)


def without_missing(text: Tree) -> Tree:
    """Text, null where it is one of the ways to say that there is nothing."""
    return query(
        "CASE WHEN lower(:t) NOT IN (:missing) THEN :t END",
        t=text,
        missing=[literal(each) for each in MISSING],
    )


def _text(said: Tree) -> Tree:
    """Text, without the apostrophe that keeps a spreadsheet from reading it as something else.

    It stands before figures and signs, and before a postcode such as BA1 1AA; `'t Hooft` keeps his.
    """
    return query(
        "CASE WHEN starts_with(:t, '''') "
        "AND regexp_matches(:t, '^''([-+=@0-9]|[A-Z]{1,2}[0-9])') "
        "THEN substr(:t, 2) ELSE :t END",
        t=said,
    )


def _boolean(said: Tree) -> Tree:
    word = query("replace(lower(:t), ' ', '-')", t=said)
    return query(
        "CASE WHEN :w IN (:yes) THEN true WHEN :w IN (:no) THEN false END",
        w=word,
        yes=[literal(each) for each in YES],
        no=[literal(each) for each in NO],
    )


def _list(said: Tree, separator: str | None) -> Tree:
    return query(
        "list_filter(list_transform(str_split(trim(:t, '[]'), :sep), "
        "lambda x: trim(x, ' \"''')), lambda x: x <> '')",
        t=said,
        sep=separator or ",",
    )


def looks_like(found: Sequence[Shape]) -> ColumnType:
    """The type that all values of a column have, by their shapes; text when they do not agree."""
    said = [each for each in found if each.example.lower() not in MISSING]
    if not said or len(found) > MOST:
        return "text"
    if not all(looks_numeric(each.shape) and all(map(dresses, each.words)) for each in said):
        return "text"
    whole = all(re.fullmatch(r"-?9{1,18}", each.shape) for each in said)
    return "integer" if whole else "number"
