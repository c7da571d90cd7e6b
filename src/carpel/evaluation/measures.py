"""The value behind a clause: a trait, a place, a permission, or a figure over what people did."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from carpel.engine import functions
from carpel.engine.kinds import STORED
from carpel.engine.query import Tree, column, conjunction, literal, query
from carpel.evaluation.catalogue import Catalogue, Fact, Property
from carpel.evaluation.comparisons import RELATIVE, Clock, condition, since, upto
from carpel.evaluation.relation import Relation, conditions
from carpel.evaluation.relative import Ranges
from carpel.evaluation.windows import Span, span
from carpel.language import (
    Comparison,
    Consent,
    Did,
    Doing,
    Holds,
    Near,
    Node,
    RuleError,
    Sample,
    SegmentationRef,
    Sequence,
    Trait,
)

AT_NOTHING = {"count": 0, "sum": 0, "distinct": 0}
"""What an aggregate is for somebody without a matching event; the others are unknown."""
_NUMERIC = {"sum", "avg"}


@dataclass(frozen=True)
class Permission:
    """Whether a customer may be contacted so; without a row, no."""

    channel: str
    purpose: str
    kind: str = "boolean"

    @property
    def filters(self) -> Tree:
        """The rows of `consents` that are about it."""
        return query(
            "channel = :channel AND purpose = :purpose", channel=self.channel, purpose=self.purpose
        )

    @property
    def value(self) -> Tree:
        """True when it is granted and nothing speaks against it."""
        return query("COALESCE(BOOL_AND(granted AND NOT COALESCE(suppressed, FALSE)), FALSE)")


@dataclass(frozen=True)
class Tally:
    """An aggregate over the events that pass the filters within a span."""

    event: str
    home: str
    """The event's table."""
    filters: Tree
    described: frozenset[str]
    span: Span
    word: str
    """The aggregate in one word, such as `sum`."""
    thing: Tree | None
    """What it is of; None for a count. Of a share, the share itself."""
    kind: str
    at_nothing: int | None

    @property
    def aggregate(self) -> Tree:
        """The aggregate itself: made when it is asked for, as trees take long to make."""
        return _AGGREGATES[self.word](self.thing, self.home)


Measure = Fact | Permission | Tally | Relation


@dataclass(frozen=True)
class Atom:
    """A distinct clause: a measure and how it compares, on the clocks of a zone."""

    measure: Measure
    comparison: Comparison | Ranges
    zone: str = ""

    @property
    def relative(self) -> bool:
        """Whether people are compared with each other, which takes everybody first."""
        return isinstance(self.comparison, Comparison) and self.comparison.operator in RELATIVE

    def holds(self, value: Tree, catalogue: Catalogue) -> Tree:
        """The clause as a condition on its measure's value."""
        if isinstance(self.comparison, Ranges):
            return self.comparison.holds(value)
        clock = catalogue.clock_of(self.zone)
        return condition(
            value, self.measure.kind, self.comparison, moment=clock.moment, zone=clock.zone
        )

    @property
    def nothing(self) -> bool | int | None:
        """The measure's value for somebody of whom no row is there."""
        if isinstance(self.measure, Permission):
            return False
        return self.measure.at_nothing if isinstance(self.measure, Tally | Relation) else None

    def typed(self, value: object) -> Tree:
        """A value as the measure's own type."""
        return exp.cast(literal(value), STORED[self.measure.kind], dialect="duckdb")


def atom(node: Node, catalogue: Catalogue, family: str = "event") -> Atom:
    """Give the atom of a leaf; raises NotFound or RuleError when the data does not offer it."""
    match node:
        case Trait():
            return Atom(catalogue.trait(node.trait), node.comparison, node.zone)
        case SegmentationRef(segmentation, places):
            return Atom(catalogue.place(segmentation), Comparison("in", places))
        case Consent(channel, purpose):
            return Atom(Permission(channel, purpose), Comparison("eq", True))
        case Did() if node.since is None:
            return Atom(tally(node, catalogue, family), node.comparison, node.zone)
        case Did():
            return Atom(_since(node, catalogue, family), node.comparison, node.zone)
        case Sequence():
            return Atom(Relation(node, "boolean", False), Comparison("eq", True), node.zone)
        case Holds():
            return Atom(Relation(node, "integer", 0), node.comparison, node.zone)
        case Sample(share, salt, start):
            drawn = functions.drawn(column("customer"), salt)
            return Atom(Fact("customers", drawn, "number"), Ranges(((start, start + share),)))
        case Near():
            return _near(node, catalogue)
    raise TypeError(f"no clause over data: {node!r}")


