"""What an order cost and what was given back of it, where that is not simply its lines added up.

A shop's export of lines has an order's discount on its first line or on each, or a discount of
each line; whether amounts are before or after it is told by the order's totals.
"""

from typing import Any

from carpel.inference.draft import Draft, Plain
from carpel.inference.naming import named
from carpel.inference.relations import first_line_only
from carpel.inference.standing import Case
from carpel.inference.totals import Told, held_by_refunds, told_by_totals
from carpel.inference.words import concepts

ROLES = (
    *("subtotal", "order_subtotal", "net_amount", "amount", "order_total"),
    *("shipping", "order_shipping", "tax", "order_tax"),
)
"""What may be said once an order; the first that proves to be what was paid is its amount."""
TOTALS = ("amount", "subtotal", "net_amount")
WHOLE = ("order_total", "order_subtotal")
"""Figures of an order on each of its lines that say what it cost, the best first."""
UNKNOWN = "Nothing tells whether amounts are before the {name} or after it: it is not subtracted."


def whole_orders(
    draft: Draft, sold: list[Case], properties: Plain, at: str
) -> tuple[list[Plain], Plain]:
    """Tracks of orders beside those of their lines, and what is left to the lines.

    Where an order's discount stands on its first line, the order is tracked there with what was
    paid for it. What totals prove to be still in the lines' amounts is taken off them: a line's
    own discount, or its part of the order's.
    """
    order, name = draft.column("order_id"), draft.column("discount", "order_discount")
    amount = properties.get("amount")
    if order and amount is None and (total := draft.column(*WHOLE)):
        return [], _by_total(draft, properties, total)
    if (
        name is None
        or amount is None
        or _column(amount) == name
        or not any(draft.look(name).numbers)
    ):
        return [], properties
    figures = _figures(draft, (_column(amount), name))
    once = _once_an_order(draft, order, [*figures.values(), name])
    told = told_by_totals(draft, order, name, amount, figures)
    if order and name in once:
        return _on_first_lines(draft, sold, properties, at, told, once)
    return [], _on_every_line(draft, properties, name, told)


def told_of_orders(draft: Draft, name: str, properties: Plain) -> None:
    """Say of a discount beside orders that it is no part of their amounts' sum."""
    if properties.get("amount") and _column(properties["amount"]) != name:
        draft.notes.append(UNKNOWN.format(name=name))


def _by_total(draft: Draft, properties: Plain, total: str) -> Plain:
    """Lines of which only the total of their order is known, on each of them."""
    draft.notes.append(
        f"Lines have no amount of their own: an order's amount is its {total}, once an order; "
        "what each product brings is unknown."
    )
    kept = {key: each for key, each in properties.items() if _column(each) != total}
    draft.use(total, "property order_amount")
    return {**kept, "order_amount": total}


def _figures(draft: Draft, others: tuple[Any, ...]) -> dict[str, str]:
    """Totals, and what may stand beside the lines in them, by role; further totals by name."""
    found = {role: name for role in ROLES if (name := draft.column(role))}
    found |= {
        name: name
        for name, reading in draft.readings.items()
        if reading.role == "property"
        and draft.look(name).numeric == 1
        and any(role.name in TOTALS and sure > 0.8 for role, sure in named(concepts(name), ()))
    }
    return {role: name for role, name in found.items() if name not in others}


def _once_an_order(draft: Draft, order: str | None, names: list[str]) -> set[str]:
    if order is None or draft.look(order).unique:
        return set()
    return first_line_only(draft.engine, draft.sample, order, names)


def _on_first_lines(
    draft: Draft, sold: list[Case], properties: Plain, at: str, told: Told, once: set[str]
) -> tuple[list[Plain], Plain]:
    order, name = draft.column("order_id"), draft.column("discount", "order_discount")
    lines = {key: each for key, each in properties.items() if _column(each) != name}
    if told.before is None:
        draft.notes.append(_not_subtracted(told, str(name)))
        return [], {**lines, "order_discount": name}
    lines = {**lines, "shared_discount": name}
    if not told.plain or told.before not in once:
        _say_spread(draft, str(name), told)
        return [], lines
    draft.notes.append(
        f"An order's amount is its {told.before}, after its {name}, which is spread over its lines."
    )
    shared = once | {order, *draft.data.get("fill_down", ())}
    of_order = {key: each for key, each in properties.items() if _column(each) in shared}
    return [
        {
            "event": "order_completed",
            "at": at,
            "key": [order],
            "when": {**when, told.before: {"is_set": True}},
            "properties": {**of_order, "amount": told.before},
        }
        for _, when in sold
    ], lines


def _on_every_line(draft: Draft, properties: Plain, name: str, told: Told) -> Plain:
    """The lines with a discount taken off that totals prove to be still in their amounts."""
    if told.before is None:
        draft.notes.append(_not_subtracted(told, name))
        return properties
    if told.of_order:
        _say_spread(draft, name, told)
        kept = {key: each for key, each in properties.items() if _column(each) != name}
        return {**kept, "shared_discount": name}
    draft.notes.append(f"The {name} of a line is taken off its amount, as {told.before} adds up.")
    amount = properties["amount"]
    bare = amount if isinstance(amount, dict) else {"column": amount}
    return {**properties, "amount": {**bare, "less": name}}


def _say_spread(draft: Draft, name: str, told: Told) -> None:
    draft.notes.append(
        f"The {name} is an order's and spread over its lines, as {told.before} adds up."
    )


def _not_subtracted(told: Told, name: str) -> str:
    if told.after:
        return f"Amounts are after the {name}, as {told.after} adds up."
    return UNKNOWN.format(name=name)


def refunds(
    draft: Draft, sold: list[Case], event: str, at: str, amount: Any, *, negative: bool
) -> list[Plain]:
    """Tracks of what was given back of orders that stand; nothing where rows of their own say it.

    `amount` is what a row is worth; `negative` says that rows with negative figures are returns.
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
    told = {"order_id": order, "currency": currency, "amount": _refunded(draft, name, amount)}
    return [
        {
            "event": event,
            "at": at,
            "when": {**when, name: {"ne": 0}},
            "properties": {key: each for key, each in told.items() if each},
        }
        for _, when in sold
    ]


def _refunded(draft: Draft, name: str, amount: Any) -> Any:
    """What was given back of what orders are worth: without the tax and shipping that are in it
    where more came back than an order's subtotal."""
    part = draft.column("subtotal", "order_subtotal", "net_amount")
    whole = draft.column("order_total", "amount")
    if part is None or whole is None or whole in (part, _column(amount)):
        return name
    held = held_by_refunds(draft, name, part, whole)
    if held == "more":
        draft.notes.append(
            f"The {name} holds tax and shipping too: as much of it counts as {part} is of {whole}."
        )
        return {"column": name, "share": [part, whole]}
    if not held:
        draft.notes.append(
            f"Nothing tells whether tax and shipping are in the {name}: all of it is subtracted."
        )
    return name


def _once(draft: Draft, order: str | None, name: str) -> bool:
    """Whether a figure stands on one row of an order at most."""
    if order is None or draft.look(order).unique:
        return True
    return name in first_line_only(draft.engine, draft.sample, order, [name])


def _column(each: Any) -> Any:
    return each["column"] if isinstance(each, dict) else each
