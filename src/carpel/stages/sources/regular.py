"""Identifiers and names made regular: each distinct value once, the fixes counted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from carpel import values
from carpel.engine.base import Engine
from carpel.engine.query import Tree, query
from carpel.reading.rows import inner

BATCH = 200_000


@dataclass(frozen=True)
class Regular:
    """A table (raw, value) of the distinct values of a column, and what was done to them."""

    table: str
    fixes: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    """Reasons why a value is none, by the number of rows."""


def regular(
    engine: Engine, rows: Tree, value: Tree, kind: str, country: str | None, held: str
) -> Regular:
    """Make the distinct values of a text expression regular, as a table named `held`."""
    distinct = engine.fetch(
        query(
            "SELECT count(*) AS n, :value AS raw FROM :rows WHERE :value IS NOT NULL GROUP BY 2",
            value=value,
            rows=inner(rows),
        )
    )
    raw, counts = distinct["raw"].to_pylist(), distinct["n"].to_pylist()
    done = normalised(kind, raw, country)
    fixes: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    for each, n in zip(done, counts, strict=True):
        if each.value is None:
            refused[each.reason or "unreadable"] += n
        elif each.fix:
            fixes[each.fix] += n
    engine.register(
        held,
        pa.table(
            {
                "raw": pa.array(raw, pa.string()),
                "value": pa.array([each.value for each in done], pa.string()),
            }
        ),
    )
    return Regular(held, fixes, refused)


def normalised(kind: str, distinct: Sequence[str], country: str | None) -> list[values.Normal]:
    """The one place where values are handed over to be made regular."""
    return values.normal(kind, distinct, country)
