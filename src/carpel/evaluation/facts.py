"""The traits of everybody side by side, so that one scan measures them all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sqlglot import exp

from carpel.engine.base import Engine
from carpel.engine.query import Tree, aliased, column, query, table
from carpel.evaluation.catalogue import Catalogue, Fact
from carpel.evaluation.comparisons import Clock

NUMBERS = ("number", "integer")
UNMEASURED = ("customer", "latitude", "longitude")
"""Traits that no figure is told of: coordinates, of which a mean says nothing, and one called as
the key is, whose column would be taken for it."""


@dataclass(frozen=True)
class Facts:
    """Which columns of the table `facts` are figures and which are categories, as text."""

    numbers: tuple[str, ...]
    categories: tuple[str, ...]


def lay(engine: Engine, clock: Clock, chosen: Iterable[str]) -> Facts:
    """Create `facts`: these traits of everybody; those of other kinds are left out."""
    catalogue = Catalogue(engine, clock)
    found = {name: catalogue.trait(name) for name in chosen}
    facts = {n: fact for n, fact in found.items() if fact.kind in (*NUMBERS, "boolean", "text")}
    engine.create("facts", side_by_side(facts))
    numbers = tuple(name for name, fact in facts.items() if fact.kind in NUMBERS)
    return Facts(numbers, tuple(name for name in facts if name not in numbers))


def facts_of(
    engine: Engine, clock: Clock, chosen: Iterable[str], customers: NDArray[np.int64]
) -> pa.Table:
    """These traits of these people, a row each by ascending key; nothing stays laid out."""
    lay(engine, clock, chosen)
    engine.register("asked_for", pa.table({"customer": customers}))
    rows = engine.fetch(
        query(
            "SELECT f.* FROM facts AS f JOIN asked_for AS a ON a.customer = f.customer "
            "ORDER BY f.customer"
        )
    )
    for name in ("facts", "asked_for"):
        engine.drop(name)
    return rows.drop(["customer"])


def side_by_side(facts: Mapping[str, Fact]) -> Tree:
    """One row a customer: numbers as DOUBLE, the others as text, yes and no for what is true."""
    rows = exp.select(column("customer", "customers"), *map(column, facts)).from_(
        table("customers")
    )
    for home in sorted({fact.table for fact in facts.values()}):
        cells = [aliased(_cell(fact), name) for name, fact in facts.items() if fact.table == home]
        there = exp.select(column("customer"), *cells).from_(table(home)).subquery(f"of_{home}")
        rows = rows.join(there, join_type="LEFT", using="customer")
    return rows


def _cell(fact: Fact) -> Tree:
    if fact.kind in NUMBERS:
        return query("CAST(:it AS DOUBLE)", it=fact.value)
    if fact.kind == "boolean":
        return query("CASE WHEN :it THEN 'yes' WHEN NOT :it THEN 'no' END", it=fact.value)
    return query("CAST(:it AS VARCHAR)", it=fact.value)
