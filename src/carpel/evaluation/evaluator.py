"""Who is in: the one evaluator of rules, over the tables of one build."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from pyroaring import BitMap

from carpel.engine.base import Engine
from carpel.engine.query import query
from carpel.evaluation.bitmaps import bitmap
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.comparisons import Clock
from carpel.evaluation.everybody import everybody
from carpel.evaluation.leaves import leaves, plainly, segment_order
from carpel.evaluation.measures import atom
from carpel.evaluation.sets import Sets, counted, every, opposite, some
from carpel.evaluation.statement import Statement
from carpel.language import All, Any, Did, Node, NoneOf, Not, People, SegmentRef, Trait


class Evaluator:
    """Evaluates rules over tables bound by name in the engine; the tables stay as they are.

    `as_of` is the build's moment (without a zone: UTC), `zone` the project's. `segments` are the
    rules that `segment:` may name; `stored` are memberships that are known already and win.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        as_of: datetime,
        zone: ZoneInfo,
        segments: Mapping[str, Node] | None = None,
        stored: Mapping[str, BitMap] | None = None,
    ) -> None:
        moment = as_of.astimezone(UTC).replace(tzinfo=None) if as_of.tzinfo else as_of
        self.catalogue = Catalogue(engine, Clock(moment, zone))
        self.segments = dict(segments or {})
        self.stored = dict(stored or {})
        self._known: dict[Node, Sets] = {}
        self._members: dict[str, BitMap] = {}

    @cached_property
    def universe(self) -> BitMap:
        """Everybody who exists at `as_of`."""
        return bitmap(
            self.catalogue.engine.fetch(query("SELECT customer FROM customers")).column(0)
        )

    def sets(self, node: Node) -> Sets:
        """Who matches the rule and of whom it is not known; raises NotFound or RuleError."""
        return self.all({"": node})[""]

    def all(self, rules: Mapping[str, Node]) -> dict[str, Sets]:
        """The same for many rules; what they share is evaluated once."""
        used = segment_order(rules.values(), self.segments, self.stored)
        self._learn([*rules.values(), *(self.segments[name] for name in used)])
        for name in used:
            self._members[name] = self._sets(self.segments[name]).yes
        return {name: self._sets(rule) for name, rule in rules.items()}

    def sql(self, node: Node) -> str:
        """One readable statement that gives the same members over the same tables, ascending."""
        return Statement(self.catalogue, self.segments, self.stored).text(node)

    def _learn(self, rules: Iterable[Node]) -> None:
        """Evaluate the leaves of these rules that are not known yet."""
        fresh = {
            leaf: atom(leaf, self.catalogue)
            for rule in rules
            for leaf in leaves(rule)
            if leaf not in self._known
        }
        found = everybody(fresh.values(), self.catalogue, self.universe)
        self._known |= {leaf: found[each] for leaf, each in fresh.items()}

    def _sets(self, node: Node) -> Sets:
        match node:
            case All(children):
                return every(map(self._sets, children), self.universe)
            case Any(children):
                return some(map(self._sets, children))
            case NoneOf(children):
                return opposite(some(map(self._sets, children)), self.universe)
            case Not(child):
                return opposite(self._sets(child), self.universe)
            case SegmentRef(segment):
                return Sets(self._segment(segment), BitMap())
            case People(customers):
                return Sets(BitMap(customers) & self.universe, BitMap())
            case Trait(missing="match") | Did(missing="match"):
                return counted(self._known[plainly(node)])
        return self._known[node]

    def _segment(self, name: str) -> BitMap:
        """Members of a segment; of whom it is not known there is no member."""
        if name in self.stored:
            return self.stored[name] & self.universe
        return self._members[name]
