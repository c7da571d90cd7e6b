"""Traits and places in memory: clauses are decided once for each different value.

There are far fewer ages and towns than people. Numbers are compared as they are.
"""

from array import array
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import pyarrow as pa
from pyroaring import BitMap
from sqlglot import exp

from carpel.engine.base import Engine
from carpel.engine.query import Tree, aliased, query, table
from carpel.evaluation.bitmaps import flagged
from carpel.evaluation.catalogue import Catalogue, Fact
from carpel.evaluation.counting.rows import CUSTOMER, Array, Column, coded, plain
from carpel.evaluation.counting.told import of_different
from carpel.evaluation.counting.verdicts import (
    Among,
    Flags,
    comparable,
    compared,
    places,
)
from carpel.evaluation.measures import Atom
from carpel.evaluation.sets import Sets
from carpel.language import Comparison

LISTS = "different_lists"
MISSING = Column(np.zeros(1), np.array([False]))


@dataclass(frozen=True)
class Values:
    """What customers have, as numbers; or as numbers of the different values there are."""

    of: Column
    different: pa.Array | None = None

    @cached_property
    def where(self) -> Array:
        """For each customer where the verdict on what they have is, among those on all values."""
        return places(self.of)


@dataclass(frozen=True)
class Customers:
    """Those of whom a table has a row, in its order."""

    keys: Array

    @cached_property
    def _ascend(self) -> bool:
        return bool(np.all(self.keys[1:] > self.keys[:-1]))

    @cached_property
    def gathered(self) -> Callable[[Array], BitMap]:
        """How to gather customers by flags; of customers in order it is quick."""
        return partial(flagged if self._ascend else _listed, self.keys)

    def place(self, customer: int) -> int | None:
        """Where a customer is, if there; of customers in order it is quick."""
        key = self.keys.dtype.type(customer)  # or all keys were cast
        if not self._ascend:
            found = np.flatnonzero(self.keys == key)
            return int(found[0]) if len(found) else None
        place = int(np.searchsorted(self.keys, key))
        return place if place < len(self.keys) and self.keys[place] == key else None

    @cached_property
    def all(self) -> BitMap:
        """All of them."""
        return self.gathered(np.ones(len(self.keys), bool))


def is_fact(atom: Atom) -> bool:
    """Whether an atom is about a value that each customer has one of, and can be had in memory."""
    measure, comparison = atom.measure, atom.comparison
    if not isinstance(measure, Fact):
        return False
    numeric = isinstance(comparison, Comparison) and comparable(comparison, measure.kind)
    return numeric or measure.kind != "number"


