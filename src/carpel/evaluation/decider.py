"""Many rules about one person at a time, made ready once: with what they did since the build.

Made ready are rules of which the rows of one person decide: traits, places and permissions as they
are stored, days and instants of traits by the moment, figures and sequences by stored rows kept in
memory and fresh ones. What else there is, an `Evaluator` over `alone` decides, only slower.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from pyroaring import BitMap

from carpel.engine.base import Engine
from carpel.evaluation.alone import Row
from carpel.evaluation.bitmaps import to_bytes
from carpel.evaluation.catalogue import Fact
from carpel.evaluation.comparisons import Clock
from carpel.evaluation.counting.few import tally_of
from carpel.evaluation.counting.freshly import Freshly
from carpel.evaluation.counting.one import OfEvent
from carpel.evaluation.counting.personal import Fresh
from carpel.evaluation.counting.rows import Array
from carpel.evaluation.counting.spans import Windows
from carpel.evaluation.counting.steps import Meant, Way, block_of, when_done
from carpel.evaluation.counting.verdicts import lies
from carpel.evaluation.evaluator import Evaluator
from carpel.evaluation.formula import NO, UNKNOWN, YES, Formula
from carpel.evaluation.leaves import segment_order
from carpel.evaluation.ready import kind_of_leaf, ready
from carpel.evaluation.sequences import doings
from carpel.language import Comparison, Did, Node, People, SegmentRef, Trait
from carpel.language import Sequence as Steps


@dataclass(frozen=True)
class _Event:
    """What is asked about one event, and of each figure its window and the place of its clause."""

    of: OfEvent
    places: Array
    windows: Windows
    whens: Sequence[int]
    """The numbers of what says when things were done."""


@dataclass(frozen=True)
class _Steps:
    """A sequence, and the place of its clause."""

    place: int
    node: Steps
    needs: Mapping[Meant, int]
    """What it asks about, and the number of what says when that was done."""
    steps: Sequence[int]
    """The numbers of its steps; those aside that must not come."""


class Decider:
    """Gives the verdicts on one person at a time of those rules that could be made ready.

    `able` names them. The evaluator's `segments` and `stored` say what rules may name; it must
    belong to an engine of this process, and stay open. As many threads may ask at once as have a
    session of that engine of their own.
    """

    def __init__(self, evaluator: Evaluator, rules: Mapping[str, Node]) -> None:
        evaluator.keep([*rules.values(), *evaluator.segments.values()])
        assert evaluator.kept is not None, "an engine of this process"
        self.evaluator, self.kept, self.atoms = evaluator, evaluator.kept, evaluator.atoms
        written = {**evaluator.segments, **rules}
        core = {name: evaluator.core(rule) for name, rule in written.items()}
        found = ready(written, core, self.atoms, self.kept)
        self.able = frozenset(found.keys() & rules.keys())
        known = evaluator.stored.keys() - found.keys()
        named = segment_order(found.values(), found, known)
        self.formula = Formula(
            {name: found[name] for name in self.able}, {each: found[each] for each in named}
        )
        self._places: list[int] = []
        self._stored: list[BitMap] = []
        self._unknown: dict[bytes, tuple[BitMap, list[int]]] = {}
        """Of whom what is stored is not known: mostly of the same people for many clauses."""
        self._dated: dict[Fact, list[tuple[int, Comparison, str]]] = {}
        steps: list[tuple[int, Steps]] = []
        counted: dict[str, list[tuple[int, Did]]] = {}
        self._place(counted, steps)
        self._when = when_done([self.atoms.of(each) for _, each in steps], evaluator.catalogue)
        self._steps = list(self._sequences(steps))
        self._events = [self._event(name, some) for name, some in self._by_event(counted).items()]
        self._fresh = Freshly(evaluator.catalogue, [each.of for each in self._events])

    def _place(
        self, counted: dict[str, list[tuple[int, Did]]], steps: list[tuple[int, Steps]]
    ) -> None:
        """Sort the clauses by how they are decided."""
        listed = list(self.formula.leaves)
        kinds = [_known(each) or kind_of_leaf(each, self.atoms, self.kept) for each in listed]
        self.evaluator.learn(
            [each for each, kind in zip(listed, kinds, strict=True) if kind == "stored"]
        )
        for place, (leaf, kind) in enumerate(zip(listed, kinds, strict=True)):
            if kind == "stored":
                sets = self.evaluator.sets(leaf)
                self._places.append(place)
                self._stored.append(sets.yes)
                if sets.unknown:
                    alike = self._unknown.setdefault(to_bytes(sets.unknown), (sets.unknown, []))
                    alike[1].append(place)
            elif isinstance(leaf, Steps):
                steps.append((place, leaf))
            elif isinstance(leaf, Trait):
                fact = self.evaluator.catalogue.trait(leaf.trait)
                asked = self._dated.setdefault(fact, [])
                asked.append((place, leaf.comparison, leaf.zone))
            elif isinstance(leaf, Did):
                counted.setdefault(leaf.event, []).append((place, leaf))

    def _sequences(self, steps: Sequence[tuple[int, Steps]]) -> Iterable["_Steps"]:
        by_meant = {
            meant: number for number, some in enumerate(self._when.values()) for meant in some
        }
        for place, node in steps:
            needs = {(each, node.zone): by_meant[each, node.zone] for each in doings(node)}
            come = [needs[each.doing, node.zone] for each in node.steps if not each.absent]
            yield _Steps(place, node, needs, come)

    def _by_event(
        self, counted: Mapping[str, list[tuple[int, Did]]]
    ) -> dict[str, list[tuple[int, Did]]]:
        """Events of sequences too, of which no figure is asked."""
        steps = {tally_of(each).event for each in self._when}
        return {**{name: [] for name in sorted(steps)}, **counted}

    def _event(self, name: str, asked: Sequence[tuple[int, Did]]) -> _Event:
        atoms = [self.atoms.of(leaf) for _, leaf in asked]
        windows = Windows([(leaf.window, leaf.zone) for _, leaf in asked])
        whens = [n for n, each in enumerate(self._when) if tally_of(each).event == name]
        when = [list(self._when)[number] for number in whens]
        of = OfEvent(name, atoms, when, self.kept)
        return _Event(of, np.array([place for place, _ in asked], np.intp), windows, whens)

    def decided(
        self,
        engine: Engine,
        customer: int,
        fresh: Mapping[str, Sequence[Row]],
        moment: datetime,
        members: Mapping[str, bool],
    ) -> dict[str, bool | None]:
        """The verdict of each rule that is `able`: true, false, or None where it is not known.

        `fresh` are rows of events since the build, `moment` (UTC without a zone) is not before
        any of them. Of segments in `members` it is known already whether the customer is in.
        `engine` is a session for this thread. Raises as `alone` does.
        """
        clock = Clock(moment, self.evaluator.catalogue.clock.zone)
        read = self._fresh.read(engine, self.evaluator.catalogue, fresh)
        row = np.zeros(len(self.formula.leaves), np.int8)
        row[self._places] = [YES if customer in yes else NO for yes in self._stored]
        for unknown, places in self._unknown.values():
            if customer in unknown:
                row[places] = UNKNOWN
        self._date(row, customer, clock)
        self._count(row, customer, read, clock, engine)
        found = self.formula.verdicts(row, {n: m for n, m in members.items() if n in self.named})
        said = {NO: False, UNKNOWN: None, YES: True}
        verdicts = found[list(self.formula.rules.values())].tolist()
        return dict(zip(self.formula.rules, map(said.__getitem__, verdicts), strict=True))

    def _date(self, row: Array, customer: int, clock: Clock) -> None:
        """The verdicts on days and instants that customers have one of."""
        for fact, asked in self._dated.items():
            value = self.evaluator.facts.moment(fact, customer)
            for place, comparison, zone in asked:
                row[place] = (
                    UNKNOWN
                    if value is None
                    else (YES * lies(value, comparison, fact.kind, self._clock(clock, zone)))
                )

    @property
    def named(self) -> frozenset[str]:
        """Those segments made ready that others name."""
        return frozenset(self.formula.references)

    def _clock(self, clock: Clock, zone: str) -> Clock:
        return Clock(clock.moment, self.evaluator.catalogue.clock_of(zone).zone) if zone else clock

    def _count(
        self, row: Array, customer: int, fresh: Mapping[str, Fresh], clock: Clock, engine: Engine
    ) -> None:
        happened: dict[int, Array] = {}
        for each in self._events:
            did = each.of.did(customer, fresh.get(each.of.name), engine)
            if len(each.places):
                starts, ends = each.windows.at(clock, self._clock)
                row[each.places] = each.of.verdicts(did, starts, ends)
            happened |= zip(each.whens, each.of.happened(did), strict=True)
        begun = [each for each in self._steps if all(len(happened[n]) for n in each.steps)]
        needs = {meant: happened[n] for each in begun for meant, n in each.needs.items()}
        block = block_of(customer, needs)
        for step in begun:
            way = Way(step.node, self._clock(clock, step.node.zone), block)
            row[step.place] = YES if len(way.ends()) else NO


def _known(leaf: Node) -> str:
    return "stored" if isinstance(leaf, People | SegmentRef) else ""
