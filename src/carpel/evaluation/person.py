"""Measures and atoms of one customer: all in one SELECT over files sorted by customer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from carpel.engine.query import Tree, aliased, column, conjunction, literal, query, table
from carpel.evaluation.catalogue import Catalogue, Fact
from carpel.evaluation.measures import Atom, Measure, Permission, Tally, only, where_in
from carpel.evaluation.relation import Relation, instead_of
from carpel.evaluation.relations import relation
from carpel.evaluation.scans import CUSTOMER, named
from carpel.language import Node, references


@dataclass(frozen=True)
class Reading:
    """What a customer has and whether that matches; None: not known."""

    value: Any
    holds: bool | None


def readings(
    atoms: Iterable[Atom],
    catalogue: Catalogue,
    customer: int,
    events: Mapping[str, Tree] | None = None,
) -> dict[Atom, Reading]:
    """Give each atom's value and verdict for one customer.

    `events` are queries to be read in place of an event's rows, to ask what would be.
    """
    listed = list(dict.fromkeys(atoms))
    if not listed:
        return {}
    measures = list(dict.fromkeys(each.measure for each in listed))
    names = {measure: f"m{index}" for index, measure in enumerate(measures)}
    found = [column(names[each.measure]) for each in listed]
    holds = [each.holds(value, catalogue) for each, value in zip(listed, found, strict=True)]
    row = catalogue.engine.rows(
        exp.select(
            *named({f"v{index}": value for index, value in enumerate(found)}),
            *named({f"a{index}": tree for index, tree in enumerate(holds)}),
        ).from_(_one_row(names, catalogue, customer, events or {}).subquery("measured"))
    )[0]
    return {
        each: Reading(value, verdict)
        for each, value, verdict in zip(listed, row[: len(listed)], row[len(listed) :], strict=True)
    }


def values(measures: Mapping[str, Measure], catalogue: Catalogue, customer: int) -> dict[str, Any]:
    """Give each measure's value for one customer, by name."""
    if not measures:
        return {}
    names = {measure: name for name, measure in measures.items()}
    row = catalogue.engine.rows(
        exp.select(*(column(names[each]) for each in measures.values())).from_(
            _one_row(names, catalogue, customer, {}).subquery("measured")
        )
    )[0]
    return dict(zip(measures, row, strict=True))


def _one_row(
    names: Mapping[Measure, str], catalogue: Catalogue, customer: int, events: Mapping[str, Tree]
) -> exp.Select:
    """One row with a column a measure; without any rows of the customer as well."""
    groups: dict[tuple[str, ...], dict[str, Measure]] = {}
    for measure, name in names.items():
        groups.setdefault(_home(measure), {})[name] = measure
    whole = exp.select("*")
    for index, group in enumerate(groups.values()):
        part = _group(group, catalogue, customer, events).subquery(f"part{index}")
        whole = whole.from_(part) if index == 0 else whole.join(part, join_type="CROSS")
    return whole


def _home(measure: Measure) -> tuple[str, ...]:
    match measure:
        case Fact(home):
            return "fact", home
        case Permission(channel, purpose):
            return "permission", channel, purpose
        case Relation(node):
            return "relation", repr(node)
    return "event", measure.event


def _group(
    group: Mapping[str, Measure], catalogue: Catalogue, customer: int, events: Mapping[str, Tree]
) -> exp.Select:
    first = next(iter(group.values()))
    if isinstance(first, Tally):
        tallies = {name: each for name, each in group.items() if isinstance(each, Tally)}
        return _tallied(tallies, catalogue, customer, events.get(first.event))
    mine = column(CUSTOMER).eq(literal(customer))
    if isinstance(first, Relation):
        return _related(first, next(iter(group)), catalogue, customer)
    if isinstance(first, Permission):
        return (
            exp.select(aliased(first.value, next(iter(group))))
            .from_(table("consents"))
            .where(first.filters, mine)
        )
    only_row = {
        name: query("ANY_VALUE(:value)", value=each.value)
        for name, each in group.items()
        if isinstance(each, Fact)
    }
    return exp.select(*named(only_row)).from_(table(first.table)).where(mine)


def _tallied(
    tallies: Mapping[str, Tally], catalogue: Catalogue, customer: int, instead: Tree | None
) -> exp.Select:
    event = next(iter(tallies.values())).event
    family = catalogue.family(event)
    home = catalogue.event(event, family)
    rows = catalogue.rows(
        event, {key for each in tallies.values() for key in each.described}, family
    )
    rows = rows.where(column(CUSTOMER, home).isin(*catalogue.keys(customer)))
    if instead is not None:
        rows = instead_of(rows, home, instead)
    counted = {
        name: only(each.aggregate, conjunction([each.filters, where_in(each.span, home)]))
        for name, each in tallies.items()
    }
    return rows.select(*named(counted))


def events_of(node: Node) -> set[str]:
    """The events that a clause is about."""
    return {each.name for each in references(node) if each.kind == "event"}


def _related(each: Relation, name: str, catalogue: Catalogue, customer: int) -> exp.Select:
    """The one row of a relation; what it is of nothing when there is none."""
    families = {event: catalogue.family(event) for event in events_of(each.node)}
    rows = relation(each, catalogue, catalogue.keys(customer), families)
    nothing = exp.null() if each.at_nothing is None else literal(each.at_nothing)
    value = query("COALESCE(ANY_VALUE(value), :nothing)", nothing=nothing)
    mine = column(CUSTOMER).eq(literal(customer))
    return exp.select(aliased(value, name)).from_(rows.subquery("related")).where(mine)
