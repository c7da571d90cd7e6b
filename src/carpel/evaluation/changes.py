"""What would have to be otherwise for a customer to be in, or out: the fewest changes."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any as Anything

from carpel.engine.query import query, table
from carpel.evaluation.candidates import candidates, verdicts
from carpel.evaluation.catalogue import Catalogue, Fact
from carpel.evaluation.change import Change
from carpel.evaluation.comparisons import RELATIVE, Clock
from carpel.evaluation.edited import Doings, Edit
from carpel.evaluation.explain import Verdict
from carpel.evaluation.moves import Moves
from carpel.evaluation.person import Reading
from carpel.evaluation.ways import Verdicts, Way, subject, unmet
from carpel.language import (
    Comparison,
    Consent,
    Did,
    Node,
    People,
    SegmentationRef,
    SegmentRef,
    Trait,
)

_FIXED = RELATIVE | {"weekday", "anniversary_in"}
"""Operators for which no value is looked for that would do."""
TRIES = 150
"""Edits of events looked at for one way before it is given up."""


class Changes:
    """Looks for the fewest changes that make one customer's clauses come out otherwise."""

    def __init__(
        self,
        catalogue: Catalogue,
        customer: int,
        found: Mapping[Node, Reading],
        held: Mapping[Node, Verdict],
    ) -> None:
        self.catalogue, self.customer, self.found, self.held = catalogue, customer, found, held

    def along(self, way: Way) -> list[Change] | None:
        """The changes that a way asks for; None when there are none that do."""
        made: list[Change] = []
        for about in dict.fromkeys(subject(leaf) for leaf in unmet(way, self.held)):
            wants = {leaf: wanted for leaf, wanted in way.items() if subject(leaf) == about}
            changed = self._of_subject(wants)
            if changed is None:
                return None
            made.extend(changed)
        return made

    def _of_subject(self, wants: Mapping[Node, Verdicts]) -> Sequence[Change] | None:
        leaf = next(iter(wants))
        if not all(map(changeable, wants)):
            return None
        match leaf:
            case Trait(trait):
                return self._value(leaf, self.catalogue.trait(trait), wants)
            case SegmentationRef(segmentation):
                return self._value(leaf, self.catalogue.place(segmentation), wants)
            case Did():
                return self._events(
                    {each: wanted for each, wanted in wants.items() if isinstance(each, Did)}
                )
        now = self.held[leaf] == "yes"
        return [Change(leaf, now, not now)] if _verdict(not now) in wants[leaf] else None

    def _value(
        self, leaf: Node, fact: Fact, wants: Mapping[Node, Verdicts]
    ) -> Sequence[Change] | None:
        """Another value with which all clauses about it come out as wanted."""
        now = self.found[leaf].value
        compared = [_comparison(each) for each in wants]
        others = self._occurring(fact)
        tried = (
            [*dict.fromkeys([*others, *_places(wants)]), None]
            if isinstance(leaf, SegmentationRef)
            else self._possible(fact, candidates(fact.kind, compared, now, self._clock, others))
        )
        for value, held in zip(
            tried, verdicts(fact.kind, compared, tried, self.catalogue), strict=True
        ):
            if all(
                _verdict(each) in wanted for each, wanted in zip(held, wants.values(), strict=True)
            ):
                return [Change(leaf, now, value)]
        return None

    @property
    def _clock(self) -> Clock:
        return self.catalogue.clock

    def _possible(self, fact: Fact, tried: list[Anything]) -> list[Anything]:
        """Of the values of a number those it can have, by what people have: a count is never below
        nothing, and of everybody known."""
        if fact.kind not in ("integer", "number"):
            return tried
        rows = query(
            "SELECT min(:it) < 0, count(*) > count(:it) FROM :t", it=fact.value, t=table(fact.table)
        )
        below, missing = self.catalogue.engine.rows(rows)[0]
        return [it for it in tried if (missing if it is None else below or it >= 0)]

    def _occurring(self, fact: Fact) -> list[Anything]:
        if fact.kind != "text":
            return []
        rows = query(
            "SELECT DISTINCT :it AS it FROM :t WHERE :it IS NOT NULL ORDER BY 1 LIMIT 50",
            it=fact.value,
            t=table(fact.table),
        )
        return [row[0] for row in self.catalogue.engine.rows(rows)]

    def _events(self, wants: Mapping[Did, Verdicts]) -> Sequence[Change] | None:
        """Events more or fewer, with which all clauses about them come out as wanted."""
        search = _Search(Doings(self.catalogue, self.customer, next(iter(wants)).event), wants)
        for depth in range(1, len(wants) + 3):
            made = search.beyond(Edit(), depth)
            if made is not None:
                return made
        return _Search(search.doings, wants).from_nothing()


