"""Rows with the columns of another file beside them, found by a key that both have."""

from collections.abc import Mapping
from dataclasses import replace

from carpel.engine.query import aliased, column, conjunction, query
from carpel.reading.rows import FILE, ROW, Rows, inner


def joined(rows: Rows, other: Rows, on: Mapping[str, str]) -> Rows:
    """The same rows, in number and order, with the other's columns that they do not have.

    `on` gives the rows' column and the other's; where a key stands on several of the other's
    rows the first one counts, and where it stands on none its columns are null.
    """
    taken = {name.casefold() for name in rows.columns}
    added = {name: kind for name, kind in other.columns.items() if name.casefold() not in taken}
    if not added:
        return rows
    keys = [
        aliased(query("CAST(:c AS VARCHAR)", c=column(theirs)), f"_key{place}")
        for place, theirs in enumerate(on.values())
    ]
    first = query(
        "SELECT :columns FROM :rows QUALIFY row_number() OVER (PARTITION BY :keys "
        "ORDER BY :file, :row) = 1",
        columns=[*keys, *map(column, added)],
        rows=inner(other.tree),
        keys=[column(theirs) for theirs in on.values()],
        file=column(FILE),
        row=column(ROW),
    )
    matched = conjunction(
        query(
            "CAST(:ours AS VARCHAR) = :key",
            ours=column(ours, "own"),
            key=column(f"_key{place}", "other"),
        )
        for place, ours in enumerate(on)
    )
    tree = query(
        "SELECT own.*, :added FROM :rows AS own LEFT JOIN :first AS other ON :matched",
        added=[column(name, "other") for name in added],
        rows=inner(rows.tree),
        first=inner(first),
        matched=matched,
    )
    own = rows.own or tuple(rows.columns)
    return replace(rows, tree=tree, columns={**rows.columns, **added}, own=own)
