"""A price that is called a cost: orders come to it times the quantity."""

from dataclasses import replace

from carpel.engine.query import column, query, table
from carpel.inference.draft import Draft
from carpel.inference.relations import as_number

TOTALS = ("amount", "subtotal", "net_amount")
SOME, MOST = 0.3, 0.9
"""So many orders have to come to it exactly, and so many to no less: the rest may have shipping."""


def priced_by_totals(draft: Draft, order: str | None) -> None:
    """Read a unit cost as the price where no other price is there and the orders' totals say so."""
    name, quantity = draft.column("unit_cost"), draft.column("quantity")
    if name is None or quantity is None or draft.column("unit_price"):
        return
    for total in filter(None, map(draft.column, TOTALS)):
        if _comes_to(draft, order, name, quantity, total):
            reading = draft.readings[name]
            why = f"{reading.reason}; times {quantity} it is {total}, so it is the price"
            draft.readings[name] = replace(reading, role="unit_price", reason=why)
            return


def _comes_to(draft: Draft, order: str | None, name: str, quantity: str, total: str) -> bool:
    exact, enough, of = draft.engine.rows(
        query(
            """SELECT count(*) FILTER (WHERE abs(whole - worth) <= 0.006 + 0.005 * lines),
                      count(*) FILTER (WHERE whole >= worth - 0.006 - 0.005 * lines), count(*)
               FROM (SELECT max(total) AS whole, sum(cost * quantity) AS worth, count(*) AS lines
                     FROM (SELECT :order AS order_of, :cost AS cost, :quantity AS quantity,
                                  :total AS total FROM :t) AS r
                     WHERE order_of <> '' GROUP BY order_of) AS o
               WHERE whole > 0 AND worth > 0""",
            order=column(order) if order else query("CAST(_row AS VARCHAR)"),
            cost=as_number(draft.engine, draft.sample, name),
            quantity=as_number(draft.engine, draft.sample, quantity),
            total=as_number(draft.engine, draft.sample, total),
            t=table(draft.sample.table),
        )
    )[0]
    return bool(of) and exact >= SOME * of and enough >= MOST * of
