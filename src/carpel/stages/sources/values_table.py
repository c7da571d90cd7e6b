"""One table of typed values a source: a row for every row read, a column for every value wanted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlglot import exp

from carpel.engine.base import Engine
from carpel.engine.query import Tree, aliased, column, query, table
from carpel.reading import FILE, ROW, Home, Rows, Typed, typed
from carpel.specs import Source
from carpel.specs.source import ColumnType
from carpel.stages.sources.regular import Regular, regular
from carpel.stages.sources.wanted import Wanted, found_in

CONTENT = "_content"
"""Fingerprint of everything in the row."""


@dataclass
class Values:
    """How each value of a source is read, by its key."""

    wanted: Mapping[str, Wanted]
    types: dict[str, ColumnType] = field(default_factory=dict)
    checked: set[str] = field(default_factory=set)
    """Keys with a column `bad_<key>`: true where the file says something unreadable."""
    regular: dict[str, Regular] = field(default_factory=dict)
    facts: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def starting(self, prefix: str) -> list[str]:
        """Keys that begin so, in order."""
        return [key for key in self.types if key.startswith(prefix)]

    def bad(self, key: str) -> Tree:
        """Whether a value of the file cannot be read."""
        if key not in self.checked:
            return query("false")
        return query("coalesce(:b, false)", b=column(f"bad_{key}"))

    def column(self, key: str) -> str:
        """The file's column behind a value; empty for a constant."""
        return self.wanted[key].spec.column or ""


class Reader:
    """Turns the rows of one source into typed values."""

    def __init__(
        self, engine: Engine, rows: Rows, source: Source, home: Home, country: str | None
    ) -> None:
        self.engine, self.rows, self.source = engine, rows, source
        self.home, self.country = home, country
        self.tree = exp.select().from_(
            exp.Subquery(this=rows.tree.copy(), alias=exp.TableAlias(this=exp.to_identifier("r")))
        )

    def read(
        self, asked: Iterable[Wanted], further: Mapping[str, Tree]
    ) -> tuple[Values, exp.Select]:
        """How all values are read, and the query of them, with further columns over the file's."""
        asked = list(asked)
        done = Values({each.key: each for each in asked})
        chosen = [column(FILE, "r"), column(ROW, "r"), aliased(content(self.rows), CONTENT)]
        for each in asked:
            chosen += self._columns(each, done)
        more = [aliased(tree, key) for key, tree in further.items()]
        return done, self.tree.select(*chosen, *more)

    def _columns(self, each: Wanted, done: Values) -> list[Tree]:
        reading = typed(
            self.engine,
            self.rows,
            found_in(each.spec, self.rows, self.source),
            self.home,
            each.type,
        )
        if each.normal:
            reading = self._regular(each, reading, done)
        done.types[each.key] = reading.type
        if reading.facts:
            done.facts[each.key] = reading.facts
        if reading.malformed is None:
            return [aliased(reading.value, each.key)]
        done.checked.add(each.key)
        return [aliased(reading.value, each.key), aliased(reading.malformed, f"bad_{each.key}")]

    def _regular(self, each: Wanted, reading: Typed, done: Values) -> Typed:
        held = f"regular_{self.source.name}_{each.key}"
        done.regular[each.key] = regular(
            self.engine, self.rows.tree, reading.value, str(each.normal), self.country, held
        )
        raw, value = column("raw", held), column("value", held)
        self.tree = self.tree.join(
            table(held), on=query(":raw = :v", raw=raw, v=reading.value), join_type="left"
        )
        return Typed("text", value, query("(:raw IS NOT NULL AND :v IS NULL)", raw=raw, v=value))


def content(rows: Rows) -> Tree:
    """Fingerprint of a whole row, the same whatever kind of file it stands in."""
    cells = [query("coalesce(CAST(:c AS VARCHAR), '')", c=column(name)) for name in rows.columns]
    return query("md5_number_lower(concat_ws(chr(31), :cells))", cells=cells)
