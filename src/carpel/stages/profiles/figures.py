"""From the catalogue to one row a customer: a GROUP BY for each kind of rows, then one join."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from sqlglot import exp

from carpel.engine.kinds import STORED
from carpel.engine.query import Tree, aliased, column, literal, query, table
from carpel.stages.profiles.entry import Entry
from carpel.stages.profiles.prepared import prepared
from carpel.stages.profiles.relations import Relations

WORKED_OUT = ("profiles", "contacts")
"""Entries over these are expressions, worked out where they are read."""


def figures(relations: Relations, entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Compute every figure that the data allows; gives the entries by the name of their rows.

    The figures of `orders` are then in the engine's table `figures_orders`, a row a customer.
    """
    stored = sorted(
        (each for each in entries if each.rows not in WORKED_OUT), key=lambda each: each.rows
    )
    made: dict[str, list[Entry]] = {}
    taken: set[str] = set()
    for rows, group in groupby(stored, key=lambda each: each.rows):
        allowed = _group(relations, rows, [each for each in group if each.name not in taken])
        if allowed:
            made[rows] = allowed
            taken |= {each.name for each in allowed}
    return made


def _group(relations: Relations, rows: str, entries: Sequence[Entry]) -> list[Entry]:
    needs = sorted({need for each in entries for need in each.needs})
    source = prepared(relations, rows, needs)
    if source is None:
        return []
    known = relations.columns(source)
    allowed = [each for each in entries if known.issuperset(each.needs)]
    if allowed:
        cells = [aliased(_cell(relations, each), each.name) for each in allowed]
        relations.engine.create(
            f"figures_{rows}",
            query(
                "SELECT customer, :cells FROM :source AS s GROUP BY customer",
                cells=cells,
                source=source,
            ),
        )
    return allowed


def _cell(relations: Relations, entry: Entry) -> Tree:
    return query(f"CAST(:it AS {STORED[entry.type]})", it=relations.read(entry.sql))


def profiles(made: Mapping[str, Sequence[Entry]]) -> Tree:
    """One row a customer with all figures; who has no rows of a kind gets what the entry says."""
    cells = [_joined(rows, each) for rows, entries in made.items() for each in entries]
    tree = exp.select(column("customer", "customers"), *cells).from_("customers")
    for rows in made:
        tree = tree.join(table(f"figures_{rows}"), using="customer", join_type="left", copy=False)
    return tree.order_by(column("customer", "customers"))


def _joined(rows: str, entry: Entry) -> Tree:
    cell: Tree = column(entry.name, f"figures_{rows}")
    if entry.otherwise is not None:
        cell = query(
            f"coalesce(:it, CAST(:value AS {STORED[entry.type]}))",
            it=cell,
            value=literal(entry.otherwise),
        )
    return aliased(cell, entry.name)
