"""Rules about accounts: from a person to the account, and from an account to its people."""

from collections.abc import Callable

import pyarrow as pa
from pyroaring import BitMap

from carpel.engine.query import Tree, query, table
from carpel.evaluation.algebra import Algebra
from carpel.evaluation.atoms import Atoms
from carpel.evaluation.bitmaps import bitmap, to_keys
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.comparisons import condition
from carpel.evaluation.everybody import everybody
from carpel.evaluation.leaves import given, leaves
from carpel.evaluation.sets import Sets
from carpel.evaluation.units import AccountCatalogue, belongings
from carpel.language import Account, Comparison, Node, PeopleWhere, RuleError, references

CHOSEN = "chosen_keys"


class Accounts:
    """Evaluates rules over accounts; `people` evaluates one over people."""

    def __init__(self, catalogue: Catalogue, people: Callable[[Node], Sets]) -> None:
        self.catalogue, self.people = catalogue, people

    def people_of(self, child: Node) -> Sets:
        """Everybody who belongs to an account that matches."""
        found = self.sets(child)
        yes = self._belonging(found.yes)
        return Sets(yes, self._belonging(found.unknown) - yes)

    def sets(self, child: Node) -> Sets:
        """Which accounts match, and of which it is not known."""
        names = references(Account(child))
        events = {each.name for each in names if each.kind == "event"}
        traits = {each.name for each in names if each.kind == "account trait"}
        catalogue = AccountCatalogue(self.catalogue, events, sorted(traits))
        universe = bitmap(catalogue.engine.fetch(query("SELECT customer FROM customers")).column(0))
        atoms = Atoms(catalogue, universe)
        wanted = {leaf: atoms.of(leaf) for leaf in leaves(child)}
        found = everybody(wanted.values(), catalogue, universe)
        known = {leaf: found[atom] for leaf, atom in wanted.items()}
        for leaf in given(child):
            known[leaf] = self._given(leaf, universe)
        return Algebra(universe, known, {}).sets(child)

    def _given(self, leaf: Node, universe: BitMap) -> Sets:
        if not isinstance(leaf, PeopleWhere):
            raise RuleError("of an account, ask for `people: {where: …}` to speak of its people")
        return self._counted(self.people(leaf.child), leaf.comparison, universe)

    def _counted(self, people: Sets, comparison: Comparison, universe: BitMap) -> Sets:
        """Accounts by how many of their people match; not known where the unknown would decide."""
        low, high = (
            self._holding(people.yes, comparison),
            self._holding(people.possible, comparison),
        )
        yes = low & high & universe
        return Sets(yes, ((low | high) & universe) - yes)

    def _holding(self, people: BitMap, comparison: Comparison) -> BitMap:
        self.catalogue.engine.register(CHOSEN, pa.table({"customer": to_keys(people)}))
        rows = query(
            """SELECT b.account, COUNT(c.customer) AS people FROM :b AS b
               LEFT JOIN :chosen AS c ON c.customer = b.customer GROUP BY b.account""",
            b=belongings(self.catalogue),
            chosen=table(CHOSEN),
        )
        clock = self.catalogue.clock
        holds = condition(
            query("people"), "integer", comparison, moment=clock.moment, zone=clock.zone
        )
        return self._fetched(
            query("SELECT account FROM :rows AS r WHERE :holds", rows=rows, holds=holds)
        )

    def _belonging(self, accounts: BitMap) -> BitMap:
        self.catalogue.engine.register(CHOSEN, pa.table({"account": to_keys(accounts)}))
        return self._fetched(
            query(
                "SELECT DISTINCT b.customer FROM :b AS b JOIN :chosen AS c USING (account)",
                b=belongings(self.catalogue),
                chosen=table(CHOSEN),
            )
        )

    def _fetched(self, tree: Tree) -> BitMap:
        found = bitmap(self.catalogue.engine.fetch(tree).column(0))
        self.catalogue.engine.drop(CHOSEN)
        return found
