"""Sentences and rows about a test of prices: what each earns a person who saw it."""

from collections.abc import Mapping, Sequence
from typing import Any

from carpel.reports.caused.words import Wording
from carpel.reports.figures import Figures, number, percent
from carpel.stats.uplift.prices import FEWEST, SURE

Row = Mapping[str, Any]


def said_of_prices(rows: Sequence[Row], figures: Figures) -> str:
    """Which price earns most; rows are those of `price_estimates`, the lowest price first."""
    people = f"{number(sum(row['people'] for row in rows))} people"
    if any(row["margin"] is None for row in rows):
        fewest = min(rows, key=lambda row: row["buyers"])
        return (
            f"Too few ordered to say which price earns most: {number(fewest['buyers'])} at "
            f"{_price(fewest, figures)}, and {FEWEST} are needed at each ({people} saw a price)."
        )
    wording = Wording(figures, "money", "margin")
    first = max(rows, key=lambda row: row["best"])
    if first["best"] < SURE:
        left = [_price(row, figures) for row in rows if row["best"] > 1 - SURE]
        return f"Cannot tell which price earns most: {' or '.join(left)} ({people} saw a price)."
    told = f"{_price(first, figures)} earns most"
    if not first["more_low"] and not first["more_high"]:
        likely = wording.between(first["margin_low"], first["margin_high"])
        return (
            f"{told}, the price of today: {wording.signed(first['margin'])} a person who saw it "
            f"(likely {likely}; {people} saw a price)."
        )
    likely = wording.between(first["more_low"], first["more_high"])
    return (
        f"{told}: {wording.signed(first['more'])} a person who saw it beyond the price of today "
        f"(likely {likely}; {people} saw a price)."
    )


def row_of_price(row: Row, figures: Figures) -> dict[str, Any]:
    """A row of the table, in words."""
    wording = Wording(figures, "money", "margin")
    known = row["margin"] is not None
    return {
        "price": _price(row, figures),
        "bought": percent(row["buyers"] / row["people"]) if row["people"] else "",
        "earns": wording.figure(row["margin"]) if known else "not known",
        "likely": wording.between(row["margin_low"], row["margin_high"]) if known else "",
        "people": row["people"],
    }


def _price(row: Row, figures: Figures) -> str:
    return figures.cents(row["price"])
