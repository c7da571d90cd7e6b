"""What messages say of each person, fetched in slices: addresses, traits, nothing else."""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
from pyroaring import BitMap
from sqlglot import exp

from carpel.campaigns.desk import Desk
from carpel.campaigns.recommending import RECOMMENDED
from carpel.engine.query import Tree, aliased, column, query, table
from carpel.evaluation.bitmaps import to_keys
from carpel.evaluation.contacts import ADDRESS
from carpel.evaluation.windows import local

SLICE = 5_000
"""People whose values are in memory at a time."""
FITTING = "recommendations"
"""What is recommended to somebody, where a campaign says how; a table of its own."""
SENT_TO = "a_"
"""The column of the address, beside fields of any name."""


def recipients(
    desk: Desk, people: BitMap, medium: str, fields: Collection[str]
) -> Iterator[dict[str, Any]]:
    """A row a person by ascending key: `customer`, `SENT_TO`, and each field, None if unknown."""
    _lay(desk, people, medium, sorted(fields))
    zone = ZoneInfo(desk.definitions.project.timezone)
    keys = people.to_array()
    for at in range(0, len(keys), SLICE):
        part = keys[at : at + SLICE]
        rows = desk.engine.fetch(
            query(
                "SELECT * FROM recipients WHERE customer BETWEEN :a AND :b ORDER BY customer",
                a=int(part[0]),
                b=int(part[-1]),
            )
        ).to_pylist()
        yield from ({name: plain(each, zone) for name, each in row.items()} for row in rows)


def _lay(desk: Desk, people: BitMap, medium: str, fields: list[str]) -> None:
    """Put everything that is asked for side by side once, for these people only."""
    desk.engine.register("addressed", pa.table({"customer": to_keys(people)}))
    homes: dict[str, list[Tree]] = {}
    for name in fields:
        home, value = _where(desk, name)
        homes.setdefault(home, []).append(aliased(value, _held(name)))
    homes.setdefault("contacts", []).append(aliased(_address(desk, medium), SENT_TO))
    rows = exp.select(column("customer", "addressed"), column(SENT_TO))
    rows = rows.select(*(aliased(column(_held(name)), name) for name in fields))
    rows = rows.from_(table("addressed"))
    for home, cells in sorted(homes.items()):
        there = exp.select(column("customer"), *cells).from_(table(home)).subquery(f"of_{home}")
        rows = rows.join(there, join_type="LEFT", using="customer")
    desk.engine.create("recipients", rows)


def _where(desk: Desk, name: str) -> tuple[str, Tree]:
    """The table that has a field and its value there: what sources state first, then traits."""
    if name == FITTING:
        return RECOMMENDED, column(name)
    held = desk.engine.columns("contacts")
    for each in (f"t_{name}", name):
        if each in held and name != "customer":
            return "contacts", column(each)
    if name in desk.catalogue.traits:
        fact = desk.catalogue.trait(name)
        return fact.table, fact.value
    return "contacts", exp.null()


def _address(desk: Desk, medium: str) -> Tree:
    name = ADDRESS[medium][0]
    return column(name) if name in desk.engine.columns("contacts") else exp.null()


def _held(name: str) -> str:
    return f"f_{name}"


def plain(value: Any, zone: ZoneInfo) -> Any:
    """A value as a message says it: days as 2026-03-01 in the project's zone, 3.0 as 3."""
    if isinstance(value, datetime):
        return local(value.replace(tzinfo=None), zone).date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        value = float(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value
