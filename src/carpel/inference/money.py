"""What a line's figures are, from how they go together: a count, a price or a sum of money."""

from carpel.engine.query import column, query, table
from carpel.inference.draft import Draft
from carpel.inference.look import number
from carpel.inference.reading import Reading
from carpel.inference.relations import as_number, product_share

MULTIPLE = 0.9
"""Share of rows that must agree for a line's amount to be its quantity times its price."""
FEWEST_PRODUCTS = 5
"""Products sold in several quantities, below which nothing is concluded from their prices."""
MOST_COUNTED = 20
"""Above this, most whole numbers are sums of money rather than pieces."""


def settle(draft: Draft) -> bool:
    """Mend the readings of amount, price and quantity where the rows contradict their names.

    Says whether the amount is proven to be a line's: its quantity times its price.
    """
    _pieces(draft)
    amount, price, quantity = (draft.column(role) for role in ("amount", "unit_price", "quantity"))
    if amount and price and quantity:
        if product_share(draft.engine, draft.sample, amount, (quantity, price)) > MULTIPLE:
            _because(draft, amount, "it is quantity times unit price")
            return True
    elif price and quantity and _grows(draft, price, quantity):
        _reread(draft, price, "amount", "it grows with the quantity: it is for all pieces")
    return False


def _because(draft: Draft, name: str, why: str) -> None:
    """Make a reading surer, and add why."""
    given = draft.readings[name]
    sure = min(0.99, given.confidence + 0.03)
    draft.readings[name] = Reading(name, given.role, sure, f"{given.reason}; {why}")


def _reread(draft: Draft, name: str, role: str, why: str) -> None:
    given = draft.readings[name]
    draft.readings[name] = Reading(name, role, given.confidence, f"{given.reason}; {why}")


def _pieces(draft: Draft) -> None:
    """Small whole numbers called an amount beside a price are pieces."""
    amount, price = draft.column("amount"), draft.column("unit_price")
    if not amount or not price or draft.column("quantity"):
        return
    shown = draft.look(amount)
    small = sum(n for each, n in shown.counts.items() if (number(each) or 0) <= MOST_COUNTED)
    whole = shown.numeric == 1 and shown.like("integer") == 1
    if whole and small > 0.9 * sum(shown.counts.values()):
        _reread(draft, amount, "quantity", "they are small whole numbers beside a price")


def _grows(draft: Draft, price: str, quantity: str) -> bool:
    """Whether a product's figure divided by its quantity varies less than the figure itself."""
    product = draft.column("product_id", "product_name", "category")
    if product is None:
        return False
    figure, pieces = (as_number(draft.engine, draft.sample, name) for name in (price, quantity))
    row = draft.engine.rows(
        query(
            """
        SELECT count(*), avg(CAST(whole < 0.5 * each AS DOUBLE)),
               avg(CAST(each < 0.5 * whole AS DOUBLE))
        FROM (SELECT k, stddev_pop(f) / avg(f) AS each, stddev_pop(f / q) / avg(f / q) AS whole
              FROM (SELECT :k AS k, :f AS f, :q AS q FROM :t) AS r WHERE f > 0 AND q > 0
              GROUP BY k HAVING count(DISTINCT q) > 1 AND count(*) > 2) AS products""",
            k=column(product),
            f=figure,
            q=pieces,
            t=table(draft.sample.table),
        )
    )[0]
    products, growing, steady = row
    return bool(products >= FEWEST_PRODUCTS and growing > 0.6 and steady < 0.2)
