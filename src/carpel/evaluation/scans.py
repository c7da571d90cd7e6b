"""Queries that give measures, a row a customer: one for all that can be had together."""

from collections.abc import Iterable, Mapping, Sequence

from sqlglot import exp

from carpel.engine.query import Tree, aliased, column, conjunction, table
from carpel.evaluation.catalogue import Catalogue, Fact
from carpel.evaluation.measures import Measure, Permission, Tally, covering, only, where_in
from carpel.evaluation.relation import Relation
from carpel.evaluation.relations import relation

CUSTOMER = "customer"


def together(measures: Iterable[Measure]) -> list[list[Measure]]:
    """Measures that one scan gives: of one table, or of one event and filter."""
    groups: dict[tuple[str, str], list[Measure]] = {}
    for measure in dict.fromkeys(measures):
        groups.setdefault(_scanned(measure), []).append(measure)
    return list(groups.values())


def _scanned(measure: Measure) -> tuple[str, str]:
    match measure:
        case Fact(home):
            return "fact", home
        case Permission(channel, purpose):
            return "permission", f"{channel} {purpose}"
        case Relation(node):
            return "relation", repr(node)
    return measure.event, measure.filters.sql(dialect="duckdb")


def scan(measures: Mapping[str, Measure], catalogue: Catalogue) -> exp.Select:
    """One row a customer with a column for each measure; all belong to one group."""
    first = next(iter(measures.values()))
    match first:
        case Fact(home):
            values = {name: each.value for name, each in measures.items() if isinstance(each, Fact)}
            return _selected(exp.select().from_(table(home)), column(CUSTOMER), values)
        case Permission():
            rows = exp.select().from_(table("consents")).where(first.filters)
            return _selected(rows, column(CUSTOMER), dict.fromkeys(measures, first.value)).group_by(
                column(CUSTOMER)
            )
        case Relation():
            rows = exp.select().from_(relation(first, catalogue).subquery("related"))
            return _selected(rows, column(CUSTOMER), dict.fromkeys(measures, column("value")))
    return _tallied(
        {name: each for name, each in measures.items() if isinstance(each, Tally)}, catalogue
    )


def _tallied(tallies: Mapping[str, Tally], catalogue: Catalogue) -> exp.Select:
    some = list(tallies.values())
    event, home = some[0].event, catalogue.event(some[0].event)
    around = covering(each.span for each in some)
    rows = catalogue.rows(event, {key for each in some for key in each.described})
    values = {
        name: each.aggregate
        if each.span == around
        else only(each.aggregate, where_in(each.span, home))
        for name, each in tallies.items()
    }
    key = catalogue.customer(home)
    limits = [] if some[0].filters == exp.true() else [some[0].filters]
    return (
        _selected(rows, key, values)
        .where(conjunction([*limits, where_in(around, home)]), copy=False)
        .group_by(key.copy(), copy=False)
    )


def _selected(rows: exp.Select, key: Tree, values: Mapping[str, Tree]) -> exp.Select:
    """`rows` was made for this scan and takes the columns itself: large trees copy slowly."""
    return rows.select(aliased(key, CUSTOMER), *named(values), copy=False)


def named(values: Mapping[str, Tree]) -> Sequence[Tree]:
    """Expressions under their names."""
    return [aliased(value, name) for name, value in values.items()]
