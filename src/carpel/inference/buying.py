"""Files about buying: order lines, orders, products and branches."""

from collections.abc import Sequence
from dataclasses import replace

from carpel.inference.converted import take_converted
from carpel.inference.draft import Draft, Plain
from carpel.inference.kind import COMPANY
from carpel.inference.money import settle
from carpel.inference.paid import refunds, told_of_orders, whole_orders
from carpel.inference.priced import priced_by_totals
from carpel.inference.reading import Reading
from carpel.inference.relations import FEWEST_KEYS, constant_within, first_line_only
from carpel.inference.roles import roles
from carpel.inference.sold import own_number, when_sold, won_when_closed
from carpel.inference.standing import cases
from carpel.inference.whose import (
    constant_traits,
    describe_people,
    identify,
    permit,
    place_in_account,
)
from carpel.inference.words import concepts
from carpel.specs.words import counted


def order_lines(draft: Draft) -> None:
    """`product_purchased` a line; `product_returned` where a quantity or amount is negative."""
    identify(draft)
    at = when_sold(draft)
    permit(draft, at)
    take_converted(draft)
    order = draft.column("order_id")
    _line_amount(draft, order)
    if "fill_down" not in draft.data:
        draft.data["fill_down"] = _fill_down(draft, order)
    describe_people(draft, everything=False)
    constant_traits(draft)
    place_in_account(draft)
    _happened(draft, "product_purchased", "product_returned", at)


def orders(draft: Draft) -> None:
    """`order_completed` a row; `product_returned` where the amount is negative."""
    own_number(draft)
    identify(draft)
    take_converted(draft)
    won_when_closed(draft)
    at = when_sold(draft)
    permit(draft, at)
    _own_cost(draft)
    settle(draft)
    describe_people(draft, everything=False)
    constant_traits(draft)
    place_in_account(draft)
    if draft.superseded:
        draft.notes.append(
            "The orders come from their lines in another file; this one adds to "
            "each order what it says."
        )
        _lookup(draft, "order_id")
        return
    _happened(draft, "payment_made" if draft.ordered else "order_completed", "product_returned", at)


def _happened(draft: Draft, event: str, back: str, at: str | None) -> None:
    """The tracks of a file of purchases, with all columns that are left as properties."""
    if at is None:
        draft.notes.append("No column says when: rows without a time cannot become events.")
        return
    draft.use(at, "time")
    properties: Plain = {}
    for name in draft.rest():
        key = draft.name_of(name, properties)
        properties[key] = draft.value(name)
        draft.use(name, f"property {key}")
    if "amount" not in properties and {"quantity", "unit_price"} <= properties.keys():
        properties["amount"] = {
            "column": draft.column("unit_price"),
            "times": draft.column("quantity"),
        }
        draft.notes.append("The amount of a line is its quantity times its unit price.")
        if off := draft.column("discount_percent"):
            properties["amount"]["percent_off"] = off
            draft.notes.append(f"The {off} is taken off it, in per cent.")
    elif "amount" not in properties and "unit_price" in properties:
        properties["amount"] = properties["unit_price"]
        draft.notes.append("No quantity is given: a row's price is taken as its amount.")
    if draft.data.get("traits"):
        draft.data["seen_at"] = at
    own = draft.column("line_id" if event == "product_purchased" else "order_id")
    own_key = [own] if own and draft.look(own).unique and draft.sample.whole else []
    told = cases(draft, event, back)
    sold = [each for each in told if each[0] == event]
    given_back = any(each == back for each, _ in told)
    more: list[Plain] = []
    if event == "product_purchased":
        more, properties = whole_orders(draft, sold, properties, at)
    elif (less := draft.column("discount", "order_discount")) and any(draft.look(less).numbers):
        told_of_orders(draft, less, properties)
    more += refunds(draft, sold, back, at, properties.get("amount"), negative=given_back)
    draft.data["track"] = [
        {
            "event": each,
            "at": at,
            **({"key": own_key} if own_key else {}),
            **({"when": when} if when else {}),
            "properties": properties,
        }
        for each, when in told
    ] + more


