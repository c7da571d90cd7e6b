"""Which rows say again what another said."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp

from carpel.engine.base import Engine
from carpel.engine.query import Tree, aliased, column, conjunction, query, table
from carpel.reading.rows import FILE, Rows, inner
from carpel.reading.rows import ROW as ROW_NUMBER
from carpel.specs import Source
from carpel.stages.sources.fates import also
from carpel.stages.sources.values_table import CONTENT, content

ROW = "row_"


def prefixes(source: Source) -> list[str]:
    """What may be said again: each event a row tells, and the row itself where it says more."""
    tracks = [f"e{number}_" for number in range(len(source.track))]
    more = not (tracks and source.identifiers) or also(source) or source.key
    return [ROW, *tracks] if more or source.mode != "append" else tracks


def keyed(source: Source, prefix: str) -> bool:
    """Whether a key says what is the same; without one a file may say a thing twice."""
    if prefix != ROW:
        return bool(source.track[int(prefix[1:-1])].key or source.key)
    return bool(source.key or source.identifiers or source.describes)


@dataclass(frozen=True)
class Repeats:
    """The rows that are not the only ones with their key, as a table (extra, again)."""

    table: str
    rows: int
    variants: int
    """Rows with the key of another and other content; they are all kept."""


def find_repeats(engine: Engine, source: Source, rows: Rows, told: str, prefix: str) -> Repeats:
    """Look for rows whose `<prefix>same` is not the only one.

    `extra` sets apart rows that are each kept, `again` is true for one that says again what was
    said. With a key, equal content is said again and other content kept; without, the running
    number among equals in the file counts, so that a second identical purchase stays.
    """
    held, by_key = f"{told}_{prefix}", keyed(source, prefix)
    extra = f"CASE WHEN nth = 1 THEN 1 ELSE {CONTENT} END" if by_key else "nth_here"
    again = f"same, {CONTENT}" if by_key else "same, nth_here"
    engine.create(
        held,
        query(
            f"SELECT _file, _row, CAST({extra} AS UBIGINT) AS extra, "
            f"row_number() OVER (PARTITION BY {again} ORDER BY _file, _row) > 1 AS again "
            "FROM :numbered",
            numbered=inner(_with_content(_numbered(told, prefix), rows)),
        ),
    )
    return _counted(engine, held, by_key)


def _numbered(told: str, prefix: str) -> Tree:
    """The rows that are not alone with what makes them the same, numbered over all files and in
    their own."""
    parts = {"same": column(f"{prefix}same"), "t": table(told), "used": _used(prefix)}
    repeated = query(
        "SELECT count(*) AS n, :same AS same FROM :t WHERE :used GROUP BY 2 HAVING count(*) > 1",
        **parts,
    )
    return query(
        "SELECT _file, _row, :same AS same, "
        "row_number() OVER (PARTITION BY :same ORDER BY _file, _row) AS nth, "
        "row_number() OVER (PARTITION BY _file, :same ORDER BY _row) AS nth_here "
        "FROM :t WHERE :used AND :same IN (SELECT same FROM :repeated)",
        repeated=inner(repeated),
        **parts,
    )


def _with_content(numbered: Tree, rows: Rows) -> Tree:
    whole = exp.select(column(FILE), column(ROW_NUMBER), aliased(content(rows), CONTENT))
    return query(
        "SELECT * FROM :numbered JOIN :whole USING (_file, _row)",
        numbered=inner(numbered),
        whole=inner(whole.from_(inner(rows.tree))),
    )


def _counted(engine: Engine, held: str, by_key: bool) -> Repeats:
    found, kept_apart = engine.rows(
        query(
            "SELECT count(*), count(*) FILTER (WHERE extra <> 1 AND NOT again) FROM :t",
            t=table(held),
        )
    )[0]
    return Repeats(held, found, kept_apart if by_key else 0)


def _used(prefix: str) -> Tree:
    here = [query("_why IS NULL"), query("NOT _older")]
    return conjunction(here if prefix == ROW else [*here, column(f"{prefix}told")])


def with_repeats(tree: Tree, found: Mapping[str, Repeats]) -> Tree:
    """The rows with `<prefix>extra` and `<prefix>again` beside their values."""
    chosen, joined = [query("t.*")], exp.select().from_(exp.alias_(inner(tree), "t", table=True))
    for prefix, each in found.items():
        extra, again = query("CAST(1 AS UBIGINT)"), query("false")
        if each.rows:
            f, r = column("_file", each.table), column("_row", each.table)
            joined = joined.join(
                table(each.table),
                join_type="left",
                on=query("t._file = :f AND t._row = :r", f=f, r=r),
            )
            extra = query("coalesce(:x, 1)", x=column("extra", each.table))
            again = query("coalesce(:x, false)", x=column("again", each.table))
        chosen += [aliased(extra, f"{prefix}extra"), aliased(again, f"{prefix}again")]
    return joined.select(*chosen)
