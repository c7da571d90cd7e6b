"""Accounts as the unit: the same evaluation over tables in which an account stands for its people.

What the people of an account did and hold is the account's; a trait is one that a source states
of the account, `people`, `seats_used`, or a figure over its people: `total_`, `mean_`, `most_` and
`least_` before the name of a trait that is a number.
"""

from collections.abc import Iterable, Mapping

from sqlglot import exp

from carpel.engine.query import Tree, aliased, column, query, table
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
    """What accounts offer to rules: only these events, and these facts about accounts.

    Its tables are made when it is; `people` is the catalogue of the people they belong to.
    """

    def __init__(self, people: Catalogue, events: Iterable[str], traits: Iterable[str]) -> None:
        self.people = people
        self.facts = {trait: _fact(people, trait) for trait in traits}
        made = {
            "customers": query(
                "SELECT DISTINCT account AS customer FROM :b AS b", b=belongings(people)
            ),
            "profiles": _profiles(people, self.facts),
        }
        for event in events:
            made[people.event(event)] = _of_accounts(people, people.event(event))
        if "contracts" in people.tables:
            made["contracts"] = _of_accounts(people, "contracts")
        for each, tree in made.items():
            people.engine.create(f"{KEPT}{each}", tree)
        described = {each: each for each in people.tables if each.startswith("described_")}
        names = {each: f"{KEPT}{each}" for each in made} | described
        super().__init__(Renamed(people.engine, names), people.clock)

    def trait(self, name: str) -> Fact:
        """Where a fact about accounts is; raises NotFound."""
        return Fact("profiles", column(name), self.facts[name][1])


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
        raise NotFound("account trait", trait, account_traits(catalogue))
    fact = catalogue.trait(of)
    value = query(
        "(SELECT ANY_VALUE(:value) FROM :home AS h WHERE h.customer = b.customer)",
        value=fact.value,
        home=table(fact.table),
    )
    return query(f"{OVER_PEOPLE[word]}(:it)", it=value), "number"


def account_traits(catalogue: Catalogue) -> set[str]:
    """The names of all facts about accounts that this build offers."""
    stated = {each.removeprefix("t_") for each in catalogue.columns("accounts")}
    over = {f"{word}_{each}" for word in OVER_PEOPLE for each in _numbers(catalogue)}
    seats = {SEATS_USED} if SEATS in _numbers(catalogue) else set()
    return {"people"} | (stated - _ITSELF) | over | seats


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
