"""Fields that a file gives on the first line of an order only, given on all its lines."""

from collections.abc import Sequence
from dataclasses import replace

from sqlglot import exp

from carpel.engine.query import Tree, aliased, column, query
from carpel.reading.rows import FILE, ROW, Rows, inner


def filled(rows: Rows, names: Sequence[str]) -> Rows:
    """The same rows; one on which all of these columns are empty has those of the row above.

    A column that is empty beside a filled one stays empty: the order has no such thing.
    """
    said = exp.or_(
        *(query("coalesce(trim(CAST(:c AS VARCHAR)), '') <> ''", c=column(name)) for name in names)
    )
    parts = {"file": column(FILE), "row": column(ROW)}
    marked = query(
        "SELECT *, count(*) FILTER (WHERE :said) OVER (PARTITION BY :file ORDER BY :row) "
        "AS _order FROM :rows",
        said=said,
        rows=inner(rows.tree),
        **parts,
    )
    first: list[Tree] = [
        aliased(
            query(
                "first_value(:c) OVER (PARTITION BY :file, _order ORDER BY :row)",
                c=column(name),
                **parts,
            ),
            name,
        )
        for name in names
    ]
    tree = query(
        "SELECT * EXCLUDE (_order) REPLACE (:first) FROM :marked", first=first, marked=inner(marked)
    )
    return replace(rows, tree=tree)
