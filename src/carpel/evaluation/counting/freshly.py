"""Events since the build, read as the build's own rows are: one query for all of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow.compute import equal
from sqlglot import exp

from carpel.engine.base import Engine
from carpel.engine.query import aliased, column, literal, settled
from carpel.evaluation.alone import FRESH, as_columns, as_rows
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.counting.one import OfEvent
from carpel.evaluation.counting.personal import Fresh
from carpel.evaluation.counting.rows import plain
from carpel.evaluation.relation import instead_of
from carpel.tables import REFUND_ONLY

Row = Mapping[str, Any]
NUMBER = "number"
"""The column that says of which event a row is."""


class Freshly:
    """Reads fresh rows of these events; its queries are made once."""

    def __init__(self, catalogue: Catalogue, events: Iterable[OfEvent]) -> None:
        self.catalogue = catalogue
        self.events = {each.name: each for each in events}
        self._numbers = {name: number for number, name in enumerate(self.events)}
        self._texts = {name: self._text(each) for name, each in self.events.items()}

    def _text(self, of: OfEvent) -> str:
        home, number = self.catalogue.event(of.name), self._numbers[of.name]
        things = list(of.event.properties)
        described = {each.table.removeprefix("described_") for each in things if each.table != home}
        rows = self.catalogue.rows(of.name, described).select(
            aliased(literal(number), NUMBER),
            *(column(each, home) for each in ("at", "event_key")),
            *(aliased(each.copy(), f"p{number}_{index}") for index, each in enumerate(things)),
        )
        ours = as_rows(self.catalogue, of.name, 0, _before(number)).where(
            column(NUMBER).eq(literal(number))
        )
        return self.catalogue.engine.text(instead_of(rows, home, ours))

    def read(
        self, engine: Engine, catalogue: Catalogue, fresh: Mapping[str, Sequence[Row]]
    ) -> dict[str, Fresh]:
        """The rows that count, by event; `engine` is a session of its own.

        Raises NotFound or RuleError for a fresh event that the build could not hold.
        """
        there = {name: fresh[name] for name in self.events if fresh.get(name)}
        found = {name: self._as_they_are(catalogue, name, rows) for name, rows in there.items()}
        asked = [name for name, each in found.items() if each is None]
        if asked:
            parts = [self._columns(catalogue, name, there[name]) for name in asked]
            engine.register(FRESH, pa.concat_tables(parts, promote_options="default"))
            rows = engine.fetch(settled([self._texts[name] for name in asked]))
            found |= {name: self._fresh(name, rows) for name in asked}
        return {name: each for name, each in found.items() if each is not None}

    def _as_they_are(self, catalogue: Catalogue, name: str, rows: Sequence[Row]) -> Fresh | None:
        """Rows of which nothing is looked up; None when the engine has to say what they are."""
        home, things = catalogue.event(name), self.events[name].event.properties
        if any(each.table != home for each in things) or any(REFUND_ONLY in row for row in rows):
            return None
        columns = as_columns(catalogue, name, rows)
        try:
            values = {
                thing: pa.array(columns[thing.name].to_pylist(), coded.different.type)
                for thing, coded in things.items()
            }
        except pa.ArrowInvalid:  # such as half of a whole number
            return None
        at, keys = (plain(pa.chunked_array([columns[each]])).values for each in ("at", "event_key"))
        return Fresh(at, keys, values)

    def _columns(self, catalogue: Catalogue, name: str, rows: Sequence[Row]) -> pa.Table:
        number = self._numbers[name]
        columns = as_columns(catalogue, name, rows)
        numbers = pa.array([number] * len(rows), pa.int64())
        own = {_before(number) + each: values for each, values in columns.items()}
        return pa.table({NUMBER: numbers, **own})

    def _fresh(self, name: str, found: pa.Table) -> Fresh:
        number = self._numbers[name]
        rows = found.filter(equal(found.column(NUMBER), number))
        at, keys = (plain(rows.column(each)).values for each in ("at", "event_key"))
        values: dict[exp.Column, pa.Array] = {
            thing: rows.column(f"p{number}_{index}").combine_chunks()
            for index, thing in enumerate(self.events[name].event.properties)
        }
        return Fresh(at, keys.astype(np.uint64, copy=False), values)


def _before(number: int) -> str:
    return f"e{number}_"
