"""What totals of orders tell: whether amounts are before a discount, and what a refund holds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from carpel.engine.query import Tree, aliased, column, query, table
from carpel.inference.draft import Draft
from carpel.inference.relations import as_number, constant_within

MULTIPLE = 0.9
"""Share of the discounted orders whose figure must be their lines less the discount."""
FEWEST = 5
"""Discounted orders below which all of them must agree, and two at least."""
SHIPPING = ("shipping", "order_shipping")
TAX = ("tax", "order_tax")


@dataclass(frozen=True)
class Told:
    """The total by which amounts are `before` a discount or `after` it; None where none tells."""

    before: str | None = None
    after: str | None = None
    of_order: bool = False
    """Whether the discount is one of the whole order, not one a line."""
    plain: bool = False
    """Whether the total has neither tax nor shipping beside the lines."""


@dataclass(frozen=True)
class _Way:
    """One way in which a total may add up."""

    figure: str
    of_order: bool
    beside: tuple[str, ...]
    less: bool
    once: bool
    """Whether the total is said once an order, or a part of it on each line."""


def told_by_totals(
    draft: Draft, order: str | None, name: str, amount: Any, figures: Mapping[str, str]
) -> Told:
    """Whether totals agree with the lines less the discount, or with the lines as they are.

    One that agrees less the discount tells more: a subtotal may be before it as the lines are.
    """
    ways = list(_ways(draft, order, name, figures))
    if not ways:
        return Told()
    counts = draft.engine.rows(_counted(draft, order, name, amount, figures, ways))[0]
    orders, agreeing = counts[0], counts[1:]
    needed = MULTIPLE * orders if orders >= FEWEST else max(orders, 2)
    agreed = [way for way, agree in zip(ways, agreeing, strict=True) if agree >= needed]
    for way in sorted(agreed, key=lambda way: not way.less):
        figure = way.figure
        plain = not way.beside
        return Told(figure if way.less else None, None if way.less else figure, way.of_order, plain)
    return Told()


def _ways(draft: Draft, order: str | None, name: str, figures: Mapping[str, str]) -> Iterator[_Way]:
    """The simplest first; a discount that is the same on all lines of an order is the order's."""
    several = order is not None and not draft.look(order).unique
    alike = order and several and constant_within(draft.engine, draft.sample, order, [name])
    both = (True, False), (True, False) if several else (True,)
    whose = [bool(alike), not alike] if several else [False]
    shipping = next((figures[each] for each in SHIPPING if each in figures), None)
    tax = next((figures[each] for each in TAX if each in figures), None)
    some = product((None, shipping), (None, tax))
    for extra in dict.fromkeys(tuple(filter(None, each)) for each in some):
        for role, figure in figures.items():
            if role not in (*SHIPPING, *TAX):
                for of_order, less, once in product(whose, *both):
                    yield _Way(figure, of_order, extra, less, once)


def _counted(
    draft: Draft,
    order: str | None,
    name: str,
    amount: Any,
    figures: Mapping[str, str],
    ways: list[_Way],
) -> Tree:
    """How many orders are discounted, and in how many of these each way adds up."""
    used = sorted(set(figures.values()))
    known = {each: f"f{at}" for at, each in enumerate(used)}
    rows = query(
        "SELECT :order AS order_of, :worth AS worth, abs(:less) AS less, :figures FROM :t",
        order=column(order) if order else query("CAST(_row AS VARCHAR)"),
        worth=worth_of(draft, amount),
        less=as_number(draft.engine, draft.sample, name),
        figures=[
            aliased(as_number(draft.engine, draft.sample, n), key) for n, key in known.items()
        ],
        t=table(draft.sample.table),
    )
    said = [
        aliased(query(f"{how}(:f)", f=column(key)), f"{key}_{how}")
        for key in known.values()
        for how in ("max", "sum")
    ]
    orders = query(
        "SELECT count(*) AS lines, sum(worth) AS worth, max(less) AS whole, sum(less) AS each, "
        ":said FROM :rows AS r WHERE order_of <> '' GROUP BY order_of",
        said=said,
        rows=rows,
    )
    agree = [aliased(_agreeing(way, known), f"w{at}") for at, way in enumerate(ways)]
    return query(
        "SELECT count(*) AS orders, :agree FROM :orders AS o WHERE whole > 0",
        agree=agree,
        orders=orders,
    )


def _agreeing(way: _Way, known: Mapping[str, str]) -> Tree:
    less = query("0") if not way.less else column("whole" if way.of_order else "each")
    total, how = query("worth - :less", less=less), "max" if way.once else "sum"
    for each in way.beside:
        total = query("(:total) + coalesce(:f, 0)", total=total, f=column(f"{known[each]}_{how}"))
    return query(
        "count(*) FILTER (WHERE abs(:said - (:total)) <= 0.006 + 0.005 * lines)",
        said=column(f"{known[way.figure]}_{how}"),
        total=total,
    )


def worth_of(draft: Draft, amount: Any) -> Tree:
    """What a line is worth: its amount, or its price times its quantity."""
    name = amount["column"] if isinstance(amount, dict) else amount
    worth = as_number(draft.engine, draft.sample, name)
    if not isinstance(amount, dict) or "times" not in amount:
        return worth
    times = as_number(draft.engine, draft.sample, amount["times"])
    return query("(:a) * (:b)", a=worth, b=times)


def held_by_refunds(draft: Draft, refund: str, part: str, whole: str) -> str:
    """What orders gave back at most: `more` than a part of their total and never more than all of
    it, the `part`, or nothing that tells."""
    more, beyond, just, there, of = draft.engine.rows(
        query(
            """
        SELECT count(*) FILTER (WHERE refund > part + 0.011),
               count(*) FILTER (WHERE refund > whole + 0.011),
               count(*) FILTER (WHERE abs(refund - part) <= 0.011),
               count(*) FILTER (WHERE part > 0 AND whole > 0), count(*)
        FROM (SELECT abs(:refund) AS refund, :part AS part, :whole AS whole FROM :t) AS r
        WHERE refund > 0""",
            refund=as_number(draft.engine, draft.sample, refund),
            part=as_number(draft.engine, draft.sample, part),
            whole=as_number(draft.engine, draft.sample, whole),
            t=table(draft.sample.table),
        )
    )[0]
    if more and beyond <= 0.02 * of and there >= 0.98 * of:
        return "more"
    return "part" if just and not more else ""
