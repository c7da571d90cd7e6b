"""An order's discount, spread over its lines: what products bring adds up to what orders do."""

from collections.abc import Mapping

from carpel.engine.query import Tree, query

SHARED = "shared_discount"
"""A discount of the whole order, which stands on its first line or on each of them."""


def spread(columns: Mapping[str, str], lines: Tree) -> Tree:
    """The lines with their part of the order's discount taken off the amount, and put to the
    line's own discount.

    Each line bears as much as its amount is of the order's, to the cent, so that the parts add up
    to the whole; lines worth nothing bear none, and no order costs less than nothing. A line
    without an order bears its own.
    """
    if SHARED not in columns:
        return lines
    if "amount" not in columns:
        return query(f"SELECT * EXCLUDE ({SHARED}) FROM :lines AS lines", lines=lines)
    order = "order_id" if "order_id" in columns else "NULL"
    own = "abs(coalesce(discount, 0)) + " if "discount" in columns else ""
    replaced = f"round(amount - part, 6) AS amount{f', {own}part AS discount' if own else ''}"
    further = "" if own else ", part AS discount"
    return query(
        f"""
        SELECT * EXCLUDE ({SHARED}, part) REPLACE ({replaced}){further} FROM (
          SELECT * EXCLUDE (order_of, worth, total, less, upto),
                 CASE WHEN less > 0 AND total > 0 AND worth > 0
                      THEN round(least(less, total) * upto / total, 2)
                           - round(least(less, total) * (upto - worth) / total, 2)
                      ELSE 0 END AS part
          FROM (
            SELECT *, sum(worth) OVER (PARTITION BY source, survivor, order_of) AS total,
                   max(abs({SHARED})) OVER (PARTITION BY source, survivor, order_of) AS less,
                   sum(worth) OVER (PARTITION BY source, survivor, order_of
                                    ORDER BY event_key ROWS UNBOUNDED PRECEDING) AS upto
            FROM (SELECT *, coalesce({order}, 'line ' || event_key) AS order_of,
                         greatest(coalesce(amount, 0), 0) AS worth
                  FROM :lines AS lines) AS lines) AS lines) AS lines""",
        lines=lines,
    )