def tally(node: Did, catalogue: Catalogue, family: str) -> Tally:
    """Give the figure that a `did` compares."""
    clock = catalogue.clock_of(node.zone)
    filters, described = conditions(Doing(node.event, node.where), catalogue, clock, family)
    measured = catalogue.property(node.event, node.property, family) if node.property else None
    if node.aggregate == "share":
        return _share(
            node, filters, described, measured, clock, catalogue.event(node.event, family)
        )
    return Tally(
        node.event,
        catalogue.event(node.event, family),
        filters,
        described | _described([measured]),
        span(node.window, clock.moment, clock.zone),
        node.aggregate,
        measured.value if measured else None,
        _kind(node, measured),
        AT_NOTHING.get(node.aggregate),
    )


def _share(
    node: Did,
    meant: Tree,
    described: frozenset[str],
    measured: Property | None,
    clock: Clock,
    home: str,
) -> Tally:
    """What part of all events of a kind, or of the sum of a property, those that are meant are."""
    if measured and measured.kind not in ("integer", "number"):
        raise RuleError(f"`{node.property}` is {measured.kind}, so it has no share")
    whole = measured.value if measured else literal(1)
    of_them = functions.total(query("CASE WHEN :meant THEN :it ELSE 0 END", meant=meant, it=whole))
    part = query("(:part / NULLIF(:whole, 0))", part=of_them, whole=functions.total(whole))
    return Tally(
        node.event,
        home,
        exp.true(),
        described | _described([measured]),
        span(node.window, clock.moment, clock.zone),
        "share",
        part,
        "number",
        None,
    )


def _since(node: Did, catalogue: Catalogue, family: str) -> Relation:
    """The figure since an event of the person's own; without that event nothing is known."""
    return Relation(node, tally(node, catalogue, family).kind, None)


def _near(node: Near, catalogue: Catalogue) -> Atom:
    if not {"latitude", "longitude"} <= catalogue.traits.keys():
        raise RuleError(
            "nothing says where people are: `near` takes the traits latitude and longitude from a "
            "source, or their city with the extra `geo`"
        )
    north, east = catalogue.trait("latitude"), catalogue.trait("longitude")
    if north.table != east.table:
        raise RuleError("latitude and longitude of people come from two places")
    away = functions.kilometres(north.value, east.value, node.latitude, node.longitude)
    return Atom(Fact(north.table, away, "number"), Comparison("le", node.kilometres))


def _described(properties: Iterable[Property | None]) -> frozenset[str]:
    return frozenset(each.described_by for each in properties if each and each.described_by)


def _kind(node: Did, measured: Property | None) -> str:
    if measured is None or node.aggregate == "distinct":
        return "integer"
    if node.aggregate not in _NUMERIC:
        return measured.kind
    if measured.kind not in ("integer", "number"):
        raise RuleError(f"`{node.property}` is {measured.kind}, so it has no {node.aggregate}")
    return "number"


def _order(home: str) -> tuple[Tree, Tree]:
    """What says which row is the first, or the last."""
    return column("at", home), column("event_key", home)


_AGGREGATES: Mapping[str, Callable[[Any, str], Tree]] = {
    "count": lambda _thing, _home: query("COUNT(*)"),
    "sum": lambda thing, _home: query("COALESCE(:total, 0)", total=functions.total(thing)),
    "avg": lambda thing, _home: functions.mean(thing),
    "distinct": lambda thing, _home: functions.distinct(thing),
    "first": lambda thing, home: functions.earliest(thing, *_order(home)),
    "last": lambda thing, home: functions.latest(thing, *_order(home)),
    "min": lambda thing, _home: query("MIN(:thing)", thing=thing),
    "max": lambda thing, _home: query("MAX(:thing)", thing=thing),
    "share": lambda share, _home: share,
}


def where_in(stretch: Span, home: str) -> Tree:
    """The condition that an event lies in a span."""
    at = column("at", home)
    later = [since(at, stretch.start)] if stretch.start else []
    return conjunction([*later, upto(at, stretch.end)])


def only(aggregate: Tree, rows: Tree) -> Tree:
    """The aggregate over those rows only that meet a condition."""
    holder = exp.Paren(this=aggregate.copy())
    figures = list(holder.find_all(exp.AggFunc))
    if not figures:
        raise TypeError(f"no aggregate: {aggregate}")
    for figure in figures:
        figure.replace(exp.Filter(this=figure.copy(), expression=exp.Where(this=rows.copy())))
    whole: Tree = holder.this
    return whole


def covering(spans: Iterable[Span]) -> Span:
    """The shortest span around all of them."""
    listed = list(spans)
    starts = [each.start for each in listed]
    known = [start for start in starts if start is not None]
    return Span(min(known) if len(known) == len(starts) else None, max(each.end for each in listed))
