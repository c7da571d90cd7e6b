"""Many figures of one customer at once: a figure stands where elsewhere a customer does.

So the same counting serves both. Which conditions a stored row meets is looked up by the numbers
of its values; of fresh rows the engine says it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from sqlglot import exp

from carpel.engine.base import Engine
from carpel.engine.query import Tree
from carpel.evaluation.counting.few import tally_of
from carpel.evaluation.counting.figures import Counting, figures
from carpel.evaluation.counting.filters import conditions_of
from carpel.evaluation.counting.kept import Event, Kept, about_it
from carpel.evaluation.counting.readings import EDGES, WHOLE
from carpel.evaluation.counting.rows import Array, Column, Doings, plain
from carpel.evaluation.counting.verdicts import ORDERED, Flags, comparable, compared, ranked, told
from carpel.evaluation.fitting import fitted
from carpel.evaluation.measures import Atom
from carpel.language import Comparison

Thing = exp.Column
Group = tuple[str, Thing | None]


@dataclass(frozen=True)
class Fresh:
    """Rows that no build holds yet."""

    at: Array
    keys: Array
    values: Mapping[Thing, pa.Array]


@dataclass(frozen=True)
class Did:
    """The rows of one customer, and which conditions each of them meets."""

    at: Array
    keys: Array
    true: Array
    known: Array
    stored: Array
    """The places of those that are not fresh."""
    fresh: Fresh | None
    things: dict[tuple[int, bool | None], Column] = field(default_factory=dict)
    """What is counted of each row, as it was asked for."""

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.at)


class OfEvent:
    """What is asked about one event: figures, and `when` something was done that steps are made of.

    All of them can be kept.
    """

    def __init__(self, event: str, atoms: Sequence[Atom], when: Sequence[Atom], kept: Kept) -> None:
        self.name, self.atoms, self.when, self.kept = event, atoms, when, kept
        tallies = [tally_of(each) for each in (*atoms, *when)]
        self.conditions: dict[Tree, int] = {}
        self.filters = {each: number for number, each in enumerate({t.filters: 0 for t in tallies})}
        parts = [[self._condition(part) for part in conditions_of(each)] for each in self.filters]
        self.said = {each: self._condition(_verdict(each, kept)) for each in filter(_told, atoms)}
        self.of = np.array([self.filters[tally_of(each).filters] for each in atoms], np.intp)
        most = max(map(len, parts), default=0)
        everything = len(self.conditions)
        self.parts = np.array([[*p, *[everything] * (most - len(p))] for p in parts], np.intp)
        asked = {name: None for each in tallies for name in kept.properties(each) or ()}
        self.event: Event = kept.event(event, asked)
        self.event.by_customer()
        self._numbered: dict[Thing, dict[Any, int]] = {}
        self._lookups = list(self._looked_up())
        self.of_nothing = self._of_nothing()
        self.groups = list(self._groups())

    def _condition(self, condition: Tree) -> int:
        return self.conditions.setdefault(condition, len(self.conditions))

    def _looked_up(self) -> Iterable["Lookup"]:
        """What each value of each property says of the conditions that are about it."""
        by_name: dict[Thing, list[Tree]] = {}
        engine = self.kept.catalogue.engine
        for each in self.conditions:
            by_name.setdefault(next(each.find_all(exp.Column)), []).append(each)
        for name, some in by_name.items():
            places = np.array([self.conditions[each] for each in some])
            about = [about_it(each) for each in some]
            yield _lookup(name, places, self.event.properties[name].different, about, engine)

    @cached_property
    def _nobody(self) -> Did:
        """Of somebody who did nothing."""
        nothing, flags = np.zeros(0, np.intp), np.zeros((0, len(self.conditions) + 1), bool)
        return Did(nothing, nothing, flags, flags, nothing, None)

    def _of_nothing(self) -> Did:
        """What conditions say of a row without any value."""
        true, known = (np.ones((1, len(self.conditions) + 1), bool) for _ in range(2))
        for each in self._lookups:
            true[0, each.places], known[0, each.places] = each.true[-1], each.known[-1]
        nothing = np.zeros(0, np.intp)
        return Did(nothing, nothing, true, known, nothing, None)

    def _groups(self) -> Iterable["Figures"]:
        groups: dict[Group, list[int]] = {}
        for number, each in enumerate(self.atoms):
            tally = tally_of(each)
            thing = tally.thing if isinstance(tally.thing, exp.Column) else None
            groups.setdefault((tally.word, thing), []).append(number)
        for (word, thing), some in groups.items():
            yield Figures(self, word, thing, np.array(some))

    def did(self, customer: int, fresh: Fresh | None, engine: Engine) -> Did:
        """What a customer did, by what is stored and what is fresh."""
        stored = self.event.of(customer)
        old, many = len(stored), len(stored) + (len(fresh.at) if fresh else 0)
        true, known = (np.ones((many, len(self.conditions) + 1), bool) for _ in range(2))
        for each in self._lookups:
            codes = self.event.properties[each.name].codes[stored]
            true[:old, each.places], known[:old, each.places] = each.true[codes], each.known[codes]
            if fresh is not None:
                said = self._of_fresh(each, fresh.values[each.name], engine)
                true[old:, each.places], known[old:, each.places] = said
        at, keys = self.event.at[stored], self.event.keys[stored]
        if fresh is not None:
            at, keys = np.append(at, fresh.at), np.append(keys, fresh.keys)
        return Did(at, keys, true, known, stored, fresh)

    def _of_fresh(self, lookup: "Lookup", values: pa.Array, engine: Engine) -> tuple[Array, Array]:
        """The conditions on fresh values: as on those that are stored, or asked of anew."""
        if pa.types.is_string(values.type):
            codes = self.codes(lookup.name, values)
            if codes.max(initial=0) < len(lookup.true):
                return lookup.true[codes], lookup.known[codes]
        fresh = _lookup(lookup.name, lookup.places, values, lookup.conditions, engine)
        return fresh.true[:-1], fresh.known[:-1]

    def codes(self, name: Thing, values: pa.Array) -> Array:
        """The numbers of these values, the missing one among them; new ones get more."""
        if name not in self._numbered:
            different = self.event.properties[name].different.to_pylist()
            self._numbered[name] = {each: number for number, each in enumerate([*different, None])}
        known, fresh = self._numbered[name], dict[Any, int]()
        listed = values.to_pylist()
        return np.array(
            [
                known[each] if each in known else fresh.setdefault(each, len(known) + len(fresh))
                for each in listed
            ],
            np.int64,
        )

    def meant(self, did: Did) -> Array:
        """Which rows each filter means: a row a row, a column a filter."""
        found: Array = np.ones((did.size, len(self.filters)), bool)
        for each in self.parts.T:
            found &= did.true[:, each]
        return found

    def happened(self, did: Did) -> list[Array]:
        """When each of those things was done that steps are made of."""
        meant = self.meant(did).T[self._whens] if self.when else ()
        return [did.at[each] for each in meant]

    @cached_property
    def _whens(self) -> list[int]:
        return [self.filters[tally_of(each).filters] for each in self.when]

    def verdicts(self, did: Did, starts: Array, ends: Array) -> Array:
        """The verdicts of all atoms: 0 is no, 1 unknown, 2 yes; windows in microseconds."""
        at = did.at[:, None]
        counted = self.meant(did)[:, self.of] & (at >= starts) & (at < ends)
        found = self._of_none.copy()
        with np.errstate(over="ignore", invalid="ignore"):  # infinities and no numbers go on
            for group in self.groups:
                some = counted[:, group.places]
                if some.any():
                    found[group.places] = _as_numbers(group.held(did, some))
        return found

    @cached_property
    def _of_none(self) -> Array:
        """The verdicts when no row is counted."""
        found = np.zeros(len(self.atoms), np.int8)
        for group in self.groups:
            nothing = np.zeros((0, len(group.places)), bool)
            found[group.places] = _as_numbers(group.held(self._nobody, nothing))
        return found


def _as_numbers(held: Flags) -> Array:
    there = True if held.there is None else held.there
    return np.where(there, 2 * held.values.astype(np.int8), 1)


class Figures:
    """Atoms about one event that count the same in one word: of other rows, compared otherwise."""

    def __init__(self, asked: OfEvent, word: str, thing: Thing | None, places: Array) -> None:
        self.asked, self.word, self.thing, self.places = asked, word, thing, places
        by_comparison: dict[Comparison, list[int]] = {}
        self.told: list[tuple[int, int]] = []
        """Places of atoms in the group whose verdict is that of a row, and by which condition."""
        for place, number in enumerate(places):
            atom = asked.atoms[number]
            if atom in asked.said:
                self.told.append((place, asked.said[atom]))
            else:
                assert isinstance(atom.comparison, Comparison)
                by_comparison.setdefault(atom.comparison, []).append(place)
        self.kind = asked.atoms[places[0]].measure.kind
        self.comparing = _Comparing(by_comparison, self.kind)

    def held(self, did: Did, counted: Array) -> Flags:
        """The verdicts of the group, whose rows are counted where it is true."""
        rows, who = np.nonzero(counted)
        columns = self._columns(did, rows)
        doings = Doings(who, len(self.places), None, np.array([len(rows)]), columns)
        (found,) = figures(Counting(self.word, "it"), doings)
        return self._of_rows(did, found) if self.word in EDGES else self.comparing.held(found)

    def _columns(self, did: Did, rows: Array) -> Mapping[str, Column]:
        if self.thing is None:
            return {}
        values = self._things(did)
        if self.word not in EDGES:
            return {"it": values.taken_at(rows)}
        there = None if values.there is None else values.there[rows]
        return {"it": Column(rows, there), "at": Column(did.at[rows]),
                "event_key": Column(did.keys[rows])}  # fmt: skip

    def _of_rows(self, did: Did, rows: Column) -> Flags:
        """The verdicts by the first, or last, rows."""
        assert rows.there is not None
        things = np.append(self._things(did).values, 0)  # without any row there is none to take
        found = self.comparing.held(Column(things[rows.values], rows.there))
        held = found.values
        there = np.ones(len(held), bool) if found.there is None else found.there
        for place, condition in self.told:
            said = did if rows.there[place] else self.asked.of_nothing
            row = rows.values[place] if rows.there[place] else 0
            held[place], there[place] = said.true[row, condition], said.known[row, condition]
        return Flags(held & there, there)

    def _things(self, did: Did) -> Column:
        """What is counted of each row."""
        if self._key not in did.things:
            did.things[self._key] = self._taken(did)
        return did.things[self._key]

    @cached_property
    def _key(self) -> tuple[int, bool | None]:
        """What is counted and how, as something that is quickly compared."""
        return [*self.asked.event.properties, None].index(self.thing), self._whole

    def _taken(self, did: Did) -> Column:
        assert self.thing is not None
        known = self.asked.event.properties[self.thing]
        stored = known.taken(did.stored, whole=self._whole)
        if did.fresh is None:
            return stored
        values = did.fresh.values[self.thing]
        fresh = self._codes(values) if self._whole is None else self._numbers(values)
        parts = [np.ones(len(each.values), bool) if each.there is None else each.there
                 for each in (stored, fresh)]  # fmt: skip
        return Column(np.append(stored.values, fresh.values), np.concatenate(parts))

    @cached_property
    def _whole(self) -> bool | None:
        """Whether whole numbers are counted; None: values by their codes."""
        if self.word == "distinct" or not self.comparing.any:
            return None
        return self.kind == "integer" and self.word in WHOLE

    def _numbers(self, values: pa.Array) -> Column:
        kind = pa.int64() if self._whole else pa.float64()
        return plain(pa.chunked_array([values.cast(kind)]))

    def _codes(self, values: pa.Array) -> Column:
        assert self.thing is not None
        there = plain(pa.chunked_array([values.is_valid()])).values
        return Column(self.asked.codes(self.thing, values), there)


class _Comparing:
    """Compares figures, each as its own atom says; those with one number all at once."""

    def __init__(self, asked: Mapping[Comparison, Sequence[int]], kind: str) -> None:
        self.kind, self.any = kind, bool(asked)
        ordered: dict[str, list[tuple[int, float]]] = {}
        self._others: list[tuple[Comparison, Array]] = []
        for comparison, places in asked.items():
            if comparison.operator in ORDERED and not isinstance(comparison.value, tuple):
                right = fitted(comparison.value, kind)
                ordered.setdefault(comparison.operator, []).extend((p, right) for p in places)
            else:
                self._others.append((comparison, np.array(places)))
        self._ordered = [
            (word, np.array([place for place, _ in some]), np.array([right for _, right in some]))
            for word, some in ordered.items()
        ]

    def held(self, values: Column) -> Flags:
        """The verdicts on one figure a place."""
        held = np.zeros(len(values.values), bool)
        there = np.ones(len(held), bool) if values.there is None else values.there.copy()
        said = [(p, ranked(values.taken_at(p), word, right)) for word, p, right in self._ordered]
        said += [(p, compared(values.taken_at(p), each, self.kind)) for each, p in self._others]
        for places, flags in said:
            held[places] = flags.values
            there[places] = True if flags.there is None else flags.there
        return Flags(held, there)


@dataclass(frozen=True)
class Lookup:
    """What each value of a property says of some conditions; the last is the missing one."""

    name: Thing
    places: Array
    conditions: Sequence[Tree]
    true: Array
    known: Array


def _lookup(
    name: Thing, places: Array, values: pa.Array, conditions: Sequence[Tree], engine: Engine
) -> Lookup:
    flags = told(values, conditions, engine)
    every = np.ones(len(values) + 1, bool)
    known = [every if each.there is None else each.there for each in flags]
    true = np.stack([each.values for each in flags], axis=1)
    return Lookup(name, places, conditions, true, np.stack(known, axis=1))


def _told(atom: Atom) -> bool:
    """Whether the engine says of values how they compare."""
    comparison = atom.comparison
    assert isinstance(comparison, Comparison)
    return tally_of(atom).word in EDGES and not comparable(comparison, atom.measure.kind)


def _verdict(atom: Atom, kept: Kept) -> Tree:
    thing = tally_of(atom).thing
    assert thing is not None
    return atom.holds(thing, kept.catalogue)
