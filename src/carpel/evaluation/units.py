"""Accounts as the unit: the same evaluation over tables in which an account stands for its people.

What the people of an account did and hold is the account's; a trait is one that a source states
of the account, `people`, `seats_used`, or a figure over its people: `total_`, `mean_`, `most_` and
`least_` before the name of a trait that is a number.
"""

from collections.abc import Mapping

from sqlglot import exp

from carpel.engine.query import Tree, aliased, column, query, table
from carpel.engine.query import name as name_of
from carpel.errors import NotFound
from carpel.evaluation.catalogue import Catalogue, Fact
from carpel.evaluation.comparisons import kind_of
from carpel.evaluation.renamed import Renamed
from carpel.evaluation.survivors import surviving

OVER_PEOPLE = {"total": "SUM", "mean": "AVG", "most": "MAX", "least": "MIN"}
"""Figures over the people of an account, by how their names begin."""
SEATS, SEATS_USED = "seats", "seats_used"
"""The trait that says how many seats somebody's plans have, and the share of an account's seats
that have people: 1 when there are as many people as seats."""
KEPT = "unit_"
"""How the names of tables begin that stay in the engine while accounts are looked at."""
_ITSELF = {"account", "account_key"}


class AccountCatalogue(Catalogue):
    """What accounts offer to rules, beside the `people` they belong to.

    `customers` are the accounts there are, an event is what their people did, and `profiles` hold
    those facts about accounts that were asked for.
    """

    def __init__(self, people: Catalogue) -> None:
        self.people = people
        self._facts: dict[str, tuple[Tree, str]] = {}
        self._made = _Made(people)
        super().__init__(self._made, people.clock)

    def trait(self, name: str) -> Fact:
        """Where a fact about accounts is; raises NotFound."""
        if name not in self._facts:
            self._facts[name] = _fact(self.people, name)
            self._made.recipes["profiles"] = _profiles(self.people, self._facts)
        return Fact("profiles", column(name), self._facts[name][1])


class _Made(Renamed):
    """Tables of accounts under the names of those of people, each made when a query reads it."""

    def __init__(self, people: Catalogue) -> None:
        rows = {
            each: _of_accounts(people, each)
            for each in people.tables
            if each.startswith("event_") or each == "contracts"
        }
        accounts = query("SELECT DISTINCT account AS customer FROM :b AS b", b=belongings(people))
        self.recipes: dict[str, Tree] = {**rows, "customers": accounts}
        self._there: dict[str, Tree] = {}
        described = {each: each for each in people.tables if each.startswith("described_")}
        super().__init__(people.engine, {**{each: f"{KEPT}{each}" for each in rows}, **described})
        self.names |= {each: f"{KEPT}{each}" for each in ("customers", "profiles")}

    def columns(self, tree_or_name: Tree | str) -> dict[str, str]:
        """Columns of a table or a query, and their types."""
        if isinstance(tree_or_name, str):
            self._make(tree_or_name)
        return super().columns(tree_or_name)

    def text(self, tree: Tree, *, pretty: bool = False) -> str:
        """The query with the tables of accounts that it reads worked out in it."""
        whole = super()._renamed(tree)
        if isinstance(whole, exp.Select):
            whole = self._spelled_out(whole, {each.name for each in tree.find_all(exp.Table)})
        return self.engine.text(whole, pretty=pretty)

    def _spelled_out(self, whole: exp.Select, read: set[str]) -> exp.Select:
        later = len(whole.ctes)
        for each in sorted(read & self.recipes.keys()):
            whole = whole.with_(name_of(self.names[each]), as_=self.recipes[each])
        steps = whole.ctes
        if steps and steps[0].parent:
            steps[0].parent.set("expressions", [*steps[later:], *steps[:later]])
        return whole

    def _renamed(self, tree: Tree) -> Tree:
        for each in {found.name for found in tree.find_all(exp.Table)}:
            self._make(each)
        return super()._renamed(tree)

    def _make(self, name: str) -> None:
        """Make a table, or make it anew when it is to hold something else by now."""
        recipe = self.recipes.get(name)
        if recipe is not None and self._there.get(name) is not recipe:
            self.engine.create(self.names[name], recipe)
            self._there[name] = recipe


