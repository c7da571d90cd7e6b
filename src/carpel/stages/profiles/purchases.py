"""Rows about buying, prepared for the catalogue's formulas."""

from collections.abc import Sequence

from carpel.engine.query import Tree, column, literal, query
from carpel.stages.profiles.relations import Relations, stacked

SOUTH = {
    "AO", "AR", "AU", "BO", "BR", "BW", "CL", "FJ", "LS", "MG", "MU", "MW", "MZ", "NA", "NZ",
    "PE", "PG", "PY", "RE", "RW", "SZ", "TZ", "UY", "ZA", "ZM", "ZW",
}  # fmt: skip
"""Countries whose summer is in January."""
DAYPART = """CASE WHEN source NOT IN (:timed) THEN NULL
             WHEN local_hour < 6 THEN 'night' WHEN local_hour < 12 THEN 'morning'
             WHEN local_hour < 18 THEN 'afternoon' ELSE 'evening' END"""
SEASONS = ("winter", "spring", "summer", "autumn")


def orders(relations: Relations, needs: Sequence[str] = ()) -> Tree | None:
    """The project's revenue event; `amount` is what the project counts as revenue.

    An order of which nothing but a refund is left, by a negative amount, is none.
    """
    rows = _paid(relations, needs)
    if rows is None or "amount" not in relations.columns(rows):
        return rows
    return query("SELECT e.* FROM :rows AS e WHERE coalesce(amount >= 0, true)", rows=rows)


def _paid(relations: Relations, needs: Sequence[str] = ()) -> Tree | None:
    revenue = relations.line.definitions.project.revenue
    rows = relations.event(revenue.event, [*needs, revenue.property])
    if rows is None or revenue.property == "amount":
        return rows
    own = relations.columns(rows)
    if revenue.property not in own:
        return (
            query("SELECT e.* EXCLUDE (amount) FROM :rows AS e", rows=rows)
            if "amount" in own
            else rows
        )
    text = (
        "SELECT e.* EXCLUDE (amount), :it AS amount FROM :rows AS e"
        if "amount" in own
        else "SELECT e.*, :it AS amount FROM :rows AS e"
    )
    return query(text, it=query("TRY_CAST(:it AS DOUBLE)", it=column(revenue.property)), rows=rows)


def revenue(relations: Relations) -> Tree | None:
    """What came in, an amount at a time; what was returned is subtracted if the project says so."""
    subtracted = relations.line.definitions.project.revenue.refunds == "subtracted"
    came = _paid(relations) if subtracted else orders(relations)
    if came is None or "amount" not in relations.columns(came):
        return None
    came = query("SELECT customer, at, amount FROM :rows AS e", rows=came)
    back = relations.event("product_returned")
    if not subtracted or back is None or "amount" not in relations.columns(back):
        return came
    return stacked(
        [came, query("SELECT customer, at, -abs(amount) AS amount FROM :back AS b", back=back)]
    )


def gaps(relations: Relations) -> Tree | None:
    """The days between one day with orders and the next, a row a gap."""
    rows = orders(relations)
    if rows is None:
        return None
    return query(
        """
        SELECT customer, gap FROM (
          SELECT customer, local_date - lag(local_date) OVER (
                   PARTITION BY customer ORDER BY local_date) AS gap
          FROM (SELECT DISTINCT customer, local_date FROM :rows AS e) AS days) AS steps
        WHERE gap IS NOT NULL""",
        rows=rows,
    )


def order_favourites(relations: Relations) -> Tree | None:
    """Channels, branches, times of day, weekdays and seasons of orders, counted."""
    rows = orders(relations, ("channel", "store"))
    if rows is None:
        return None
    own = relations.columns(rows)
    timed = _timed(relations, rows)
    turn = 2 if relations.line.definitions.project.country in SOUTH else 0
    named = query(
        """SELECT e.*, :daypart AS daypart, dayname(local_date) AS weekday,
                            list_extract(:seasons, (month(local_date) % 12 // 3 + :turn) % 4 + 1)
                            AS season FROM :rows AS e""",
        daypart=query(DAYPART, timed=timed or [literal("")]),
        seasons=literal(list(SEASONS)),
        turn=turn,
        rows=rows,
    )
    kept: list[str] = [each for each in ("channel", "store") if each in own]
    if timed:
        kept.append("daypart")
    return counted(named, [*kept, "weekday", "season"], "amount" in own)


def _timed(relations: Relations, rows: Tree) -> list[Tree]:
    """The sources that say the hour of an order; where all are at midnight, only days are known."""
    found = relations.engine.rows(
        query("SELECT source FROM :rows AS e GROUP BY source HAVING max(local_hour) > 0", rows=rows)
    )
    return [literal(source) for (source,) in found if source is not None]


def purchase_favourites(relations: Relations) -> Tree | None:
    """Categories and brands of purchases, counted."""
    wanted = ("category", "brand")
    rows = relations.event("product_purchased", wanted)
    if rows is None:
        return None
    own = relations.columns(rows)
    kept = [each for each in wanted if each in own]
    return counted(rows, kept, "amount" in own) if kept else None


def counted(rows: Tree, dimensions: Sequence[str], amounts: bool) -> Tree | None:
    """By customer and dimension the values with their number of rows `n` and `amount`.

    A column for each dimension says which there are. FAVOURITE picks the one with most rows;
    equal numbers are told apart by amount, then by name.
    """
    worth = query("coalesce(sum(amount), 0)") if amounts else query("0")
    flags = [query("true AS :it", it=column(each)) for each in dimensions]
    return stacked(
        query(
            """SELECT customer, :dimension AS dimension, CAST(:it AS VARCHAR) AS value,
                      count(*) AS n, :worth AS amount, :flags
               FROM :rows AS e WHERE :it IS NOT NULL GROUP BY customer, :it""",
            dimension=each,
            it=column(each, "e"),
            worth=worth,
            rows=rows,
            flags=flags,
        )
        for each in dimensions
    )


def switches(relations: Relations, dimension: str) -> Tree | None:
    """What each order's dearest line is of, beside the order before."""
    rows = relations.event("product_purchased", (dimension, "amount"))
    own = relations.columns(rows) if rows is not None else set()
    if rows is None or not {dimension, "amount"} <= own:
        return None
    order = column("order_id") if "order_id" in own else column("at")
    return query(
        """
        SELECT customer, value, former FROM (
          SELECT customer, value, lag(value) OVER (
                   PARTITION BY customer ORDER BY at, basket) AS former
          FROM (SELECT customer, :basket AS basket, min(at) AS at, struct_extract(max(struct_pack(
                         amount := coalesce(amount, 0), value := :it)), 'value') AS value
                FROM :rows AS e WHERE :it IS NOT NULL GROUP BY customer, :basket) AS baskets
        ) AS steps WHERE former IS NOT NULL""",
        basket=order,
        it=column(dimension),
        rows=rows,
    )


def interests(relations: Relations) -> Tree | None:
    """The categories they bought or looked at, with how often."""
    met = [
        query("SELECT customer, category FROM :rows AS e", rows=rows)
        for event in ("product_purchased", "product_viewed", "page_viewed")
        if (rows := relations.event(event, ("category",))) is not None
        and "category" in relations.columns(rows)
    ]
    every = stacked(met)
    return counted(every, ["category"], amounts=False) if every is not None else None
