"""What was sold of each product in each week, and at which price: everybody's, or some people's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from carpel.engine.base import Engine
from carpel.engine.query import Tree, column, query, table

MOST = 500
"""Products that are looked at, those bought most often of all whose prices varied."""
WEEKS, OFTEN = 13, 0.8
"""Weeks a product is sold in at least, and the share of them from its first to its last."""
LINES = 50
VARIED = 0.03
"""Standard deviation of the logs of a product's weekly prices from which they varied."""
TABLES = ("price_lines", "price_weeks", "price_products", "price_bought", "price_people")
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Prices:
    """Products x weeks: logs of the price paid and of the regular one (NaN: none is known).

    `sold` counts usual purchases: units over the units of a usual line of that product. `offered`
    is how many products were sold in enough weeks, `varied` of how many of them prices varied.
    """

    paid: Floats
    regular: Floats | None
    sold: Floats
    kinds: tuple[str | None, ...]
    """What each product is of, such as its category."""
    offered: int
    varied: int


def prices(engine: Engine, event: str, until: datetime, product: str, by: str) -> Prices | None:
    """Lay what was sold up to a moment by product and week; None where no amounts are known.

    Weeks that are not whole are left out, and so are products that are seldom sold: a week in which
    nobody bought one says nothing of its price. `lay_down` forgets the tables.
    """
    columns = engine.columns(f"event_{event}")
    if not {product, "amount"} <= columns.keys():
        return None
    engine.create("price_lines", _lines(columns, event, until, product))
    engine.create("price_weeks", query(BY_WEEK, often=OFTEN, weeks=WEEKS, lines=LINES))
    offered = int(engine.value(query("SELECT count(DISTINCT product) FROM price_weeks")))
    engine.create("price_products", query(CHOSEN, varied=VARIED, most=MOST))
    engine.create("price_bought", query(BOUGHT))
    found = engine.fetch(query(CELLS))
    count = int(engine.value(query("SELECT count(*) FROM price_products")))
    varied = int(engine.value(query(HOW_MANY, varied=VARIED)))
    shape = (count, _width(engine))
    paid, regular, sold = (_matrix(found, each, shape) for each in ("paid", "regular", "sold"))
    return Prices(
        paid,
        None if np.isnan(regular).all() or np.allclose(regular, paid, equal_nan=True) else regular,
        sold,
        _kinds(engine, columns, event, product, by),
        offered,
        varied,
    )


def sold_to(engine: Engine, shown: Prices, customers: Iterable[int]) -> Floats:
    """The same as `sold`, of these people only; 0 where a price is known and they bought none."""
    engine.register("price_people", pa.table({"customer": pa.array(customers, pa.int64())}))
    found = engine.fetch(
        query(
            """SELECT product, week, sum(sold) AS sold FROM price_bought
               SEMI JOIN price_people USING (customer) GROUP BY ALL"""
        )
    )
    some = _matrix(found, "sold", shown.paid.shape)
    return np.where(np.isnan(shown.paid), np.nan, np.nan_to_num(some))


def lay_down(engine: Engine) -> None:
    """Forget what `prices` laid."""
    for name in TABLES:
        engine.drop(name)


def _lines(columns: Iterable[str], event: str, until: datetime, product: str) -> Tree:
    """A row a purchase of a product, in whole weeks, at a price above nothing."""
    units = "TRY_CAST(quantity AS DOUBLE)" if "quantity" in columns else "1.0"
    off = "abs(coalesce(TRY_CAST(discount AS DOUBLE), 0))" if "discount" in columns else "0.0"
    return query(
        f"""
        WITH lines AS (
            SELECT coalesce(a.survivor, e.customer) AS customer, CAST(:product AS VARCHAR) AS named,
                   CAST(date_trunc('week', local_date) AS DATE) AS monday, local_date,
                   {units} AS units, TRY_CAST(amount AS DOUBLE) AS amount, {off} AS discount
            FROM :event AS e LEFT JOIN aliases AS a ON a.customer = e.customer
            WHERE at <= :until AND :product IS NOT NULL),
        ends AS (SELECT min(local_date) AS first, max(local_date) AS last, min(monday) AS start
                 FROM lines)
        SELECT customer, named, CAST(monday - start AS BIGINT) // 7 AS week, units,
               amount / units AS paid, (amount + discount) / units AS regular
        FROM lines, ends
        WHERE units > 0 AND amount > 0 AND monday >= first AND monday + 6 <= last""",
        product=column(product, "e"),
        event=table(f"event_{event}"),
        until=until,
    )


