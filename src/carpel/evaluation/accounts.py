"""Rules about accounts: from a person to the account, and from an account to its people."""

from collections.abc import Mapping
from typing import Literal

import pyarrow as pa
from pyroaring import BitMap

from carpel.engine.query import query, table
from carpel.evaluation.bitmaps import bitmap, to_keys
from carpel.evaluation.comparisons import condition
from carpel.evaluation.evaluator import Evaluator
from carpel.evaluation.history import History
from carpel.evaluation.leaves import all_leaves
from carpel.evaluation.relative import Ranges
from carpel.evaluation.sets import Sets
from carpel.evaluation.units import AccountCatalogue, belongings
from carpel.language import (
    Account,
    Comparison,
    Consent,
    Moved,
    Node,
    PeopleWhere,
    RuleError,
    SegmentationRef,
    plain_clause,
)

OF_PEOPLE = Account | Consent | SegmentationRef | Moved
"""Clauses that are said of people only."""
CHOSEN, PERHAPS, NUMBERS = "chosen_keys", "perhaps_keys", "chosen_numbers"


class AccountEvaluator(Evaluator):
    """Evaluates rules about accounts, by their keys in place of those of customers.

    `people` evaluates what such a rule says of their people; see `Evaluator.of_accounts`.
    """

    unit: Literal["customer", "account"] = "account"
    _nested = PeopleWhere

    def __init__(
        self,
        people: Evaluator,
        segments: Mapping[str, Node],
        stored: Mapping[str, BitMap] | None,
        thresholds: Mapping[str, Ranges] | None,
    ) -> None:
        self.people = people
        self.catalogue = AccountCatalogue(people.catalogue)
        told = History(people.catalogue.engine, "account_movements")
        self._know(segments, stored, thresholds, told)

    def people_of(self, rule: Node) -> Sets:
        """Everybody who belongs to an account that matches."""
        found = self.sets(rule)
        yes = self.people_in(found.yes)
        return Sets(yes, self.people_in(found.unknown) - yes)

    def people_in(self, accounts: BitMap) -> BitMap:
        """Everybody who belongs to any of these accounts."""
        engine = self.people.catalogue.engine
        engine.register(CHOSEN, pa.table({"account": to_keys(accounts)}))
        tree = query(
            "SELECT DISTINCT b.customer FROM :b AS b JOIN :chosen AS c USING (account)",
            b=belongings(self.people.catalogue),
            chosen=table(CHOSEN),
        )
        found = bitmap(engine.fetch(tree).column(0))
        engine.drop(CHOSEN)
        return found

    def core(self, node: Node) -> Node:
        """As rules are evaluated; raises RuleError for what only people have."""
        rule = super().core(node)
        for leaf in all_leaves(rule):
            if isinstance(leaf, OF_PEOPLE):
                raise RuleError(
                    f"`{plain_clause(leaf)}` is said of people, not of an account: put it in "
                    "`people: {where: …}`"
                )
        return rule

    @property
    def _other(self) -> Evaluator:
        return self.people

    def _given(self, leaf: Node) -> Sets:
        if isinstance(leaf, PeopleWhere) and leaf not in self._leaves:
            return self._counted(self.people.sets(leaf.child), leaf.comparison, self.universe)
        return super()._given(leaf)

    def _counted(self, people: Sets, comparison: Comparison, universe: BitMap) -> Sets:
        """Accounts by how many of their people match: whatever number the unknown make it."""
        engine, clock = self.people.catalogue.engine, self.people.catalogue.clock
        engine.register(CHOSEN, pa.table({"customer": to_keys(people.yes)}))
        engine.register(PERHAPS, pa.table({"customer": to_keys(people.possible)}))
        counts = query(
            """SELECT b.account, COUNT(y.customer) AS least, COUNT(p.customer) AS most FROM :b AS b
               LEFT JOIN :yes AS y ON y.customer = b.customer
               LEFT JOIN :possible AS p ON p.customer = b.customer GROUP BY b.account""",
            b=belongings(self.people.catalogue),
            yes=table(CHOSEN),
            possible=table(PERHAPS),
        )
        most = engine.value(query("SELECT MAX(most) FROM :counts AS c", counts=counts)) or 0
        engine.register(NUMBERS, pa.table({"n": pa.array(range(most + 1), pa.int64())}))
        holds = condition(query("n"), "integer", comparison, moment=clock.moment, zone=clock.zone)
        found = engine.fetch(
            query(
                """SELECT c.account, BOOL_AND(n.met) AS sure, BOOL_OR(n.met) AS possible
                   FROM :counts AS c JOIN (SELECT n, :holds AS met FROM :numbers AS m) AS n
                   ON n.n BETWEEN c.least AND c.most GROUP BY c.account""",
                counts=counts,
                holds=holds,
                numbers=table(NUMBERS),
            )
        )
        for name in (CHOSEN, PERHAPS, NUMBERS):
            engine.drop(name)
        yes, possible = (bitmap(found.filter(found.column(i)).column(0)) for i in (1, 2))
        return Sets(yes & universe, (possible - yes) & universe)
