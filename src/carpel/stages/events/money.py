"""Amounts in another currency count only where a source says what they are worth."""

from carpel.engine.query import Tree, aliased, column, literal, query
from carpel.stages.base import Line

MONEY = ("amount", "discount", "shared_discount", "unit_price", "unit_cost", "shipping", "tax")
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
    written = ", r.amount AS original_amount" if "amount" in columns else ""
    return query(
        f"""SELECT r.* REPLACE (:converted){written}
                    FROM :rows AS r LEFT JOIN :rates AS rates ON rates.currency = r.currency""",
        converted=converted,
        rows=rows,
        rates=_rates(line),
    )


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
    if "original_amount" not in line.engine.columns("laid"):
        return 0
    return int(
        line.engine.value(
            query("SELECT count(*) FROM laid WHERE original_amount IS NOT NULL AND amount IS NULL")
        )
    )
