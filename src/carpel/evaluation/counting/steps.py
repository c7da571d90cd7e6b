"""Steps one after the other, for everybody, in memory: as `evaluation.sequences` says in SQL.

What happened is one sorted array of numbers, each a customer and an instant in one, so that the
latest earlier row of the same customer is found by halves. A number has 63 bits: what the
instants leave is for customers, a block of them after the other.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from pyroaring import BitMap

from carpel.engine import functions
from carpel.engine.query import column
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.comparisons import Clock
from carpel.evaluation.counting.groups import read
from carpel.evaluation.counting.readings import readings
from carpel.evaluation.counting.rows import CUSTOMER, Array
from carpel.evaluation.measures import Atom, Tally, covering
from carpel.evaluation.relation import Relation, conditions
from carpel.evaluation.sequences import doings, gap
from carpel.evaluation.sets import Sets
from carpel.evaluation.windows import TICK, Span, shift, span
from carpel.language import Comparison, Doing, Step
from carpel.language import Sequence as Steps

BITS = 63
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - UTC without a zone
Meant = tuple[Doing, str]
"""What is done, and the zone on whose clocks its filter is read."""


def is_sequence(atom: Atom) -> bool:
    """Whether an atom is a sequence that somebody went through."""
    steps = isinstance(atom.measure, Relation) and isinstance(atom.measure.node, Steps)
    return steps and atom.comparison == Comparison("eq", True)


Happened = Mapping[Meant, tuple[Array, Array]]
"""Customers and microseconds of each thing done, in any order."""


def gone_through(
    atoms: Iterable[Atom], happened: Happened, catalogue: Catalogue, universe: BitMap
) -> dict[Atom, Sets]:
    """Who went through the steps of each sequence; of nobody it is unknown."""
    listed = list(atoms)
    found = {atom: BitMap() for atom in listed}
    for block in blocks(happened):
        for atom in listed:
            way = Way(steps_of(atom), catalogue.clock_of(steps_of(atom).zone), block)
            found[atom] |= block.customers(way.ends())
    return {atom: Sets(members & universe, BitMap()) for atom, members in found.items()}


def steps_of(atom: Atom) -> Steps:
    """The sequence that an atom is about."""
    assert isinstance(atom.measure, Relation)
    assert isinstance(atom.measure.node, Steps)
    return atom.measure.node


def happened_to(atoms: Sequence[Atom], catalogue: Catalogue) -> Happened:
    """What the sequences ask about, read once for all of them."""
    by_atom = when_done(atoms, catalogue)
    found: dict[Meant, tuple[Array, Array]] = {}
    for reading in readings(by_atom, catalogue):
        for asked, rows in read(reading, catalogue).parts():
            for each in asked:
                at = rows.columns[each.column].values.astype(np.int64)
                happened = rows.columns[CUSTOMER].values, at
                found |= dict.fromkeys(by_atom[each.atom], happened)
    return found


def when_done(atoms: Iterable[Atom], catalogue: Catalogue) -> dict[Atom, list[Meant]]:
    """Each thing done that a sequence asks about, by an atom about when it was done."""
    spans: dict[Meant, list[Span]] = {}
    for node in map(steps_of, atoms):
        clock = catalogue.clock_of(node.zone)
        start = span(node.window, clock.moment, clock.zone).start
        for doing in doings(node):
            spans.setdefault((doing, node.zone), []).append(Span(start, clock.moment + TICK))
    by_atom: dict[Atom, list[Meant]] = {}
    for meant in spans:  # filters that say the same in other words make one reading
        by_atom.setdefault(_when(meant, spans, catalogue), []).append(meant)
    return by_atom


def _when(meant: Meant, spans: Mapping[Meant, list[Span]], catalogue: Catalogue) -> Atom:
    """What makes a reading give the rows of something done: their instants as numbers."""
    doing, zone = meant
    filters, described = conditions(doing, catalogue, catalogue.clock_of(zone), "event")
    around = covering(
        each for (other, _), some in spans.items() if other.event == doing.event for each in some
    )
    home = catalogue.event(doing.event)
    at = functions.microseconds(column("at", home))
    when = Tally(doing.event, home, filters, described, around, "when", at, "integer", 0)
    return Atom(when, Comparison("ge", 1), zone)


@dataclass(frozen=True)
class Block:
    """What some customers did, by what it is: sorted numbers of a customer and an instant."""

    first: int
    """The least key of these customers."""
    bits: int
    """So many bits of a number are the instant's, microseconds since `base`."""
    base: int
    rows: Mapping[Meant, Array]

    def after(self, numbers: Array, start: datetime | None) -> Array:
        """Those at an instant or later."""
        return numbers if start is None else numbers[self._at(numbers) >= self._since(start)]

    def before(self, numbers: Array, end: datetime) -> Array:
        """Those before an instant."""
        return numbers[self._at(numbers) < self._since(end)]

    def latest(self, rows: Array, upto: Array, of: Array) -> Array:
        """For each of these numbers its customer's latest row up to another one; -1 without."""
        place = np.searchsorted(rows, upto, "right") - 1
        found = np.append(rows, -1)[place]  # before the first: the one appended
        return np.where(found >> self.bits == of >> self.bits, found, -1)

    def follows(self, rows: Array, numbers: Array, within: int) -> Array:
        """Whether the customer has a later row so many microseconds on at most."""
        until = np.minimum(numbers + within, numbers | (1 << self.bits) - 1)
        later: Array = np.searchsorted(rows, until, "right") > np.searchsorted(
            rows, numbers, "right"
        )
        return later

    def customers(self, numbers: Array) -> BitMap:
        """Whose numbers they are."""
        keys = np.unique(numbers >> self.bits) + self.first
        return BitMap(array("I", keys.astype(np.uint32).tobytes()))

    def _at(self, numbers: Array) -> Array:
        instants: Array = numbers & (1 << self.bits) - 1
        return instants

    def _since(self, moment: datetime) -> int:
        return (moment - EPOCH) // timedelta(microseconds=1) - self.base


