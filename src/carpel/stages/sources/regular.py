"""Identifiers and names made regular: each distinct value once, the fixes counted."""

from collections import Counter
from dataclasses import dataclass, field

import pyarrow as pa

from carpel import values
from carpel.engine.base import Engine
from carpel.engine.query import Tree, query
from carpel.reading.rows import inner
from carpel.stages.sources.wanted import Wanted

PLACEHOLDER = "placeholder"
"""Why a value is none that stands only for there being nothing."""


@dataclass(frozen=True)
class Regular:
    """A table (raw_<key>, looked_<key>) of a column's distinct values, and what became of them."""

    table: str
    fixes: Counter[str] = field(default_factory=Counter)
    """Rows whose value was changed, by how."""
    refused: Counter[str] = field(default_factory=Counter)
    """Rows whose value is none, by why."""


def regular(
    engine: Engine, rows: Tree, value: Tree, wanted: Wanted, country: str | None, source: str
) -> Regular:
    """Make the distinct values of a text expression regular, as a table.

    One that cannot be is none; wanted `as_written` it stays as it is, unless it says nothing.
    """
    distinct = engine.fetch(
        query(
            "SELECT count(*) AS n, :value AS raw FROM :rows WHERE :value IS NOT NULL GROUP BY 2",
            value=value,
            rows=inner(rows),
        )
    )
    raw, counts = distinct["raw"].to_pylist(), distinct["n"].to_pylist()
    key, done = wanted.key, Regular(f"regular_{source}_{wanted.key}")
    made = values.normal(str(wanted.normal), raw, country)
    for each, n in zip(made, counts, strict=True):
        if each.value is None:
            done.refused[each.reason] += n
        elif each.fix:
            done.fixes[each.fix] += n
    kept = [
        text if wanted.as_written and each.reason not in ("", PLACEHOLDER) else each.value
        for text, each in zip(raw, made, strict=True)
    ]
    looked = pa.array(kept, pa.string())
    engine.register(
        done.table, pa.table({f"raw_{key}": pa.array(raw, pa.string()), f"looked_{key}": looked})
    )
    return done
