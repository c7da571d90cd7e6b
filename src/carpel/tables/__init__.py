"""The tables on the line: who writes each, and the columns a reader may rely on.

Types are DuckDB's; instants are TIMESTAMP in UTC. An open table has further columns, named after
what people wrote (`id_email`, `t_city`, an event's properties). Identifying tables hold names,
addresses and numbers of people; everything else holds keys only. `family` tables exist once a
name: `event` stands for `event_product_purchased`, `event_order_completed` and so on.
"""

from collections.abc import Mapping

from carpel.tables import outcomes, people, said, segments
from carpel.tables.table import Table

REFUND_ONLY = "refund_only"
"""The column that tells, by TRUE, rows of the event that brings revenue of which nothing but a
refund is left, by a negative amount; else it is NULL, and without any such row there is none. A
refund takes from the money and is no order: no rule counts it, and nobody bought by it."""

TABLES: Mapping[str, Table] = {
    **said.TABLES,
    **people.TABLES,
    **segments.TABLES,
    **outcomes.TABLES,
}

SINGLE = frozenset(name for name, each in TABLES.items() if not each.family)
"""Tables that stand under their own name, even where nobody wrote them."""


def contract(name: str) -> Table:
    """Give the contract of a table, or of the family it belongs to; KeyError when there is none."""
    if name in TABLES:
        return TABLES[name]
    families = [key for key, table in TABLES.items() if table.family and name.startswith(f"{key}_")]
    return TABLES[max(families, key=len)] if families else TABLES[name]
