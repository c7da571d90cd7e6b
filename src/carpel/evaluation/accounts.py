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

CHOSEN, PERHAPS, NUMBERS = "chosen_keys", "perhaps_keys", "chosen_numbers"


class Accounts:
    """Evaluates rules over accounts; `people` evaluates one over people."""

    def __init__(self, catalogue: Catalogue, people: Callable[[Node], Sets]) -> None:
        self.catalogue, self.people = catalogue, people

    def people_of(self, child: Node) -> Sets:
        """Everybody who belongs to an account that matches."""
        found = self.sets(child)
        yes = self.people_in(found.yes)
        return Sets(yes, self.people_in(found.unknown) - yes)

    def sets(self, child: Node) -> Sets:
        """Which accounts match, and of which it is not known."""
        return self.algebra(child).sets(child)

    def algebra(self, child: Node) -> Algebra:
        """What is known of all accounts about each clause of a rule."""
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
        return Algebra(universe, known, {})

    def _given(self, leaf: Node, universe: BitMap) -> Sets:
        if not isinstance(leaf, PeopleWhere):
            raise RuleError("of an account, ask for `people: {where: …}` to speak of its people")
        return self._counted(self.people(leaf.child), leaf.comparison, universe)

    def _counted(self, people: Sets, comparison: Comparison, universe: BitMap) -> Sets:
        """Accounts by how many of their people match: whatever number the unknown make it."""
        engine, clock = self.catalogue.engine, self.catalogue.clock
        engine.register(CHOSEN, pa.table({"customer": to_keys(people.yes)}))
        engine.register(PERHAPS, pa.table({"customer": to_keys(people.possible)}))
        counts = query(
            """SELECT b.account, COUNT(y.customer) AS least, COUNT(p.customer) AS most FROM :b AS b
               LEFT JOIN :yes AS y ON y.customer = b.customer
               LEFT JOIN :possible AS p ON p.customer = b.customer GROUP BY b.account""",
            b=belongings(self.catalogue),
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

    def people_in(self, accounts: BitMap) -> BitMap:
        """Everybody who belongs to any of these accounts."""
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