def block_of(customer: int, happened: Mapping[Meant, Array]) -> Block:
    """What one customer did, by the instants of each thing done."""
    base = min((int(at.min()) for at in happened.values() if len(at)), default=0)
    return Block(
        customer, BITS, base, {meant: np.sort(at - base) for meant, at in happened.items()}
    )


def blocks(happened: Happened) -> Iterator[Block]:
    """What was done, customers in blocks that a number has room for."""
    filled = [each for each in happened.values() if len(each[0])]
    if not filled:
        return
    base = min(int(at.min()) for _, at in filled)
    bits = max(1, (max(int(at.max()) for _, at in filled) - base).bit_length())
    most = max(int(customers.max()) for customers, _ in filled)
    for first in range(0, most + 1, 1 << BITS - bits):
        rows = {
            meant: _numbers(customers, at - base, first, bits)
            for meant, (customers, at) in happened.items()
        }
        yield Block(first, bits, base, rows)


def _numbers(customers: Array, at: Array, first: int, bits: int) -> Array:
    local = customers.astype(np.int64) - first
    here = (local >= 0) & (local < 1 << BITS - bits)
    numbers: Array = np.sort(local[here] << bits | at[here])
    return numbers


@dataclass(frozen=True)
class Way:
    """A sequence, and what the customers of a block did."""

    node: Steps
    clock: Clock
    block: Block

    def ends(self) -> Array:
        """The rows at which all steps are done, within the time in which they have to end."""
        done = self.block.before(self._rows(self.node.steps[0].doing), self._around.end)
        for step in self.node.steps[1:]:
            done = self._without(done, step) if step.absent else self._then(done, step)
        ends = span(self.node.ends, self.clock.moment, self.clock.zone)
        return self.block.before(self.block.after(done, ends.start), ends.end)

    @property
    def _around(self) -> Span:
        return span(self.node.window, self.clock.moment, self.clock.zone)

    def _rows(self, doing: Doing) -> Array:
        return self.block.after(self.block.rows[doing, self.node.zone], self._around.start)

    def _then(self, done: Array, step: Step) -> Array:
        """The rows of a step that come after those before it, as it says."""
        rows = self.block.before(self._rows(step.doing), self._around.end)
        least = gap(step.after) if step.after else 1
        former = self.block.latest(done, rows - least, rows)
        holds = former >= 0
        if step.within:
            holds &= rows - former <= gap(step.within)
        for each in step.without:
            holds &= self.block.latest(self._rows(each), rows - 1, rows) <= former
        found: Array = rows[holds]
        return found

    def _without(self, done: Array, step: Step) -> Array:
        """The rows after which a step did not come in time, the time being over."""
        assert step.within is not None
        over = shift(self.clock.moment, step.within, self.clock.zone) + TICK
        done = self.block.before(done, over)
        lacks: Array = ~self.block.follows(self._rows(step.doing), done, gap(step.within))
        found: Array = done[lacks]
        return found
