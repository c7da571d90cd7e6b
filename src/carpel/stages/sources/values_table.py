"""One table of typed values a source: a row for every row read, a column for every value wanted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlglot import exp

from carpel.engine.base import Engine
from carpel.engine.query import Tree, aliased, column, name, query, table
from carpel.reading import (
    FILE,
    ROW,
    Home,
    Rows,
    Shapes,
    Typed,
    as_text,
    told_by_shapes,
    typed,
)
from carpel.reading.rows import inner
from carpel.specs import Source
from carpel.specs.column import ColumnType
from carpel.stages.sources.births import possible, refused
from carpel.stages.sources.regular import COUNTRY, POSTCODE, Regular, beside, regular
from carpel.stages.sources.wanted import Wanted, found_in

WIDTH = 24
"""Columns that are typed by one query."""
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
    refused: dict[str, dict[str, int]] = field(default_factory=dict)
    """Rows whose value of a key is none, by why, beside those of `regular`."""
    held: list[str] = field(default_factory=list)
    """Tables that the values stand in until they are computed."""

    def share(self, homes: Mapping[str, str]) -> None:
        """Take over of each key what is known of its home, the key that its value is read under."""
        self.types = {key: self.types[home] for key, home in homes.items()}
        self.checked = {key for key, home in homes.items() if home in self.checked}
        known: tuple[dict[str, Any], ...] = (self.regular, self.facts, self.refused)
        for told in known:
            told |= {key: told[home] for key, home in homes.items() if home in told}

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
        self,
        engine: Engine,
        rows: Rows,
        source: Source,
        home: Home,
        country: str | None,
        clock: datetime,
    ) -> None:
        self.engine, self.rows, self.source = engine, rows, source
        self.home, self.country, self.clock = home, country, clock
        self.shapes = Shapes(engine, rows.tree)

    def read(
        self, asked: Iterable[Wanted], further: Mapping[str, Tree]
    ) -> tuple[Values, exp.Select]:
        """How all values are read, and the query of them, with further columns over the file's.

        What several events take from a row alike is read once.
        """
        done = Values({each.key: each for each in asked})
        homes = _homes(done.wanted.values())
        once = [each for key, each in done.wanted.items() if homes[key] == key]
        self._look_ahead(once)
        ways = {each.key: self._way(each, done) for each in once}
        done.share(homes)
        keys = list(ways)
        groups = [
            {key: ways[key] for key in keys[start : start + WIDTH]}
            for start in range(0, max(1, len(keys)), WIDTH)
        ]
        trees = [self._typed(group, {} if n else further, done) for n, group in enumerate(groups)]
        whole = trees[0] if len(trees) == 1 else self._side_by_side(trees, done)
        return done, _by_every_key(whole, homes, done)

    def _side_by_side(self, trees: Sequence[exp.Select], done: Values) -> exp.Select:
        """Many columns, a group at a time: an engine needs memory for all steps of a query."""
        for number, tree in enumerate(trees):
            held = f"typed_{self.source.name}_{number}"
            self.engine.create(held, tree)
            done.held.append(held)
        whole = exp.select(exp.Star()).from_(table(done.held[0]))
        for held in done.held[1:]:
            whole = whole.join(table(held), using=[name(FILE), name(ROW)])
        return whole

    def _typed(
        self, ways: Mapping[str, Typed], further: Mapping[str, Tree], done: Values
    ) -> exp.Select:
        """One step a level, so that no step is computed at each place that needs it: what is
        said, the value as written, as settled, and whether something said was unreadable."""
        first = [column(FILE), column(ROW), *(aliased(each, key) for key, each in further.items())]
        first += [aliased(way.said, f"said_{key}") for key, way in ways.items()]
        tree = self._looked_up(exp.select(*first).from_(inner(self.rows.tree)), ways, done)
        tree = _further(
            tree, {f"read_{key}": way.read(column(f"said_{key}")) for key, way in ways.items()}
        )
        tree = _further(
            tree,
            {
                key: way.settle(column(f"said_{key}"), column(f"read_{key}"))
                for key, way in ways.items()
            },
        )
        kept = [
            *(column(name) for name in (FILE, ROW, *further, *ways)),
            *(aliased(_unreadable(key), f"bad_{key}") for key in ways if key in done.checked),
        ]
        return exp.select(*kept).from_(inner(tree))

    def _look_ahead(self, asked: Iterable[Wanted]) -> None:
        """Find the shapes of all columns that are read by them."""
        specs = [(found_in(each.spec, self.rows, self.source), each.type) for each in asked]
        self.shapes.ahead(
            [
                as_text(self.rows, spec)
                for spec, kind in specs
                if told_by_shapes(self.rows, spec, kind)
            ]
        )

    def _way(self, each: Wanted, done: Values) -> Typed:
        way = typed(
            self.engine,
            self.rows,
            found_in(each.spec, self.rows, self.source),
            self.home,
            each.type,
            self.shapes,
        )
        if each.normal:
            way = self._regular(each, way, done)
        if each.birth:
            way = self._birth(each.key, way, done)
        done.types[each.key] = way.type
        if way.facts:
            done.facts[each.key] = way.facts
        if way.checked:
            done.checked.add(each.key)
        return way

    def _regular(self, each: Wanted, way: Typed, done: Values) -> Typed:
        """The same text, but read by looking it up among the values made regular."""
        place = done.wanted.get(COUNTRY) if each.normal == POSTCODE else None
        value = beside(way.value, self._text(place)) if place and place.normal else way.value
        done.regular[each.key] = regular(
            self.engine, self.rows.tree, value, each, self.country, self.source.name
        )
        looked = column(f"looked_{each.key}")
        return Typed("text", value, lambda _: looked, checked=not each.as_written)

    def _text(self, each: Wanted) -> Tree:
        spec = found_in(each.spec, self.rows, self.source)
        return typed(self.engine, self.rows, spec, self.home, "text", self.shapes).value

    def _birth(self, key: str, way: Typed, done: Values) -> Typed:
        """The same, without days that nobody alive was born on."""
        if way.type not in ("date", "instant"):
            return way
        clock = self.clock.replace(tzinfo=None)
        if why := refused(self.engine, self.rows, way, clock):
            done.refused[key] = why
        return possible(way, clock)

    def _looked_up(self, tree: exp.Select, ways: Mapping[str, Typed], done: Values) -> exp.Select:
        """With the regular form of each text that has one, as `looked_<key>`."""
        joined = exp.select(exp.Star()).from_(inner(tree))
        for key, each in done.regular.items():
            if key not in ways:
                continue
            same = query(":a = :b", a=column(f"raw_{key}"), b=column(f"said_{key}"))
            joined = joined.join(table(each.table), join_type="left", on=same)
        return joined


def _homes(asked: Iterable[Wanted]) -> dict[str, str]:
    """By key the first key that asks for the same of the same column."""
    first: dict[str, str] = {}
    return {each.key: first.setdefault(repr(replace(each, key="")), each.key) for each in asked}


def _by_every_key(whole: exp.Select, homes: Mapping[str, str], done: Values) -> exp.Select:
    others = {key: home for key, home in homes.items() if home != key}
    named = {key: column(home) for key, home in others.items()}
    bad = {f"bad_{k}": column(f"bad_{home}") for k, home in others.items() if k in done.checked}
    return _further(whole, {**named, **bad}) if others else whole


def _further(tree: exp.Select, columns: Mapping[str, Tree]) -> exp.Select:
    more = [aliased(each, key) for key, each in columns.items()]
    return exp.select(exp.Star(), *more).from_(inner(tree))


def _unreadable(key: str) -> Tree:
    return query("(:s IS NOT NULL AND :v IS NULL)", s=column(f"said_{key}"), v=column(key))


def content(rows: Rows) -> Tree:
    """Fingerprint of a whole row, the same whatever kind of file it stands in."""
    names = rows.own or rows.columns
    cells = [query("coalesce(CAST(:c AS VARCHAR), '')", c=column(name)) for name in names]
    return query("md5_number_lower(concat_ws(chr(31), :cells))", cells=cells)
