"""Many figures of one customer at once: a figure stands where elsewhere a customer does.

So the same counting serves both.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from sqlglot import exp

from carpel.engine.base import Engine
from carpel.engine.query import Tree
from carpel.evaluation.counting.alike import Figures
from carpel.evaluation.counting.few import tally_of
from carpel.evaluation.counting.filters import conditions_of
from carpel.evaluation.counting.kept import Kept, about_it
from carpel.evaluation.counting.personal import Did, Fresh, Lookup, Thing, looked_up
from carpel.evaluation.counting.readings import EDGES
from carpel.evaluation.counting.rows import Array
from carpel.evaluation.counting.verdicts import Flags, comparable
from carpel.evaluation.measures import Atom
from carpel.language import Comparison

Group = tuple[str, Thing | None]


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
        self.event = kept.event(event, asked)
        self.event.by_customer()
        self._lookups = list(self._looked_up())
        self.of_nothing = self._of_nothing()
        self.groups = list(self._groups())
        coded = {each.thing for each in self.groups if each.whole is None}
        self._numbered = {
            name: {value: n for n, value in enumerate([*each.different.to_pylist(), None])}
            for name, each in self.event.properties.items()
            if name in coded or pa.types.is_string(each.different.type)
        }
        self.of_none = self._of_none()

    def _condition(self, condition: Tree) -> int:
        return self.conditions.setdefault(condition, len(self.conditions))

    def _looked_up(self) -> Iterable[Lookup]:
        """What each value of each property says of the conditions that are about it."""
        by_name: dict[Thing, list[Tree]] = {}
        engine = self.kept.catalogue.engine
        for each in self.conditions:
            by_name.setdefault(next(each.find_all(exp.Column)), []).append(each)
        for name, some in by_name.items():
            places = np.array([self.conditions[each] for each in some])
            about = [about_it(each) for each in some]
            yield looked_up(name, places, self.event.properties[name].different, about, engine)

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

    def _groups(self) -> Iterable[Figures]:
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

    def _of_fresh(self, lookup: Lookup, values: pa.Array, engine: Engine) -> tuple[Array, Array]:
        """The conditions on fresh values: as on those that are stored, or asked of anew."""
        if pa.types.is_string(values.type):
            codes = self.codes(lookup.name, values)
            if codes.max(initial=0) < len(lookup.true):
                return lookup.true[codes], lookup.known[codes]
        fresh = looked_up(lookup.name, lookup.places, values, lookup.conditions, engine)
        return fresh.true[:-1], fresh.known[:-1]

    def codes(self, name: Thing, values: pa.Array) -> Array:
        """The numbers of these values, the missing one among them; new ones get more."""
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
        found = self.of_none.copy()
        with np.errstate(over="ignore", invalid="ignore"):  # infinities and no numbers go on
            for group in self.groups:
                some = counted[:, group.places]
                if some.any():
                    found[group.places] = _as_numbers(group.held(did, some))
        return found

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


def _told(atom: Atom) -> bool:
    """Whether the engine says of values how they compare."""
    comparison = atom.comparison
    assert isinstance(comparison, Comparison)
    return tally_of(atom).word in EDGES and not comparable(comparison, atom.measure.kind)


def _verdict(atom: Atom, kept: Kept) -> Tree:
    thing = tally_of(atom).thing
    assert thing is not None
    return atom.holds(thing, kept.catalogue)
