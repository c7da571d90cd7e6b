"""Amounts in another currency count only where a source says what they are worth."""

from collections.abc import Mapping

from carpel.engine.query import Tree, aliased, column, literal, query
from carpel.stages.base import Line

WORTH = ("amount", "order_amount")
"""What a row is worth, or the order of a line that says no amount of its own."""
MONEY = (*WORTH, "discount", "shared_discount", "unit_price", "unit_cost", "shipping", "tax")
RATES = "described_currency"
"""A source that describes `currency` with a `rate`: one unit in the project's currency."""


def in_project_currency(line: Line, rows: Tree) -> Tree:
    """The rows with every amount in the project's currency, or without one where no rate is known.

    `original_amount` keeps what was written. A row that names no currency is in the project's.
    """
    columns = line.engine.columns(rows)
    amounts = [each for each in MONEY if each in columns]
    if "currency" not in columns or not amounts:
        return rows
    rate = _rate(line)
    converted = [
        aliased(query(":it * :rate", it=column(each, "r"), rate=rate), each) for each in amounts
    ]
    written = [aliased(_worth(columns), "original_amount")] if columns.keys() & {*WORTH} else []
    return query(
        """SELECT r.* REPLACE (:converted), :written
                    FROM :rows AS r LEFT JOIN :rates AS rates ON rates.currency = r.currency""",
        converted=converted,
        written=written,
        rows=rows,
        rates=_rates(line),
    )


def _worth(columns: Mapping[str, str]) -> Tree:
    """What a row or its order is worth, by the columns of it that there are."""
    named = [column(each, "r") for each in WORTH if each in columns]
    return query("coalesce(NULL, :named)", named=named)


def _rate(line: Line) -> Tree:
    return query(
        "CASE WHEN coalesce(r.currency, :own) = :own THEN 1 ELSE rates.rate END",
        own=literal(line.definitions.project.currency),
    )


def _rates(line: Line) -> Tree:
    if line.table_files(RATES) and "rate" in line.engine.columns(RATES):
        return query(
            "(SELECT currency, any_value(rate) AS rate FROM described_currency GROUP BY currency)"
        )
    return query("(SELECT NULL::VARCHAR AS currency, NULL::DOUBLE AS rate)")


def unconverted(line: Line) -> int:
    """How many rows just laid have an amount that could not be converted."""
    columns = line.engine.columns("laid")
    if "original_amount" not in columns:
        return 0
    return int(
        line.engine.value(
            query(
                """SELECT count(*) FROM laid AS r
                   WHERE original_amount IS NOT NULL AND :worth IS NULL""",
                worth=_worth(columns),
            )
        )
    )