class Facts:
    """What customers have, read once and kept: the tables of a build stay as they are."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._kept: dict[Fact, tuple[Customers, Values]] = {}

    def decided(self, atoms: Iterable[Atom], universe: BitMap) -> Iterator[dict[Atom, Sets]]:
        """Give the sets of atoms of which each `is_fact`, as they come."""
        by_fact: dict[Fact, list[Atom]] = {}
        for each in atoms:
            by_fact.setdefault(_fact(each), []).append(each)
        for facts in _read_together(by_fact):
            self._read(facts)
            for fact in facts:
                yield self._sets(fact, by_fact[fact], universe)

    def keep(self, atoms: Iterable[Atom]) -> None:
        """Read what such atoms are about."""
        for facts in _read_together(dict.fromkeys(map(_fact, atoms))):
            self._read(facts)

    def moment(self, fact: Fact, customer: int) -> int | None:
        """The one day (since 1970) or instant (microseconds) that a customer has of a fact."""
        if fact not in self._kept:
            self._read([fact])
        of_whom, values = self._kept[fact]
        found = of_whom.place(customer)
        if found is None or values.different is None:
            return None
        if values.of.there is not None and not values.of.there[found]:
            return None
        return int(values.different[int(values.of.values[found])].value)

    def _read(self, facts: Iterable[Fact]) -> None:
        fresh = [each for each in facts if each not in self._kept]
        if fresh:
            keys, found = _rows(fresh, self.catalogue.engine)
            whose = Customers(keys)
            self._kept |= {each: (whose, values) for each, values in zip(fresh, found, strict=True)}

    def _sets(self, fact: Fact, atoms: Sequence[Atom], universe: BitMap) -> dict[Atom, Sets]:
        whose, values = self._kept[fact]
        among = Among(whose.gathered, universe, lambda: whose.all)
        return _sets(values, atoms, among, self.catalogue)


def _fact(atom: Atom) -> Fact:
    assert isinstance(atom.measure, Fact)
    return atom.measure


def _read_together(facts: Iterable[Fact]) -> list[list[Fact]]:
    """Those of one table; a list by itself, as Arrow does not number lists."""
    groups: dict[Hashable, list[Fact]] = {}
    for each in facts:
        groups.setdefault(each if each.kind == "list" else each.table, []).append(each)
    return list(groups.values())


def _rows(facts: Sequence[Fact], engine: Engine) -> tuple[Array, list[Values]]:
    """Customers and what they have."""
    if facts[0].kind == "list":
        return _of_lists(facts[0], engine)
    rows = engine.fetch(_selected({f"m{index}": fact for index, fact in enumerate(facts)}))
    found = [_values(values, fact) for values, fact in zip(rows.columns[1:], facts, strict=True)]
    return plain(rows.column(0)).values, found


def _listed(keys: Array, flags: Array) -> BitMap:
    return BitMap(array("I", keys[flags].tobytes()))


def _selected(facts: dict[str, Fact]) -> exp.Select:
    values = [aliased(_value(fact), name) for name, fact in facts.items()]
    key = aliased(query("CAST(customer AS UINTEGER)"), CUSTOMER)
    return exp.select(key, *values).from_(table(next(iter(facts.values())).table))


def _value(fact: Fact) -> Tree:
    return query("CAST(:x AS DOUBLE)", x=fact.value) if fact.kind == "number" else fact.value.copy()


def _values(values: pa.ChunkedArray, fact: Fact) -> Values:
    return Values(plain(values)) if fact.kind == "number" else Values(*coded(values))


def _of_lists(fact: Fact, engine: Engine) -> tuple[Array, list[Values]]:
    """The same of a list: the engine numbers the different ones."""
    rows = _selected({"it": fact})
    engine.create(
        LISTS,
        query(
            "SELECT CAST(row_number() OVER () - 1 AS INTEGER) AS number, it "
            "FROM (SELECT DISTINCT it FROM :rows AS r WHERE it IS NOT NULL) AS d",
            rows=rows,
        ),
    )
    found = engine.fetch(
        query(
            "SELECT r.customer, d.number FROM :rows AS r LEFT JOIN :d AS d ON d.it = r.it",
            rows=rows,
            d=table(LISTS),
        )
    )
    different = engine.fetch(query("SELECT it FROM :d AS d ORDER BY number", d=table(LISTS)))
    engine.drop(LISTS)
    values = Values(plain(found.column(1)), different.column(0).combine_chunks())
    return plain(found.column(0)).values, [values]


def _sets(
    values: Values, atoms: Sequence[Atom], among: Among, catalogue: Catalogue
) -> dict[Atom, Sets]:
    if values.different is None:
        pairs = [(_compared(values.of, each), _compared(MISSING, each)) for each in atoms]
    else:
        said = of_different(values.different, list(atoms), catalogue)
        last = (each.part(slice(-1, None)) for each in said)
        pairs = list(zip(_taken(said, values.where), last, strict=True))
    return {atom: among.sets(*pair) for atom, pair in zip(atoms, pairs, strict=True)}


def _taken(said: Iterable[Flags], where: Array) -> Iterator[Flags]:
    """The verdicts at these places; whose is not known is mostly the same for all."""
    known: dict[bytes, Array] = {}
    for each in said:
        there, told = each.there, b"" if each.there is None else each.there.tobytes()
        if there is not None and told not in known:
            known[told] = there.take(where)
        yield Flags(each.values.take(where), known.get(told))


def _compared(values: Column, atom: Atom) -> Flags:
    assert isinstance(atom.comparison, Comparison)
    return compared(values, atom.comparison, atom.measure.kind)
