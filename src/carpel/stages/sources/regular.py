"""Identifiers and names made regular: each distinct value once, the fixes counted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from carpel import values
from carpel.engine.base import Engine
from carpel.engine.query import Tree, query
from carpel.reading.rows import inner

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
    engine: Engine,
    rows: Tree,
    value: Tree,
    kind: str,
    country: str | None,
    source: str,
    key: str,
    *,
    as_written: bool = False,
) -> Regular:
    """Make the distinct values of a text expression regular, as a table.

    One that cannot be is none; with `as_written` it stays as it is, unless it says nothing.
    """
    distinct = engine.fetch(
        query(
            "SELECT count(*) AS n, :value AS raw FROM :rows WHERE :value IS NOT NULL GROUP BY 2",
            value=value,
            rows=inner(rows),
        )
    )
    raw, counts = distinct["raw"].to_pylist(), distinct["n"].to_pylist()
    done = Regular(f"regular_{source}_{key}")
    made = normalised(kind, raw, country)
    for each, n in zip(made, counts, strict=True):
        if each.value is None:
            done.refused[each.reason] += n
        elif each.fix:
            done.fixes[each.fix] += n
    kept = [
        text if as_written and each.reason not in ("", PLACEHOLDER) else each.value
        for text, each in zip(raw, made, strict=True)
    ]
    looked = pa.array(kept, pa.string())
    engine.register(
        done.table, pa.table({f"raw_{key}": pa.array(raw, pa.string()), f"looked_{key}": looked})
    )
    return done


def normalised(kind: str, distinct: Sequence[str], country: str | None) -> list[values.Normal]:
    """The one place where values are handed over to be made regular."""
    return values.normal(kind, distinct, country)
