"""From the money that was read to the revenue that everything else speaks of, a step at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from carpel.engine.query import Tree, query, table
from carpel.reports.tables import Tables
from carpel.specs import Project
from carpel.store import accounting

ORDERS, LINES, BACK = "order_completed", "product_purchased", "product_returned"
CANCELLED = "order_cancelled"
SOLD = (ORDERS, LINES)
CENT = 0.005


@dataclass(frozen=True)
class Step:
    """A sum of money on the way, in the project's currency; `total` where the way is added up."""

    label: str
    amount: float
    total: bool = False


def bridge(tables: Tables, project: Project, revenue: float | None) -> Sequence[Step]:
    """The steps from money read to the `revenue` of the last 365 days, which add up to the cent.

    Nothing where no money was read, or the project counts something else than what orders cost.
    """
    usual = (project.revenue.event, project.revenue.property) == (ORDERS, "amount")
    told = [each.amounts for each in accounting.accounts(tables.engine) if each.amounts]
    if not told or not usual or revenue is None or not tables.has(f"event_{ORDERS}", "amount"):
        return ()
    read = sum(sum(each.values()) for each in told)
    loaded = sum(each["loaded"] for each in told)
    steps = [
        Step("Money read", read, total=True),
        Step("Set aside", -sum(each["set aside"] for each in told)),
        Step("In rows merged with an equal one", -sum(each["merged"] for each in told)),
        *_to_orders(tables, project.currency),
        *_given_back(tables, project, loaded),
    ]
    ahead, before = _outside(tables, project)
    steps += [
        Step("After the moment that figures are of", -ahead),
        Step("Before the last 365 days", -before),
    ]
    steps.append(Step("Not explained by these", revenue - sum(each.amount for each in steps)))
    kept = [each for each in steps if each.total or abs(each.amount) >= CENT]
    return [*kept, Step("Revenue of the last 365 days", revenue, total=True)]


def _to_orders(tables: Tables, own: str) -> Iterator[Step]:
    """What of the money loaded is no order's, and what orders cost otherwise than rows say."""
    yield Step("Orders cancelled or paid back", -_staged(tables, CANCELLED))
    yield Step("Payments and the like, which are no orders", -_others(tables))
    yield Step("Of nobody who is known", -sum(_of_nobody(tables, each) for each in SOLD))
    known = {each: _staged(tables, each) - _of_nobody(tables, each) for each in SOLD}
    laid = {each: _laid(tables, each) for each in SOLD}
    abroad = {each: _abroad(tables, each, own) for each in SOLD}
    if tables.has(f"staged_event_{LINES}"):
        less = laid[LINES] - known[LINES] - abroad[LINES]
        yield Step("Discounts of whole orders, spread over their lines", less)
        yield Step("Other currencies, left out or converted", abroad[LINES])
        twice = laid[ORDERS] - known[ORDERS] - laid[LINES]
        yield Step("Orders told of in two ways, counted once", twice)
    else:
        yield Step("Other currencies, left out or converted", laid[ORDERS] - known[ORDERS])


def _given_back(tables: Tables, project: Project, loaded: float) -> Iterator[Step]:
    """What was returned, where it is subtracted; rows of returns that were read are in it."""
    if not tables.has(f"event_{BACK}", "amount"):
        return
    sold = sum(_staged(tables, each) for each in (*SOLD, CANCELLED)) + _others(tables)
    own, told = loaded - sold, _staged(tables, BACK)
    read = own if abs(own - told) < CENT else 0.0
    subtracted = project.revenue.refunds == "subtracted"
    back = _laid(tables, BACK, "abs(amount)") if subtracted else 0.0
    yield Step("Returned and refunded", -back - read)


def _outside(tables: Tables, project: Project) -> tuple[float, float]:
    """Revenue after the moment of the figures, and before the 365 days that end there."""
    since = tables.moment - timedelta(days=365)
    signs = {ORDERS: "amount"}
    if project.revenue.refunds == "subtracted":
        signs[BACK] = "-abs(amount)"
    ahead = before = 0.0
    for event, worth in signs.items():
        if tables.has(f"event_{event}", "amount"):
            row = tables.engine.rows(
                query(
                    f"SELECT coalesce(sum({worth}) FILTER (WHERE at > :moment), 0), "
                    f"coalesce(sum({worth}) FILTER (WHERE at <= :since), 0) FROM :t",
                    moment=tables.moment,
                    since=since,
                    t=table(f"event_{event}"),
                )
            )[0]
            ahead, before = ahead + float(row[0]), before + float(row[1])
    return ahead, before


def _others(tables: Tables) -> float:
    """Money of events that are neither sold, returned nor cancelled: payments of orders told."""
    told = (*SOLD, BACK, CANCELLED)
    staged = [each for each in tables.build.tables() if each.startswith("staged_event_")]
    names = [each.removeprefix("staged_event_") for each in staged]
    return sum(_staged(tables, each) for each in names if each not in told)


def _staged(tables: Tables, event: str) -> float:
    """What rows say of an event; a row that tells of a line and of its order counts as a line."""
    also = query("FALSE")
    if event == ORDERS and tables.has(f"staged_event_{LINES}"):
        lines = table(f"staged_event_{LINES}")
        also = query("source IN (SELECT source FROM :lines AS l)", lines=lines)
    return _sum(tables, f"staged_event_{event}", "amount", query("NOT (:also)", also=also))


def _laid(tables: Tables, event: str, worth: str = "amount") -> float:
    return _sum(tables, f"event_{event}", worth)


def _sum(tables: Tables, name: str, worth: str, where: Tree | None = None) -> float:
    if not tables.has(name, "amount"):
        return 0.0
    found = query(
        f"SELECT coalesce(sum({worth.replace('amount', 'TRY_CAST(amount AS DOUBLE)')}), 0) "
        "FROM :t WHERE :wanted",
        t=table(name),
        wanted=where or query("TRUE"),
    )
    return float(tables.engine.value(found))


def _of_nobody(tables: Tables, event: str) -> float:
    if not tables.has(f"staged_event_{event}", "amount"):
        return 0.0
    found = tables.engine.value(
        query(
            """SELECT coalesce(sum(TRY_CAST(s.amount AS DOUBLE)), 0) FROM :t AS s
               ANTI JOIN identities AS i ON i.ref = s.ref""",
            t=table(f"staged_event_{event}"),
        )
    )
    return float(found)


def _abroad(tables: Tables, event: str, own: str) -> float:
    """What rates change, and what is left out for want of one, of rows in another currency."""
    name = f"event_{event}"
    if not tables.has(name, "amount", "original_amount", "currency"):
        return 0.0
    found = tables.engine.value(
        query(
            """SELECT coalesce(sum(coalesce(amount, 0) - original_amount)
                      FILTER (WHERE currency <> :own), 0) FROM :t""",
            own=own,
            t=table(name),
        )
    )
    return float(found)
