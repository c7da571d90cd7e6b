"""What people did, read once and kept in memory, so that one figure more takes milliseconds.

Rows stand as the event's files have them, by what these are sorted by and by time, in blocks that
know the least and the most of their instants and values: a filter and a window look at few.
A property is kept as numbers of its different values, so that the engine says once for each value,
and not for each row, whether it is meant.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np
import pyarrow as pa
from sqlglot import exp

from carpel.engine.query import Tree, aliased, column, query
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.comparisons import kind_of
from carpel.evaluation.counting.filters import conditions_of
from carpel.evaluation.counting.rows import Array, Column, coded, plain
from carpel.evaluation.counting.verdicts import told
from carpel.evaluation.measures import Atom, Tally
from carpel.evaluation.windows import Span

BLOCK = 4096
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - UTC without a zone
ALWAYS, NEVER = np.iinfo(np.int64).min, np.iinfo(np.int64).max
IT = "it"


@dataclass(frozen=True)
class Coded:
    """A property of each row as the number of its value; that of a missing one is the last."""

    codes: Array
    different: pa.Array

    def taken(self, rows: Array, *, whole: bool | None) -> Column:
        """The values of some rows: whole numbers, or not; None: by their codes."""
        codes = self.codes[rows]
        there = codes < len(self.different)
        if whole is None:
            return Column(codes, there)
        return Column((self._whole if whole else self._numbers)[codes], there)

    @cached_property
    def _numbers(self) -> Array:
        return _with_any(plain(pa.chunked_array([self.different.cast(pa.float64())])).values)

    @cached_property
    def _whole(self) -> Array:
        return _with_any(plain(pa.chunked_array([self.different.cast(pa.int64())])).values)

    @cached_property
    def edges(self) -> tuple[Array, Array]:
        """The least and the most code of each block."""
        return _edges(self.codes)


def _with_any(values: Array) -> Array:
    return np.append(values, values.dtype.type(0))


def _edges(values: Array) -> tuple[Array, Array]:
    if not len(values):
        return values, values
    begins = np.arange(0, len(values), BLOCK)
    return np.minimum.reduceat(values, begins), np.maximum.reduceat(values, begins)


Meant = Sequence[tuple[exp.Column, Array]]
"""Properties, and of each which of its values are meant."""


@dataclass(frozen=True)
class Event:
    """The rows of one event: customers, instants as microseconds, keys, and properties."""

    customers: Array
    at: Array
    keys: Array
    properties: Mapping[exp.Column, Coded] = field(default_factory=dict)

    def rows(self, meant: Meant, start: int, end: int) -> Array:
        """The places of the rows that are meant, from an instant up to another."""
        places = self._near(meant, start, end)
        held = (self.at[places] >= start) & (self.at[places] < end)
        found: Array = np.flatnonzero(held) if isinstance(places, slice) else places[held]
        for name, true in meant:
            found = found[true[self.properties[name].codes[found]]]
        return found

    def _near(self, meant: Meant, start: int, end: int) -> Array | slice:
        """The places of blocks that may have such rows, or all when these are most."""
        first, last = self._instants
        blocks = (last >= start) & (first < end)
        for name, true in meant:
            least, most = self.properties[name].edges
            upto = np.append(0, np.cumsum(true))
            blocks &= upto[most.astype(np.intp) + 1] > upto[least]
        if 2 * np.count_nonzero(blocks) > len(blocks):
            return slice(None)
        places: Array = (np.flatnonzero(blocks)[:, None] * BLOCK + np.arange(BLOCK)).reshape(-1)
        return places[: np.searchsorted(places, len(self.at))]

    @cached_property
    def _instants(self) -> tuple[Array, Array]:
        return _edges(self.at)

    def by_customer(self) -> None:
        """Find out where everybody's rows are, so that `of` is quick."""
        _ = self._sorted

    def of(self, customer: int) -> Array:
        """The places of the rows of one customer."""
        begin, end = np.searchsorted(self._sorted, [customer, customer + 1])
        places: Array = self._by_customer[begin:end]
        return places

    @cached_property
    def _by_customer(self) -> Array:
        places: Array = np.argsort(self.customers, kind="stable").astype(np.uint32)
        return places

    @cached_property
    def _sorted(self) -> Array:
        found: Array = self.customers[self._by_customer]
        return found


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
        columns = map(_compact, found.columns[3:])
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

    def rows(self, tally: Tally) -> tuple[Event, Array]:
        """The event of a tally, and the places of the rows that it counts."""
        event = self.event(tally.event, self.properties(tally) or ())
        meant = self.meant(tally.event, [tally.filters])[tally.filters]
        return event, event.rows(meant, *microseconds(tally.span))


def microseconds(span: Span) -> tuple[int, int]:
    """From when up to when a span lasts."""
    start, end = (_since_epoch(each) if each else ALWAYS for each in (span.start, span.end))
    return start, end


def _since_epoch(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def about_it(condition: Tree) -> Tree:
    """A condition on a property as one on a value."""
    holder = exp.Paren(this=condition.copy())
    for each in list(holder.find_all(exp.Column)):
        each.replace(column(IT))
    about: Tree = holder.this
    return about


def _compact(values: pa.ChunkedArray) -> Coded:
    of, different = coded(values)
    missing = len(different)
    codes = of.values if of.there is None else np.where(of.there, of.values, missing)
    return Coded(codes.astype(np.min_scalar_type(missing)), different)
