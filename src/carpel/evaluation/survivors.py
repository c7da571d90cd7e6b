"""Rows under the keys that customers have today: a merged key lives on under another."""

from collections.abc import Iterable

from carpel.engine.query import Tree, column, query, table


def surviving(name: str, columns: Iterable[str]) -> Tree:
    """These columns of a table, `customer` first and mapped through `aliases`."""
    return query(
        """SELECT COALESCE(a.survivor, t.customer) AS customer, :others
           FROM :t AS t LEFT JOIN aliases AS a ON a.customer = t.customer""",
        others=[column(each, "t") for each in columns if each != "customer"],
        t=table(name),
    )