def belongings(catalogue: Catalogue) -> Tree:
    """The accounts of everybody who exists: customer and account, each pair once."""
    return query(
        "SELECT DISTINCT t.customer, t.account FROM :t AS t JOIN customers AS c USING (customer)",
        t=_today(catalogue, "belongings"),
    )


def _today(catalogue: Catalogue, name: str) -> Tree:
    """A table under the keys that customers have today."""
    if not catalogue.merged:
        return table(name)
    return surviving(name, catalogue.columns(name))


def _others(catalogue: Catalogue, name: str) -> list[Tree]:
    return [column(each, "t") for each in catalogue.columns(name) if each != "customer"]


def _of_accounts(catalogue: Catalogue, name: str) -> Tree:
    """The rows of a table once for each account that their customer belongs to."""
    return query(
        """SELECT b.account AS customer, :others FROM :rows AS t
           JOIN :of AS b ON b.customer = t.customer""",
        others=_others(catalogue, name),
        rows=_today(catalogue, name),
        of=belongings(catalogue),
    )


def _fact(catalogue: Catalogue, trait: str) -> tuple[Tree, str]:
    """How a fact about an account is had from `b`, its people, and `a`, itself; and its kind."""
    if trait == "people":
        return query("COUNT(DISTINCT b.customer)"), "integer"
    stated = catalogue.columns("accounts")
    for own in (f"t_{trait}", trait):
        if own in stated and own not in _ITSELF:
            return query("ANY_VALUE(:it)", it=column(own, "a")), kind_of(stated[own])
    if trait == SEATS_USED and SEATS in _numbers(catalogue):
        held, _ = _fact(catalogue, f"total_{SEATS}")
        return query("COUNT(DISTINCT b.customer) / NULLIF(:held, 0)", held=held), "number"
    word, _, of = trait.partition("_")
    if word not in OVER_PEOPLE or of not in _numbers(catalogue):
        raise NotFound("account trait", trait, account_kinds(catalogue))
    fact = catalogue.trait(of)
    value = query(
        "(SELECT ANY_VALUE(:value) FROM :home AS h WHERE h.customer = b.customer)",
        value=fact.value,
        home=table(fact.table),
    )
    return query(f"{OVER_PEOPLE[word]}(:it)", it=value), "number"


def account_kinds(catalogue: Catalogue) -> dict[str, str]:
    """All facts about accounts that this build offers, and their kinds."""
    stated = {
        each.removeprefix("t_"): kind_of(kind)
        for each, kind in catalogue.columns("accounts").items()
        if each not in _ITSELF
    }
    numbers = _numbers(catalogue)
    over = {f"{word}_{each}": "number" for word in OVER_PEOPLE for each in numbers}
    seats = {SEATS_USED: "number"} if SEATS in numbers else {}
    return {**over, **seats, **stated, "people": "integer"}


def _numbers(catalogue: Catalogue) -> list[str]:
    return [each for each, (kind, *_) in catalogue.traits.items() if kind in ("integer", "number")]


def _profiles(catalogue: Catalogue, facts: Mapping[str, tuple[Tree, str]]) -> Tree:
    """One row an account: its facts."""
    rows = exp.select(
        aliased(column("account", "b"), "customer"),
        *(aliased(tree, trait) for trait, (tree, _) in facts.items()),
    ).from_(exp.alias_(exp.Subquery(this=belongings(catalogue)), "b", table=True))
    if "accounts" in catalogue.tables:
        rows = rows.join(
            exp.alias_(table("accounts"), "a", table=True),
            join_type="LEFT",
            on=column("account", "a").eq(column("account", "b")),
        )
    return rows.group_by(column("account", "b"))
