"""Figures that take more than one grouped scan: contracts held, sequences, windows since an event.

Each is a relation of its own with one row a customer: the key and the value.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlglot import exp

from carpel.engine.query import Tree, aliased, column, conjunction, literal, query, table
from carpel.errors import suggestion
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.comparisons import Clock, condition
from carpel.evaluation.contracts import STATED, TERMS, judged, with_renewal
from carpel.evaluation.survivors import surviving
from carpel.language import Comparison, Did, Doing, Holds, RuleError, Sequence

CUSTOMER = "customer"


@dataclass(frozen=True)
class Relation:
    """The value behind a clause that one grouped scan cannot give."""

    node: Holds | Sequence | Did
    kind: str
    at_nothing: bool | int | None
    """Its value for somebody whom the relation does not have."""


def conditions(
    doing: Doing, catalogue: Catalogue, clock: Clock, family: str
) -> tuple[Tree, frozenset[str]]:
    """Which rows of an event are meant, and through which properties they are looked up."""
    key = doing, clock, family
    if key not in catalogue.meant:
        catalogue.meant[key] = _conditions(doing, catalogue, clock, family)
    return catalogue.meant[key]


def _conditions(
    doing: Doing, catalogue: Catalogue, clock: Clock, family: str
) -> tuple[Tree, frozenset[str]]:
    found = {name: catalogue.property(doing.event, name, family) for name in doing.where}
    meant = conjunction(
        condition(found[name].value, found[name].kind, each, moment=clock.moment, zone=clock.zone)
        for name, each in doing.where.items()
    )
    return meant, frozenset(each.described_by for each in found.values() if each.described_by)


def occurrences(
    doing: Doing,
    catalogue: Catalogue,
    clock: Clock,
    family: str,
    keys: Collection[int] | None = None,
    instead: Mapping[str, Tree] | None = None,
) -> tuple[exp.Select, Tree, str]:
    """The rows of an event that are meant, the customer's key today, and the event's table."""
    home = catalogue.event(doing.event, family)
    meant, described = conditions(doing, catalogue, clock, family)
    rows = catalogue.rows(doing.event, set(described), family)
    if meant != exp.true():
        rows = rows.where(meant)
    if keys is not None:
        rows = rows.where(column(CUSTOMER, home).isin(*keys))
    if instead and doing.event in instead:
        rows = instead_of(rows, home, instead[doing.event])
    return rows, catalogue.customer(home), home


def instead_of(rows: exp.Select, home: str, instead: Tree) -> exp.Select:
    """The query with another one in place of a table."""
    for each in list(rows.find_all(exp.Table)):
        if each.name == home:
            each.replace(
                exp.Subquery(
                    this=instead.copy(),
                    alias=exp.TableAlias(this=exp.to_identifier(home, quoted=True)),
                )
            )
    return rows


def contracts_held(node: Holds, catalogue: Catalogue, clock: Clock) -> exp.Select:
    """How many contracts of each customer are meant."""
    rows: Tree = table("contracts")
    if catalogue.merged:
        rows = surviving("contracts", STATED)
    meant = [_term(name, each, clock) for name, each in node.where.items()]
    if not node.ever:
        meant.append(column("active"))
    rows = judged(rows, clock.moment)
    if "renewed" in node.where:
        rows = with_renewal(rows, clock.zone)
    found = query("SELECT customer, COUNT(*) AS value FROM :rows AS j GROUP BY customer", rows=rows)
    assert isinstance(found, exp.Select)
    return found.where(conjunction(meant))


def _term(name: str, comparison: Comparison, clock: Clock) -> Tree:
    if name not in TERMS:
        raise RuleError(f"a contract has no {name!r}. {suggestion(name, TERMS)}".strip())
    of, kind = TERMS[name]
    return condition(column(of), kind, comparison, moment=clock.moment, zone=clock.zone)


def one_of(keys: Collection[int] | None) -> list[Tree]:
    """The limit to one customer's keys, if there is one."""
    if keys is None:
        return []
    return [exp.In(this=column(CUSTOMER), expressions=[literal(key) for key in keys])]


def valued(rows: exp.Select, key: Tree, value: Tree) -> exp.Select:
    """One row a customer: the key and the aggregate."""
    return rows.select(aliased(key, CUSTOMER), aliased(value, "value")).group_by(key)
