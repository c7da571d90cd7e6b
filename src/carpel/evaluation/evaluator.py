"""Who is in: the one evaluator of rules, over the tables of one build."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Literal
from typing import Any as Anything
from zoneinfo import ZoneInfo

from pyroaring import BitMap

from carpel.engine.base import Engine
from carpel.engine.query import query, table
from carpel.errors import NotFound
from carpel.evaluation.algebra import Algebra
from carpel.evaluation.atoms import Atoms
from carpel.evaluation.bitmaps import bitmap
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.change import Change
from carpel.evaluation.changes import Changes
from carpel.evaluation.comparisons import Clock
from carpel.evaluation.costs import Watch, shared_out
from carpel.evaluation.counting.facts import Facts, is_fact
from carpel.evaluation.counting.kept import Kept
from carpel.evaluation.counting.readings import is_tally
from carpel.evaluation.counting.steps import is_sequence, when_done
from carpel.evaluation.everybody import EMBEDDED, everybody
from carpel.evaluation.explain import Explanation, Preview, explain, preview, verdict
from carpel.evaluation.ground import COUNTRY, TIMEZONE, grounded
from carpel.evaluation.history import History
from carpel.evaluation.leaves import all_leaves, given, leaves, plainly, segment_order
from carpel.evaluation.measures import Atom
from carpel.evaluation.past import Past
from carpel.evaluation.person import Reading, readings, values
from carpel.evaluation.relative import Ranges
from carpel.evaluation.sets import Sets
from carpel.evaluation.statement import Statement
from carpel.evaluation.ways import NOT_YES, YES, ways
from carpel.language import Account, Node, PeopleWhere, RuleError, SegmentationRef, core

if TYPE_CHECKING:
    from carpel.evaluation.accounts import AccountEvaluator


class Evaluator:
    """Evaluates rules over tables bound by name in the engine; the tables stay as they are.

    `as_of` is the build's moment (without a zone: UTC), `zone` the project's. `segments` are the
    rules that `segment:` may name; `stored` are memberships that are known already and win.
    `thresholds` are those that comparisons of people with each other were frozen to, `history`
    tells what segments were; without one it is read from the table `movements`. `accounts` are
    the rules of segments of accounts, which `account: {segment: …}` may name.
    """

    unit: Literal["customer", "account"] = "customer"
    """What rules are about here."""
    _nested: ClassVar[type[Account] | type[PeopleWhere]] = Account
    """Clauses that hold a rule about the other unit."""

    def __init__(
        self,
        engine: Engine,
        *,
        as_of: datetime,
        zone: ZoneInfo,
        segments: Mapping[str, Node] | None = None,
        stored: Mapping[str, BitMap] | None = None,
        thresholds: Mapping[str, Ranges] | None = None,
        history: History | None = None,
        accounts: Mapping[str, Node] | None = None,
    ) -> None:
        moment = as_of.astimezone(UTC).replace(tzinfo=None) if as_of.tzinfo else as_of
        self.catalogue = Catalogue(engine, Clock(moment, zone))
        self._account_segments = accounts or {}
        self._know(segments, stored, thresholds, history or History(engine))

    def _know(
        self,
        segments: Mapping[str, Node] | None,
        stored: Mapping[str, BitMap] | None,
        thresholds: Mapping[str, Ranges] | None,
        history: History,
    ) -> None:
        self.segments = {name: self.core(rule) for name, rule in (segments or {}).items()}
        self.stored = dict(stored or {})
        self._frozen, self._history = thresholds, history
        self._leaves: dict[Node, Sets] = {}
        self._spent: dict[Node, float] = {}
        self.facts = Facts(self.catalogue)
        self.kept: Kept | None = None
        self._members: dict[str, BitMap] = dict(self.stored)

    @cached_property
    def universe(self) -> BitMap:
        """Everybody who exists at `as_of`."""
        return bitmap(
            self.catalogue.engine.fetch(query("SELECT customer FROM customers")).column(0)
        )

    @cached_property
    def atoms(self) -> Atoms:
        """Atoms of leaves, and the thresholds they were frozen to."""
        return Atoms(self.catalogue, self.universe, self._frozen)

    def sets(self, node: Node) -> Sets:
        """Who matches the rule and of whom it is not known; raises NotFound or RuleError."""
        return self.all({"": node})[""]

    def all(self, rules: Mapping[str, Node]) -> dict[str, Sets]:
        """The same for many rules; what they share is evaluated once."""
        asked = {name: self.core(rule) for name, rule in rules.items()}
        algebra = self._algebra(asked.values())
        return {name: algebra.sets(rule) for name, rule in asked.items()}

    def seconds(self, rules: Mapping[str, Node]) -> dict[str, float]:
        """What evaluating each of these rules has taken, what they share split evenly."""
        return shared_out(self._spent, {name: self.core(rule) for name, rule in rules.items()})

    def of_accounts(
        self,
        stored: Mapping[str, BitMap] | None = None,
        thresholds: Mapping[str, Ranges] | None = None,
    ) -> "AccountEvaluator":
        """The evaluator of rules about accounts, which asks this one about their people.

        `stored` and `thresholds` are those of segments of accounts; what these were is read from
        the table `account_movements`.
        """
        from carpel.evaluation.accounts import AccountEvaluator

        return AccountEvaluator(self, self._account_segments, stored, thresholds)

    @cached_property
    def _accounts(self) -> "AccountEvaluator":
        return self.of_accounts()

    def preview(self, node: Node) -> Preview:
        """Count a rule and each of its clauses."""
        rule = self.core(node)
        return preview(rule, self._algebra([rule]))

    def sql(self, node: Node) -> str:
        """One readable statement that gives the same members over the same tables, ascending.

        What history and accounts decide stands in it as lists of keys.
        """
        rule = self.core(node)
        unfolded = segment_order([rule], self.segments, self.stored.keys() - self.segments.keys())
        rules = [rule, *(self.segments[each] for each in unfolded)]
        sets = {leaf: self._given(leaf) for each in rules for leaf in given(each)}
        return Statement(self.atoms, self.segments, self.stored, sets).text(rule)

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
        rule = self.core(node)
        found, algebra = self._of(rule, customer)
        return explain(rule, algebra, found, self.segments)

    def changes(self, node: Node, customer: int) -> tuple[Change, ...]:
        """The fewest changes found that take the customer in, or out; none when nothing would do.

        A trait, a place and a membership are taken to be free of each other and of events.
        """
        rule = self.core(node)
        found, algebra = self._of(rule, customer)
        held = {leaf: verdict(algebra.sets(leaf)) for leaf in map(plainly, all_leaves(rule))}
        wanted = NOT_YES if verdict(algebra.sets(rule)) == "yes" else YES
        changes = Changes(self.catalogue, customer, found, held)
        tried = (changes.along(way) for way in ways(rule, wanted, held))
        return next((tuple(made) for made in tried if made), ())

    def core(self, node: Node) -> Node:
        """The rule as it is evaluated: in core nodes, with calendars of people worked out."""
        return grounded(
            core(node),
            self.catalogue.clock,
            zones=lambda: self._different(TIMEZONE),
            countries=lambda: self._different(COUNTRY),
        )

    def _different(self, trait: str) -> list[str]:
        """The different values that people have of a trait; none where there is no such trait."""
        if trait not in self.catalogue.traits:
            return []
        fact = self.catalogue.trait(trait)
        rows = query("SELECT DISTINCT :it AS it FROM :t", it=fact.value, t=table(fact.table))
        return sorted(str(row[0]) for row in self.catalogue.engine.rows(rows) if row[0])

    def _algebra(self, rules: Iterable[Node]) -> Algebra:
        """What these rules need, known for everybody."""
        listed = list(rules)
        used = segment_order(listed, self.segments, self.stored)
        self._learn([*listed, *(self.segments[name] for name in used)])
        algebra = Algebra(self.universe, self._leaves, self._members)
        for name in used:
            self._learn_given(self.segments[name])
            self._members[name] = algebra.sets(self.segments[name]).yes
        for rule in listed:
            self._learn_given(rule)
        return algebra

    def keep(self, rules: Iterable[Node]) -> None:
        """Read into memory what rules such as these ask about, for rules yet to come.

        Reads all rows of the events that they name; a rule more then takes milliseconds. Of an
        engine elsewhere nothing is kept.
        """
        if self.catalogue.engine.dialect != EMBEDDED:
            return
        self.kept = self.kept or Kept(self.catalogue)
        asked = {leaf: None for rule in rules for leaf in leaves(self.core(rule))}
        atoms = [self.atoms.of(leaf) for leaf in asked]
        steps = [each for each in atoms if is_sequence(each)]
        self.kept.keep([*filter(is_tally, atoms), *when_done(steps, self.catalogue)])
        self.facts.keep(filter(is_fact, atoms))

    def forget(self, most: int = 0) -> None:
        """Let go of the sets of clauses when there are more than so many; rows kept stay."""
        if len(self._leaves) > most:
            self._leaves.clear()
            self._spent.clear()
            self._members = dict(self.stored)

    def learn(self, rules: Iterable[Node]) -> None:
        """Evaluate together what these rules ask of rows, so that each finds it known."""
        self._learn([self.core(rule) for rule in rules])

    def _learn(self, rules: Iterable[Node]) -> None:
        """Evaluate the leaves of these rules that are not known yet, of nested rules as well."""
        listed = list(rules)
        fresh = {
            leaf: self.atoms.of(leaf)
            for rule in listed
            for leaf in leaves(rule)
            if leaf not in self._leaves
        }
        seconds: dict[Atom, float] = {}
        found = everybody(
            fresh.values(), self.catalogue, self.universe, seconds, self.facts, self.kept
        )
        self._leaves |= {leaf: found[each] for leaf, each in fresh.items()}
        users = Counter(fresh.values())
        self._spent |= {leaf: seconds.get(each, 0.0) / users[each] for leaf, each in fresh.items()}
        nested = {
            leaf: leaf.child
            for rule in listed
            for leaf in given(rule)
            if isinstance(leaf, self._nested) and leaf not in self._leaves
        }
        if nested:
            watch = Watch()
            self._other.learn(nested.values())
            watch.lap(nested, self._spent)

    @property
    def _other(self) -> "Evaluator":
        """The evaluator of the rules that clauses of kind `_nested` hold."""
        return self._accounts

    def _learn_given(self, rule: Node) -> None:
        for leaf in (each for each in given(rule) if each not in self._leaves):
            watch = Watch()
            self._leaves[leaf] = self._given(leaf)
            watch.lap([leaf], self._spent)

    def _given(self, leaf: Node) -> Sets:
        """A leaf that is a set made of other sets."""
        if leaf in self._leaves:
            return self._leaves[leaf]
        match leaf:
            case Account(child):
                return self._accounts.people_of(child)
            case PeopleWhere():
                raise RuleError("`people: {where: …}` speaks of an account: put it in `account:`")
        found = self._past.sets(leaf)
        return Sets(found.yes & self.universe, found.unknown & self.universe)

    @cached_property
    def _past(self) -> Past:
        return Past(self._history, self.catalogue.clock, self._now)

    def _now(self, segment: str) -> BitMap:
        """Who is in a segment, or a place such as `rfm.champions`, at this moment."""
        if segment not in self._members:
            if segment in self.segments:
                self._members[segment] = self.sets(self.segments[segment]).yes
            else:
                segmentation, _, place = segment.partition(".")
                if not place:
                    raise NotFound("segment", segment, {*self.segments, *self.stored})
                self._members[segment] = self.sets(SegmentationRef(segmentation, (place,))).yes
        return self._members[segment]

    def _of(self, node: Node, customer: int) -> tuple[dict[Node, Reading], Algebra]:
        """The leaves that a rule needs, for one customer; of stored segments for showing only."""
        self._existing(customer)
        used = segment_order([node], self.segments, self.stored.keys() - self.segments.keys())
        rules = [node, *(self.segments[name] for name in used)]
        found = self._readings({leaf for rule in rules for leaf in leaves(rule)}, customer)
        one = BitMap([customer])
        members = {name: held & one for name, held in self.stored.items()}
        known = {leaf: _as_sets(each, one) for leaf, each in found.items()}
        for leaf in (leaf for rule in rules for leaf in given(rule)):
            sets = self._given(leaf)
            known[leaf] = Sets(sets.yes & one, sets.unknown & one)
        algebra = Algebra(one, known, members)
        for name in used:
            if name not in members:
                members[name] = algebra.sets(self.segments[name]).yes
        return found, algebra

    def _readings(self, wanted: Iterable[Node], customer: int) -> dict[Node, Reading]:
        atoms = {leaf: self.atoms.of_one(leaf) for leaf in wanted}
        found = readings(atoms.values(), self.catalogue, customer)
        return {leaf: found[each] for leaf, each in atoms.items()}

    def _existing(self, customer: int) -> None:
        if not self.catalogue.engine.rows(
            query("SELECT 1 FROM customers WHERE customer = :it", it=customer)
        ):
            raise NotFound(self.unit, str(customer))


def _as_sets(reading: Reading, one: BitMap) -> Sets:
    if reading.holds is None:
        return Sets(BitMap(), one)
    return Sets(one if reading.holds else BitMap(), BitMap())
