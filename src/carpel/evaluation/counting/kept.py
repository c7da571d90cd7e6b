"""What people did, read once and kept in memory, so that one figure more takes milliseconds.

Rows stand as the event's files have them, by what these are sorted by and by time, in blocks that
know the least and the most of their instants and values: a filter and a window look at few.
A property is kept as numbers of its different values, so that the engine says once for each value,
and not for each row, whether it is meant.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from sqlglot import exp

from carpel.engine.query import Tree, aliased, column, query
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.comparisons import kind_of
from carpel.evaluation.counting.blocks import Event, Meant, Places, compact
from carpel.evaluation.counting.filters import conditions_of
from carpel.evaluation.counting.rows import Array, plain
from carpel.evaluation.counting.spans import microseconds
from carpel.evaluation.counting.told import told
from carpel.evaluation.measures import Atom, Tally

IT = "it"
AT_ONCE = 2
"""So many columns are numbered at a time."""


class Kept:
    """Keeps the events of a build in memory, those properties that were asked about."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._events: dict[str, Event] = {}
        self._true: dict[tuple[str, Tree], tuple[exp.Column, Array]] = {}

    def keep(self, atoms: Iterable[Atom]) -> None:
        """Read what these ask about, as far as it can be kept."""
        wanted: dict[str, dict[exp.Column, None]] = {}
        for each in atoms:
            if isinstance(each.measure, Tally) and (found := self.properties(each.measure)):
                wanted.setdefault(each.measure.event, {}).update(found)
        for event, properties in wanted.items():
            self.event(event, properties)

    def properties(self, tally: Tally) -> dict[exp.Column, None] | None:
        """What a tally asks about; None when it can't be had so."""
        found: dict[exp.Column, None] = {}
        for each in conditions_of(tally.filters):
            names = set(each.find_all(exp.Column))
            if len(names) != 1:
                return None
            found |= dict.fromkeys(names)
        if isinstance(tally.thing, exp.Column):
            found[tally.thing] = None
        kinds = (kind_of(self.catalogue.columns(each.table)[each.name]) for each in found)
        return None if "list" in kinds else found

    def keeps(self, atom: Atom) -> bool:
        """Whether what an atom asks about can be kept."""
        return isinstance(atom.measure, Tally) and self.properties(atom.measure) is not None

    def event(self, name: str, properties: Iterable[exp.Column] = ()) -> Event:
        """An event with these properties; what is not kept yet is read together with the rest."""
        known = self._events.get(name)
        asked = dict.fromkeys([*(known.properties if known else ()), *properties])
        if known is None or asked.keys() != known.properties.keys():
            self._events[name] = self._read(name, list(asked))
            self._events[name].ready()
            self._true.clear()  # values may have other numbers now
        return self._events[name]

    def _read(self, name: str, properties: Sequence[exp.Column]) -> Event:
        home = self.catalogue.event(name)
        described = {each.table for each in properties if each.table != home}
        rows = self.catalogue.rows(name, {each.removeprefix("described_") for each in described})
        found = self.catalogue.engine.fetch(
            rows.select(
                aliased(query("CAST(:x AS UINTEGER)", x=self.catalogue.customer(home)), "customer"),
                *(column(each, home) for each in ("at", "event_key")),
                *(aliased(each.copy(), f"p{index}") for index, each in enumerate(properties)),
            )
        )
        customers, at, keys = (plain(each).values for each in found.columns[:3])
        with ThreadPoolExecutor(AT_ONCE) as pool:
            columns = list(pool.map(compact, found.columns[3:]))
        keys = keys.astype(np.uint64, copy=False)
        return Event(customers, at, keys, dict(zip(properties, columns, strict=True)))

    def meant(self, event: str, filters: Iterable[Tree]) -> dict[Tree, Meant]:
        """For each filter, which values of which properties it means; the engine is asked once."""
        parts = {each: [(event, part) for part in conditions_of(each)] for each in filters}
        fresh: dict[exp.Column, list[Tree]] = {}
        for each in dict.fromkeys(part for listed in parts.values() for part in listed):
            if each not in self._true:
                fresh.setdefault(next(each[1].find_all(exp.Column)), []).append(each[1])
        for name, conditions in fresh.items():
            said = self._ask(event, name, conditions)
            self._true |= {(event, one): each for one, each in zip(conditions, said, strict=True)}
        return {each: [self._true[part] for part in listed] for each, listed in parts.items()}

    def _ask(
        self, event: str, name: exp.Column, conditions: list[Tree]
    ) -> list[tuple[exp.Column, Array]]:
        different = self.event(event, [name]).properties[name].different
        asked = [about_it(each) for each in conditions]
        said = told(different, asked, self.catalogue.engine)
        return [(name, each.values) for each in said]

    def rows(self, tally: Tally) -> tuple[Event, Places]:
        """The event of a tally, and the places of the rows that it counts."""
        event = self.event(tally.event, self.properties(tally) or ())
        meant = self.meant(tally.event, [tally.filters])[tally.filters]
        return event, event.rows(meant, *microseconds(tally.span))


def about_it(condition: Tree) -> Tree:
    """A condition on a property as one on a value."""
    holder = exp.Paren(this=condition.copy())
    for each in list(holder.find_all(exp.Column)):
        each.replace(column(IT))
    about: Tree = holder.this
    return about
