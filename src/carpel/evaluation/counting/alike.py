"""Figures about one event that are counted alike: of other rows, and compared otherwise."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from carpel.evaluation.counting.comparing import Comparing
from carpel.evaluation.counting.figures import Counting, figures
from carpel.evaluation.counting.personal import Did, Thing
from carpel.evaluation.counting.readings import EDGES, WHOLE
from carpel.evaluation.counting.rows import Array, Column, Doings, plain
from carpel.evaluation.counting.verdicts import Flags
from carpel.language import Comparison

if TYPE_CHECKING:
    from carpel.evaluation.counting.one import OfEvent


class Figures:
    """Atoms about one event that count the same in one word: of other rows, compared otherwise."""

    def __init__(self, asked: "OfEvent", word: str, thing: Thing | None, places: Array) -> None:
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
        self.comparing = Comparing(by_comparison, self.kind)

    def held(self, did: Did, counted: Array) -> Flags:
        """The verdicts of the group, whose rows are counted where it is true."""
        rows, who = np.nonzero(counted)
        columns = self._columns(did, rows)
        doings = Doings(who, len(self.places), None, np.array([0]), columns)
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
        return [*self.asked.event.properties, None].index(self.thing), self.whole

    def _taken(self, did: Did) -> Column:
        assert self.thing is not None
        known = self.asked.event.properties[self.thing]
        stored = known.values(known.codes[did.stored], whole=self.whole)
        if did.fresh is None:
            return stored
        values = did.fresh.values[self.thing]
        fresh = self._codes(values) if self.whole is None else self._numbers(values)
        parts = [np.ones(len(each.values), bool) if each.there is None else each.there
                 for each in (stored, fresh)]  # fmt: skip
        return Column(np.append(stored.values, fresh.values), np.concatenate(parts))

    @cached_property
    def whole(self) -> bool | None:
        """Whether whole numbers are counted; None: values by their codes."""
        if self.word == "distinct" or not self.comparing.any:
            return None
        return self.kind == "integer" and self.word in WHOLE

    def _numbers(self, values: pa.Array) -> Column:
        kind = pa.int64() if self.whole else pa.float64()
        return plain(pa.chunked_array([values.cast(kind)]))

    def _codes(self, values: pa.Array) -> Column:
        assert self.thing is not None
        there = plain(pa.chunked_array([values.is_valid()])).values
        return Column(self.asked.codes(self.thing, values), there)