def _own_cost(draft: Draft) -> None:
    """A bare `cost` of a sale may as well be what was paid: only products say it of one piece."""
    name = draft.column("unit_cost")
    if name is not None and concepts(name) == ("cost",):
        why = f"{draft.readings[name].reason}; whether of a piece or of the sale is not said"
        draft.readings[name] = replace(draft.readings[name], role="property", reason=why)


def _line_amount(draft: Draft, order: str | None) -> None:
    """A figure that is the order's, not the line's, must not be counted once a line."""
    _own_cost(draft)
    priced_by_totals(draft, order)
    proven = settle(draft)
    amount = draft.column("amount")
    if order is None:
        return
    of_order = {"amount": "order_total"} | {
        role: f"order_{role}" for role in ("subtotal", "shipping", "tax", "discount")
    }
    figures = {name: role for role in of_order if (name := draft.column(role))}
    if proven and amount:
        del figures[amount]
    priced = amount and not proven and draft.column("unit_price") and draft.column("quantity")
    few = 1 if priced else FEWEST_KEYS  # what lines are worth is said beside it
    once = constant_within(draft.engine, draft.sample, order, list(figures), few)
    first = first_line_only(draft.engine, draft.sample, order, once - {amount or ""})
    for name in sorted(once - first):
        _of_the_order(draft, name, of_order[figures[name]])


def _of_the_order(draft: Draft, name: str, role: str) -> None:
    reading = draft.readings[name]
    draft.readings[name] = Reading(
        name,
        role,
        reading.confidence,
        (f"{reading.reason}; it is one figure an order, not one a line"),
    )


def _fill_down(draft: Draft, order: str | None) -> list[str]:
    """Columns given on the first line of an order only; figures of the order are not repeated."""
    if order is None or draft.look(order).unique:
        return []
    names: Sequence[str] = [
        look.name
        for look in draft.sample.looks
        if 0 < look.filled < draft.look(order).filled and look.name != order
    ]
    found = first_line_only(draft.engine, draft.sample, order, names)
    repeated = [name for name in names if name in found and not _figure(draft, name)]
    if repeated:
        draft.notes.append(
            f"Given on the first line of an order only: {counted(len(found), 'column')}."
        )
    return repeated


def _figure(draft: Draft, name: str) -> bool:
    role = draft.readings[name].role
    kind = roles()[role].kind if role in roles() else ""
    return kind in ("money", "tax", "count", "reduction", "rate") or (
        draft.look(name).numeric > 0.9 and role in ("property", "order_total")
    )


def products(draft: Draft) -> None:
    """Products looked up by their id, or by name where they have none."""
    _lookup(draft, "product_id", "product_name")


def stores(draft: Draft) -> None:
    """Branches looked up by what orders call them."""
    _lookup(draft, "store")


def categories(draft: Draft) -> None:
    """Categories looked up by what products call them."""
    _lookup(draft, "category")


def companies(draft: Draft) -> None:
    """Companies looked up by what people's files call them; nobody is made a customer by them."""
    if draft.keyed:
        given = draft.readings[draft.keyed]
        role = given.role if given.role in COMPANY else "account_id"
        draft.readings[draft.keyed] = replace(given, role=role)
        _lookup(draft, role)
        return
    _lookup(draft, *COMPANY)


def _lookup(draft: Draft, *keys: str) -> None:
    role = next(each for each in keys if draft.column(each))
    name = draft.column(role)
    assert name is not None
    draft.use(name, f"key {role}")
    properties: Plain = {}
    for each in draft.rest():
        called = draft.name_of(each, properties)
        properties[called] = draft.value(each)
        draft.use(each, f"property {called}")
    draft.data.update(describes={role: name}, properties=properties)
