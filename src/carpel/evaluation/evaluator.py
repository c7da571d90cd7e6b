"""Who is in: the one evaluator of rules, over the tables of one build."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Any as Anything
from zoneinfo import ZoneInfo

from pyroaring import BitMap

from carpel.engine.base import Engine
from carpel.engine.query import query
from carpel.errors import NotFound
from carpel.evaluation.algebra import Algebra
from carpel.evaluation.bitmaps import bitmap
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.change import Change
from carpel.evaluation.changes import Changes
from carpel.evaluation.comparisons import Clock
from carpel.evaluation.everybody import everybody
from carpel.evaluation.explain import Explanation, Preview, explain, preview, verdict
from carpel.evaluation.leaves import all_leaves, leaves, plainly, segment_order
from carpel.evaluation.measures import atom
from carpel.evaluation.person import Reading, readings, values
from carpel.evaluation.sets import Sets
from carpel.evaluation.statement import Statement
from carpel.evaluation.ways import NOT_YES, YES, ways
from carpel.language import Did, Node


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
        self._leaves: dict[Node, Sets] = {}
        self._members: dict[str, BitMap] = dict(self.stored)

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
        algebra = self._algebra(rules.values())
        return {name: algebra.sets(rule) for name, rule in rules.items()}

    def preview(self, node: Node) -> Preview:
        """Count a rule and each of its clauses."""
        return preview(node, self._algebra([node]))

    def sql(self, node: Node) -> str:
        """One readable statement that gives the same members over the same tables, ascending."""
        return Statement(self.catalogue, self.segments, self.stored).text(node)

    def values(self, customer: int) -> dict[str, Anything]:
        """Every trait of one customer; None where it is not known. Raises NotFound."""
        self._existing(customer)
        return values(
            {name: self.catalogue.trait(name) for name in self.catalogue.traits},
            self.catalogue,
            customer,
        )

    def explain(self, node: Node, customer: int) -> Explanation:
        """Each clause's verdict on one customer, and which clauses decide; raises NotFound."""
        found, algebra = self._of(node, customer)
        return explain(node, algebra, found, self.segments)

    def changes(self, node: Node, customer: int) -> tuple[Change, ...]:
        """The fewest changes found that take the customer in, or out; none when nothing would do.

        A trait, a place and a membership are taken to be free of each other and of events.
        """
        found, algebra = self._of(node, customer)
        held = {leaf: verdict(algebra.sets(leaf)) for leaf in map(plainly, all_leaves(node))}
        wanted = NOT_YES if verdict(algebra.sets(node)) == "yes" else YES
        changes = Changes(self.catalogue, customer, found, held)
        tried = (changes.along(way) for way in ways(node, wanted, held))
        return next((tuple(made) for made in tried if made), ())

    def _algebra(self, rules: Iterable[Node]) -> Algebra:
        """What these rules need, known for everybody."""
        listed = list(rules)
        used = segment_order(listed, self.segments, self.stored)
        self._learn([*listed, *(self.segments[name] for name in used)])
        algebra = Algebra(self.universe, self._leaves, self._members)
        for name in used:
            self._members[name] = algebra.sets(self.segments[name]).yes
        return algebra

    def _learn(self, rules: Iterable[Node]) -> None:
        """Evaluate the leaves of these rules that are not known yet."""
        fresh = {
            leaf: atom(leaf, self.catalogue)
            for rule in rules
            for leaf in leaves(rule)
            if leaf not in self._leaves
        }
        found = everybody(fresh.values(), self.catalogue, self.universe)
        self._leaves |= {leaf: found[each] for leaf, each in fresh.items()}

    def _of(self, node: Node, customer: int) -> tuple[dict[Node, Reading], Algebra]:
        """The leaves that a rule needs, for one customer; of stored segments for showing only."""
        self._existing(customer)
        used = segment_order([node], self.segments, self.stored.keys() - self.segments.keys())
        rules = [node, *(self.segments[name] for name in used)]
        found = self._readings({leaf for rule in rules for leaf in leaves(rule)}, customer)
        one = BitMap([customer])
        members = {name: held & one for name, held in self.stored.items()}
        algebra = Algebra(one, {leaf: _as_sets(each, one) for leaf, each in found.items()}, members)
        for name in used:
            if name not in members:
                members[name] = algebra.sets(self.segments[name]).yes
        return found, algebra

    def _readings(self, wanted: Iterable[Node], customer: int) -> dict[Node, Reading]:
        atoms = {leaf: atom(leaf, self.catalogue, self._family(leaf)) for leaf in wanted}
        found = readings(atoms.values(), self.catalogue, customer)
        return {leaf: found[each] for leaf, each in atoms.items()}

    def _family(self, leaf: Node) -> str:
        return self.catalogue.family(leaf.event) if isinstance(leaf, Did) else "event"

    def _existing(self, customer: int) -> None:
        if not self.catalogue.engine.rows(
            query("SELECT 1 FROM customers WHERE customer = :it", it=customer)
        ):
            raise NotFound("customer", str(customer))


def _as_sets(reading: Reading, one: BitMap) -> Sets:
    if reading.holds is None:
        return Sets(BitMap(), one)
    return Sets(one if reading.holds else BitMap(), BitMap())
