"""What people are like: how they spread over the attributes that have few values."""

from typing import Any

from carpel.engine.query import query, table
from carpel.reports.bands import in_order
from carpel.reports.figures import number
from carpel.reports.tables import Rows, Tables

SHOWN = 6
MOST_VALUES = 12
FEWEST_PEOPLE = 5
"""A value that fewer people have is not told: it might point at somebody."""
MOST_SHARE = 0.98
"""Where nearly everybody has one value there is nothing to see."""


def likeness(tables: Tables, traits: Rows) -> Rows:
    """Up to six attributes: `label`, `known`, and `values` with `value`, `people`, `share`.

    Only plain ones, those that most people have first; the stated before the worked out. Values
    with an order of their own stand in it, others by size.
    """
    told = [
        row
        for row in traits
        if row["sensitivity"] == "plain"
        and row["type"] in ("text", "boolean")
        and not row["trait"].startswith("favourite_")
    ]
    told.sort(key=lambda row: (row["criterion"] != "demographic", -row["known"]))
    found: Rows = []
    for row in told:
        values = _values(tables, row)
        if 2 <= len(values) <= MOST_VALUES and values[0]["share"] < MOST_SHARE:
            found.append({**row, "values": _ordered(values)})
        if len(found) == SHOWN:
            break
    return found


def _values(tables: Tables, trait: dict[str, Any]) -> Rows:
    rows = tables.dicts(
        query(
            """SELECT value, count(*) AS people FROM :valued AS v WHERE value IS NOT NULL
           GROUP BY value ORDER BY people DESC, value LIMIT :n""",
            valued=query(
                "SELECT :it AS value FROM :t",
                it=query(trait["expression"], as_of=tables.moment),
                t=table(trait["table"]),
            ),
            n=MOST_VALUES + 1,
        )
    )
    if len(rows) > MOST_VALUES:
        return []
    told = [row for row in rows if row["people"] >= FEWEST_PEOPLE]
    return [
        {
            "value": _said(row["value"]),
            "people": row["people"],
            "share": row["people"] / trait["known"],
        }
        for row in told
    ]


def _ordered(values: Rows) -> Rows:
    """Bands from the lowest up; what has no order of its own by size."""
    order = in_order(each["value"] for each in values)
    return values if order is None else sorted(values, key=lambda row: order.index(row["value"]))


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return number(value) if isinstance(value, int | float) else str(value)