BY_WEEK = """
WITH weekly AS (
    SELECT named AS product, week, median(paid) AS paid, median(regular) AS regular,
           sum(units) AS units, count(*) AS lines
    FROM price_lines GROUP BY ALL),
whole AS (
    SELECT product, sum(lines) AS lines, sum(units) / sum(lines) AS usual, count(*) AS weeks,
           max(week) - min(week) + 1 AS span
    FROM weekly GROUP BY product)
SELECT w.product, week, ln(paid) AS paid, ln(regular) AS regular, units / usual AS sold, usual,
       whole.lines
FROM weekly AS w JOIN whole ON whole.product = w.product
WHERE whole.weeks >= :weeks AND whole.weeks >= :often * span AND whole.lines >= :lines"""
"""Everybody's, a row a product that is sold often enough and week."""

CHOSEN = """
SELECT product, row_number() OVER (ORDER BY max(lines) DESC, product) - 1 AS number,
       any_value(usual) AS usual
FROM price_weeks GROUP BY product HAVING stddev_pop(paid) >= :varied
ORDER BY max(lines) DESC, product LIMIT :most"""

HOW_MANY = """
SELECT count(*) FROM (SELECT product FROM price_weeks GROUP BY product
                      HAVING stddev_pop(paid) >= :varied) AS v"""

BOUGHT = """
SELECT l.customer, p.number AS product, l.week, sum(l.units) / any_value(p.usual) AS sold
FROM price_lines AS l JOIN price_products AS p ON p.product = l.named GROUP BY ALL"""

CELLS = """
SELECT p.number AS product, w.week, w.paid, w.regular, w.sold
FROM price_weeks AS w JOIN price_products AS p ON p.product = w.product"""


def _width(engine: Engine) -> int:
    last = engine.value(query("SELECT max(week) FROM price_weeks"))
    return 0 if last is None else int(last) + 1


def _matrix(found: pa.Table, name: str, shape: tuple[int, ...]) -> Floats:
    """Cells by product and week; NaN where there is none."""
    made = np.full(shape, np.nan)
    rows, weeks = (found.column(each).to_numpy() for each in ("product", "week"))
    made[rows.astype(np.int64), weeks.astype(np.int64)] = found.column(name).to_numpy()
    return made


def _kinds(
    engine: Engine, columns: Iterable[str], event: str, product: str, by: str
) -> tuple[str | None, ...]:
    """What each product is of, as its events or a source that describes products say."""
    described = f"described_{product}"
    if by in columns:
        home, key = f"event_{event}", product
    elif described in engine.tables() and by in engine.columns(described):
        home, key = described, product
    else:
        rows = engine.rows(query("SELECT number FROM price_products ORDER BY number"))
        return (None,) * len(rows)
    found = engine.rows(
        query(
            """WITH said AS (SELECT CAST(:key AS VARCHAR) AS product,
                                    mode(CAST(:it AS VARCHAR)) AS it
                             FROM :home AS h GROUP BY 1)
               SELECT s.it FROM price_products AS p LEFT JOIN said AS s ON s.product = p.product
               ORDER BY p.number""",
            key=column(key, "h"),
            it=column(by, "h"),
            home=table(home),
        )
    )
    return tuple(it for (it,) in found)