def changeable(leaf: Node) -> bool:
    """Whether it can be said what would have to be otherwise for a clause to come out so.

    Not for what compares people with each other, nor for the past, samples and steps in order.
    """
    match leaf:
        case Trait(_, comparison, _, zone):
            return not zone and comparison.operator not in _FIXED
        case Did():
            plain = not leaf.zone and leaf.since is None and leaf.aggregate != "share"
            compared = (leaf.comparison, *leaf.where.values())
            return plain and all(each.operator not in _FIXED for each in compared)
    known = SegmentationRef | Consent | People
    return isinstance(leaf, known) or (isinstance(leaf, SegmentRef) and leaf.since is None)


class _Search:
    """Tries edits one on another until every clause about an event comes out as wanted."""

    def __init__(self, doings: Doings, wants: Mapping[Did, Verdicts]) -> None:
        self.doings, self.wants = doings, wants
        self.moves = {leaf: Moves(doings, leaf, list(wants)) for leaf in wants}
        self._tried: dict[str, dict[Did, Reading]] = {}

    def beyond(self, edit: Edit, depth: int, settled: Did | None = None) -> list[Change] | None:
        """The changes still needed after an edit that should settle a clause, at most so many."""
        now = self._readings(edit)
        unmet_now = [leaf for leaf in self.wants if not self._fits(leaf, now[leaf].holds)]
        if len(unmet_now) > depth or settled in unmet_now:
            return None
        if not unmet_now:
            return []
        leaf = unmet_now[0]
        for more in self._edits(leaf, now[leaf], edit):
            if len(self._tried) >= TRIES:
                return None
            whole = edit.and_(more)
            rest = self.beyond(whole, depth - 1, leaf)
            if rest is not None:
                after = self._readings(whole)[leaf].value
                return [Change(leaf, now[leaf].value, after, more.add, more.remove), *rest]
        return None

    def from_nothing(self) -> list[Change] | None:
        """The changes when all that the clauses count is taken away first."""
        now = self._readings(Edit())
        leaf = next(each for each in self.wants if not self._fits(each, now[each].holds))
        counted = {key for each in self.wants for key, *_ in self.doings.matching(each, Edit())}
        gone = Edit(remove=tuple(sorted(counted)))
        rest = self.beyond(gone, len(self.wants))
        if rest is None:
            return None
        after = self._readings(gone)[leaf].value
        return [Change(leaf, now[leaf].value, after, (), gone.remove), *rest]

    def _readings(self, edit: Edit) -> dict[Did, Reading]:
        key = repr(edit)
        if key not in self._tried:
            self._tried[key] = self.doings.readings(list(self.wants), edit)
        return self._tried[key]

    def _fits(self, leaf: Did, holds: bool | None) -> bool:
        return _verdict(holds) in self.wants[leaf]

    def _edits(self, leaf: Did, now: Reading, edit: Edit) -> Iterator[Edit]:
        return self.moves[leaf].edits(now, partial(self._fits, leaf), edit)


def _comparison(leaf: Node) -> Comparison:
    if isinstance(leaf, Trait):
        return leaf.comparison
    if isinstance(leaf, SegmentationRef):
        return Comparison("in", leaf.places)
    raise TypeError(f"nothing is compared by {leaf!r}")


def _places(wants: Mapping[Node, Verdicts]) -> Iterator[str]:
    """The places that the clauses name: somebody may be the first to be there."""
    for leaf in wants:
        if isinstance(leaf, SegmentationRef):
            yield from leaf.places


def _verdict(holds: bool | None) -> Verdict:
    return "unknown" if holds is None else "yes" if holds else "no"
