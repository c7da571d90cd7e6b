"""Figures over what came after an event of the person's own: visits since the last order."""

from collections.abc import Collection, Mapping

from sqlglot import exp

from carpel.engine.query import Tree, aliased, column, conjunction, query
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.comparisons import Clock, upto
from carpel.evaluation.measures import tally, where_in
from carpel.evaluation.relation import CUSTOMER, occurrences, valued
from carpel.evaluation.windows import TICK
from carpel.language import Anchor, Did

_WHICH = {"first": "MIN", "last": "MAX"}


def since_event(
    node: Did,
    catalogue: Catalogue,
    clock: Clock,
    keys: Collection[int] | None = None,
    families: Mapping[str, str] | None = None,
) -> exp.Select:
    """A row for everybody who has the event; with nothing since, what the figure is of nothing."""
    assert node.since is not None
    kind = families or {}
    begun = _anchors(node.since, catalogue, clock, keys, kind)
    family = kind.get(node.event, "event")
    counted = tally(node, catalogue, family)
    home = catalogue.event(node.event, family)
    key = catalogue.customer(home)
    rows = (
        catalogue.rows(node.event, set(counted.described), family)
        .join(begun.subquery("begun"), on=key.eq(column(CUSTOMER, "begun")))
        .where(conjunction([counted.filters, where_in(counted.span, home)]))
        .where(query(":at > :begun", at=column("at", home), begun=column("begun_at", "begun")))
    )
    if keys is not None:
        rows = rows.where(column(CUSTOMER, home).isin(*keys))
    whole = query(
        """SELECT b.customer AS customer, COALESCE(c.value, :nothing) AS value
           FROM :begun AS b LEFT JOIN :counted AS c ON c.customer = b.customer""",
        nothing=exp.null() if counted.at_nothing is None else counted.at_nothing,
        begun=begun,
        counted=valued(rows, key, counted.aggregate),
    )
    assert isinstance(whole, exp.Select)
    return whole


def _anchors(
    anchor: Anchor,
    catalogue: Catalogue,
    clock: Clock,
    keys: Collection[int] | None,
    families: Mapping[str, str],
) -> exp.Select:
    """When each customer's own window begins."""
    family = families.get(anchor.doing.event, "event")
    rows, key, home = occurrences(anchor.doing, catalogue, clock, family, keys)
    at = column("at", home)
    when: Tree = query(f"{_WHICH[anchor.which]}(:at)", at=at)
    return (
        rows.where(upto(at, clock.moment + TICK))
        .select(aliased(key, CUSTOMER), aliased(when, "begun_at"))
        .group_by(key)
    )
