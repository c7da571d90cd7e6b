"""An order's discount, spread over its lines: what products bring adds up to what orders do."""

from collections.abc import Mapping

from carpel.engine.query import Tree, aliased, column, query

SHARED = "shared_discount"
"""A discount of the whole order, which stands on its first line or on each of them."""


BESIDE = ("shipping", "tax")
"""What may be in an order's amount beside its lines."""


def of_orders(
    columns: Mapping[str, str], lines: Tree, known: Mapping[str, str], orders: Tree
) -> Tree:
    """The lines with the discount of the order that another row brings, to be spread.

    Only where the order adds up: its amount is its lines less the discount, with or without the
    shipping and tax that it states. Elsewhere the lines may be after it, or not be all.
    """
    if not (
        {"order_id", "amount"} <= columns.keys()
        and {"order_id", "amount", "discount"} <= known.keys()
    ):
        return lines
    own = "coalesce(l.shared_discount, d.less)" if SHARED in columns else "d.less"
    rest = " EXCLUDE (shared_discount)" if SHARED in columns else ""
    sums = [
        aliased(query("sum(:it)", it=column(each)) if each in known else query("0"), each)
        for each in BESIDE
    ]
    return query(
        f"""
        SELECT l.*{rest}, {own} AS shared_discount FROM :lines AS l LEFT JOIN (
          SELECT survivor, order_id, less
          FROM (SELECT survivor, order_id, sum(amount) AS amount, sum(abs(discount)) AS less, :sums
                FROM :orders AS brought WHERE order_id IS NOT NULL GROUP BY survivor, order_id)
          JOIN (SELECT survivor, order_id, sum(amount) AS total
                FROM :lines AS told GROUP BY survivor, order_id) USING (survivor, order_id)
          WHERE less > 0 AND least(
            abs(total - less - amount),
            abs(total - less + coalesce(shipping, 0) - amount),
            abs(total - less + coalesce(tax, 0) - amount),
            abs(total - less + coalesce(shipping, 0) + coalesce(tax, 0) - amount)) <= 0.011
        ) AS d ON d.survivor = l.survivor AND d.order_id = l.order_id""",
        lines=lines,
        orders=orders,
        sums=sums,
    )


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
    stated = "discount" in columns
    own = "discount" if stated else "CAST(NULL AS DOUBLE)"
    borne = f"CASE WHEN less IS NULL THEN {own} ELSE abs(coalesce({own}, 0)) + part END AS discount"
    replaced = f"round(amount - part, 6) AS amount{f', {borne}' if stated else ''}"
    further = "" if stated else f", {borne}"
    return query(
        f"""
        SELECT * EXCLUDE ({SHARED}, part, less) REPLACE ({replaced}){further} FROM (
          SELECT * EXCLUDE (order_of, worth, total, upto),
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
