"""What an order cost and what was given back of it, where figures stand once an order.

A shop's export of lines has an order's discount, its subtotal and what was refunded of it on the
order's first line: quantity times price, added up, is then more than was paid.
"""

from typing import Any

from carpel.engine.query import Tree, column, query, table
from carpel.inference.draft import Draft, Plain
from carpel.inference.relations import as_number, first_line_only
from carpel.inference.standing import Case

FIGURES = ("subtotal", "net_amount", "amount", "order_total", "discount", "shipping", "tax")
"""What may be said once an order; the first that proves to be what was paid is its amount."""
MULTIPLE = 0.9
"""Share of the discounted orders whose figure must be their lines less the discount."""
FEWEST = 5
"""Discounted orders below which nothing is concluded from them."""


def whole_orders(
    draft: Draft, sold: list[Case], properties: Plain, at: str
) -> tuple[list[Plain], Plain]:
    """Tracks of orders beside those of their lines, and what is left to the lines.

    Where an order's discount stands on its first line, the order is tracked there with what was
    paid for it, and its discount is no line's.
    """
    order, discount = draft.column("order_id"), draft.column("discount")
    amount = properties.get("amount")
    if not (order and discount and amount) or draft.look(order).unique:
        return [], properties
    figures = {role: name for role in FIGURES if (name := draft.column(role))}
    once = first_line_only(draft.engine, draft.sample, order, figures.values())
    if discount not in once or not any(map(float, draft.look(discount).numbers)):
        return [], properties
    paid = _paid(draft, order, discount, amount, [n for n in figures.values() if n in once])
    lines = {key: each for key, each in properties.items() if _column(each) != discount}
    if paid is None:
        draft.notes.append(f"Amounts are before the {discount}, which stands once an order.")
        return [], {**lines, "order_discount": discount}
    draft.notes.append(
        f"An order's amount is its {paid}, after its {discount}; its lines are before it."
    )
    shared = once | {order, *draft.data.get("fill_down", ())}
    of_order = {key: each for key, each in properties.items() if _column(each) in shared}
    return [
        {
            "event": "order_completed",
            "at": at,
            "key": [order],
            "when": {**when, paid: {"is_set": True}},
            "properties": {**of_order, "amount": paid},
        }
        for _, when in sold
    ], lines


def refunds(draft: Draft, sold: list[Case], event: str, at: str, *, negative: bool) -> list[Plain]:
    """Tracks of what was given back of orders that stand; nothing where rows of their own say it.

    `negative` says that rows with negative figures are returns.
    """
    name, order = draft.column("refunded_amount"), draft.column("order_id")
    if name is None or not any(draft.look(name).numbers):
        return []
    if negative or not _once(draft, order, name):
        why = "rows of their own say it" if negative else "it stands on every line of an order"
        draft.notes.append(f"{name} is not subtracted: {why}.")
        return []
    draft.notes.append(f"The {name} of orders that stand is subtracted, as a return.")
    currency = draft.column("currency")
    told = {"order_id": order, "currency": currency, "amount": name}
    return [
        {
            "event": event,
            "at": at,
            "when": {**when, name: {"ne": 0}},
            "properties": {key: each for key, each in told.items() if each},
        }
        for _, when in sold
    ]


def _once(draft: Draft, order: str | None, name: str) -> bool:
    """Whether a figure stands on one row of an order at most."""
    if order is None or draft.look(order).unique:
        return True
    return name in first_line_only(draft.engine, draft.sample, order, [name])


def _column(each: Any) -> Any:
    return each["column"] if isinstance(each, dict) else each


def _paid(draft: Draft, order: str, discount: str, amount: Any, figures: list[str]) -> str | None:
    """The figure of the order that is its lines' amounts less its discount."""
    for name in figures:
        if name == discount:
            continue
        orders, share = draft.engine.rows(
            query(
                """
            SELECT count(*), avg(CAST(abs(said - lines + less) <= 0.011 AS DOUBLE))
            FROM (SELECT max(said) AS said, sum(worth) AS lines, max(abs(less)) AS less
                  FROM (SELECT :order AS order_of, :said AS said, :worth AS worth, :less AS less
                        FROM :t) AS r
                  WHERE order_of <> '' GROUP BY order_of) AS orders
            WHERE less > 0 AND said IS NOT NULL""",
                order=column(order),
                said=as_number(draft.engine, draft.sample, name),
                worth=_worth(draft, amount),
                less=as_number(draft.engine, draft.sample, discount),
                t=table(draft.sample.table),
            )
        )[0]
        if orders >= FEWEST and share >= MULTIPLE:
            return name
    return None


def _worth(draft: Draft, amount: Any) -> Tree:
    """What a line is worth: its amount, or its price times its quantity."""
    worth = as_number(draft.engine, draft.sample, _column(amount))
    if not isinstance(amount, dict) or "times" not in amount:
        return worth
    times = as_number(draft.engine, draft.sample, amount["times"])
    return query("(:a) * (:b)", a=worth, b=times)
