"""Identifiers and names made regular: each distinct value once, the fixes counted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from carpel import values
from carpel.engine.base import Engine
from carpel.engine.query import Tree, query
from carpel.reading.rows import inner
from carpel.stages.sources.wanted import Wanted

PLACEHOLDER = "placeholder"
"""Why a value is none that stands only for there being nothing."""
POSTCODE = "postcode"
COUNTRY = "t_country"
"""The key of what a row says of the country that its postcode is of."""
BETWEEN = "\x1f"


@dataclass(frozen=True)
class Regular:
    """A table (raw_<key>, looked_<key>) of a column's distinct values, and what became of them."""

    table: str
    fixes: Counter[str] = field(default_factory=Counter)
    """Rows whose value was changed, by how."""
    refused: Counter[str] = field(default_factory=Counter)
    """Rows whose value is none, by why."""


def beside(value: Tree, place: Tree) -> Tree:
    """A postcode and what its row says of the country, as one text."""
    return query(
        "(:value) || :mark || coalesce(:place, '')", value=value, place=place, mark=BETWEEN
    )


def regular(
    engine: Engine, rows: Tree, value: Tree, wanted: Wanted, country: str | None, source: str
) -> Regular:
    """Make the distinct values of a text expression regular, as a table.

    One that cannot be is none; wanted `as_written` it stays as it is, unless it says nothing.
    Texts may be those of `beside`: then the row's own country decides, where it names one.
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
    made = _made(str(wanted.normal), raw, country)
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


def _made(kind: str, raw: Sequence[str], country: str | None) -> list[values.Normal]:
    if kind != POSTCODE or not any(BETWEEN in text for text in raw):
        return values.normal(kind, raw, country)
    split = [text.rpartition(BETWEEN) for text in raw]
    places = list({place for _, _, place in split})
    said = dict(zip(places, values.normal("country", places), strict=True))
    return values.placed(
        [(code, said[place].value or _unsaid(said[place], country)) for code, _, place in split]
    )


def _unsaid(place: values.Normal, country: str | None) -> str | None:
    """The country where none is named; none where one is named that nobody knows."""
    return country if place.reason in ("empty", PLACEHOLDER) else None
