"""Stable keys of records and events, and which rows say again what another said."""

from collections.abc import Sequence

from carpel.engine.base import Engine
from carpel.engine.query import Tree, column, literal, query, table
from carpel.reading import Rows
from carpel.reading.rows import inner
from carpel.specs import Source
from carpel.stages.sources.values_table import CONTENT, Values
from carpel.stages.sources.wanted import TELLING, actual


def hashed(parts: Sequence[Tree]) -> Tree:
    """A 64-bit key from texts; a null part leaves no trace, so say which part is which."""
    return query("md5_number_lower(concat_ws(chr(31), :parts))", parts=list(parts))


def key_of(names: Sequence[str], rows: Rows, source: Source) -> Tree:
    """A row's key from its key columns; null where it has none, or all of them are empty."""
    if not names:
        return query("CAST(NULL AS UBIGINT)")
    cells = [
        query("coalesce(CAST(:c AS VARCHAR), '')", c=column(actual(name, rows, source)))
        for name in names
    ]
    return query("CASE WHEN concat(:cells) <> '' THEN :key END", cells=cells, key=hashed(cells))


def number_repeats(
    engine: Engine, told: str, which: Tree, same: str, held: str, *, keyed: bool
) -> int:
    """Make a table `held` of the rows whose `same` is not the only one; gives their number.

    `extra` sets apart rows that are each kept, `again` is true for one that says again what was
    said. With a key, equal content is said again and other content kept; without, the running
    number among equals in the file counts, so that a file may say a thing twice.
    """
    repeated = query(
        "SELECT count(*) AS n, :same AS same FROM :t WHERE :which GROUP BY 2 HAVING count(*) > 1",
        same=column(same),
        t=table(told),
        which=which,
    )
    numbered = query(
        "SELECT _file, _row, :same AS same, _content, "
        "row_number() OVER (PARTITION BY :same ORDER BY _file, _row) AS nth, "
        "row_number() OVER (PARTITION BY _file, :same ORDER BY _row) AS nth_here "
        "FROM :t WHERE :which AND :same IN (SELECT same FROM :repeated)",
        same=column(same),
        t=table(told),
        which=which,
        repeated=inner(repeated),
    )
    extra = f"CASE WHEN nth = 1 THEN 1 ELSE {CONTENT} END" if keyed else "nth_here"
    again = f"same, {CONTENT}" if keyed else "same, nth_here"
    engine.create(
        held,
        query(
            f"SELECT _file, _row, CAST({extra} AS UBIGINT) AS extra, "
            f"row_number() OVER (PARTITION BY {again} ORDER BY _file, _row) > 1 AS again "
            "FROM :numbered",
            numbered=inner(numbered),
        ),
    )
    return int(engine.value(query("SELECT count(*) FROM :t", t=table(held))))


def ref(source: Source, values: Values) -> Tree:
    """Who a row is about: its identifiers and name, else the row's own key or content."""
    row = hashed(
        [
            literal(source.name),
            literal("row"),
            query("CAST(row_same AS VARCHAR)"),
            query("CAST(row_extra AS VARCHAR)"),
        ]
    )
    ids = values.starting("id_")
    if not ids:
        return row
    told = [f"t_{name}" for name in TELLING if f"t_{name}" in values.types]
    named = [
        query(":kind || CAST(:v AS VARCHAR)", kind=f"{key}=", v=column(key))
        for key in [*ids, *told]
    ]
    return query(
        "CASE WHEN coalesce(NULL, :ids) IS NULL THEN :row ELSE :who END",
        ids=[column(key) for key in ids],
        row=row,
        who=hashed([literal(source.name), *named]),
    )


def event_key(source: Source, number: int) -> Tree:
    """The key of the event that a track tells from a row."""
    return hashed(
        [
            literal(source.name),
            literal(source.track[number].event),
            query("CAST(:s AS VARCHAR)", s=column(f"e{number}_same")),
            query("CAST(:x AS VARCHAR)", x=column(f"e{number}_extra")),
        ]
    )
