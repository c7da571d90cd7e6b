"""What one clause says of one subject: for which values it is yes, no, not yes and not no."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from carpel.language.checks.kinds import kind_of
from carpel.language.checks.values import HIGH, LOW, Line, Names, Span, Values, line
from carpel.language.checks.vocabulary import Vocabulary
from carpel.language.nodes import (
    Did,
    Holds,
    Node,
    People,
    Sample,
    SegmentationRef,
    SegmentRef,
    Trait,
)
from carpel.language.operands import HOURS, Comparison, Period, Window
from carpel.language.text import to_text

Subject = Hashable
Box = Mapping[Subject, Values] | None
"""Bounds on what people are like: every subject within its values; None when nobody can be so."""
YES, NO = Names(frozenset({"yes"}), False), Names(frozenset({"no"}), False)


@dataclass(frozen=True)
class Figure:
    """How often, or how much, of what: the subject of a `did`."""

    event: str
    where: frozenset[tuple[str, Comparison]]
    window: Window
    aggregate: str
    property: str | None
    zone: str


@dataclass(frozen=True)
class Truth:
    """Bounds on the people for whom a rule is yes, no, not yes (no or unknown), and not no."""

    yes: Box
    no: Box
    not_yes: Box
    not_no: Box

    def turned(self) -> "Truth":
        """The same of the rule's negation."""
        return Truth(self.no, self.yes, self.not_no, self.not_yes)


def of_clause(node: Node, account: bool, vocabulary: Vocabulary) -> Truth:
    """What a clause without rules beneath it says; exact where its values are understood."""
    match node:
        case Trait():
            return _of_trait(node, account, vocabulary)
        case Did() if node.since is None:
            return _of_did(node, vocabulary)
        case Holds(where, ever, comparison, zone):
            subject: Subject = ("holds", frozenset(where.items()), ever, zone)
            return _figured(node, subject, "integer", comparison, whole_from=0)
        case SegmentRef(segment, None):
            return _known(("segment", segment))
        case SegmentationRef(segmentation, places):
            every = vocabulary.places.get(segmentation)
            domain = Names(frozenset(every), False) if every else Names()
            return _told(("place", segmentation), Names(frozenset(places), False), domain, True)
        case People(customers):
            return _told(("people",), Names(frozenset(customers), False), Names(), False)
        case Sample(share, salt, start):
            drawn = line([((start, 0), (start + share, 0))])
            return _told(("sample", salt), drawn, line([((0, 0), (1, 0))]), False)
    return _opaque(node, account)


def _known(subject: Subject) -> Truth:
    """A clause that is yes or no, and never unknown."""
    return Truth(*(_box(subject, Values(each)) for each in (YES, NO, NO, YES)))


def _opaque(node: Node, account: bool) -> Truth:
    """A clause that is only like itself."""
    subject = ("clause", account, to_text(node))
    return _told(subject, YES, Names(frozenset({"yes", "no"}), False), True)


def _told(
    subject: Subject, said: Line | Names, domain: Line | Names, may_miss: bool, match: bool = False
) -> Truth:
    yes, no = domain.meet(said), domain.meet(said.rest())  # type: ignore[arg-type]
    unknown = may_miss and not match
    return Truth(
        _box(subject, Values(yes, may_miss and match)),
        _box(subject, Values(no)),
        _box(subject, Values(no, unknown)),
        _box(subject, Values(yes, may_miss)),
    )


def _box(subject: Subject, values: Values) -> Box:
    return None if values.empty else {subject: values}


def _of_trait(node: Trait, account: bool, vocabulary: Vocabulary) -> Truth:
    traits = vocabulary.account_traits if account else vocabulary.traits
    kind, comparison = traits.get(node.trait, ""), node.comparison
    present: Subject = ("present", account, node.trait)
    if comparison.operator in ("is_set", "is_missing"):
        truth = _known(present)
        return truth if comparison.operator == "is_set" else truth.turned()
    match = node.missing == "match"
    found = understood(comparison, kind)
    if found is None:
        truth = _opaque(node, account)
    else:
        axis, said, domain = found
        zone = node.zone if kind in ("date", "instant") else ""
        truth = _told(("trait", account, node.trait, zone, axis), said, domain, True, match)
    known: dict[Subject, Values] = {present: Values(YES)}
    yes = truth.yes if match or truth.yes is None else {**truth.yes, **known}
    no = None if truth.no is None else {**truth.no, **known}
    return Truth(yes, no, truth.not_yes, truth.not_no)


def _of_did(node: Did, vocabulary: Vocabulary) -> Truth:
    kind = kind_of(node, vocabulary)
    never_misses = node.aggregate in ("count", "sum", "distinct")
    least = 0 if node.aggregate in ("count", "distinct") else None
    figure = Figure(
        node.event,
        frozenset(node.where.items()),
        node.window,
        node.aggregate,
        node.property,
        node.zone,
    )
    match = node.missing == "match"
    return _figured(node, figure, kind, node.comparison, least, not never_misses, match)


def _figured(
    node: Node,
    subject: Subject,
    kind: str,
    comparison: Comparison,
    whole_from: int | None = None,
    may_miss: bool = False,
    match: bool = False,
) -> Truth:
    found = understood(comparison, kind)
    if found is None or comparison.operator in ("is_set", "is_missing"):
        return _opaque(node, False)
    axis, said, domain = found
    if whole_from is not None:
        domain = line([((whole_from, 0), HIGH)], whole=True)
    if axis:
        subject = (subject, axis)
    return _told(subject, said, domain, may_miss, match)


def understood(comparison: Comparison, kind: str) -> tuple[str, Line | Names, Line | Names] | None:
    """The line or names a comparison speaks of, what it lets through and all there is.

    None where that is not known for sure: letters folded, patterns, months among days.
    """
    if comparison.fold:
        return None
    match kind:
        case "integer" | "number":
            spans = _spans(comparison, (int, float), lambda value: ((value, 0), (value, 1)))
            whole = kind == "integer"
            return None if spans is None else ("", line(spans, whole=whole), Line(whole=whole))
        case "text" | "boolean":
            return _named(comparison, str if kind == "text" else bool)
        case "date" | "instant":
            return _in_time(comparison, kind)
    return None


def _named(comparison: Comparison, type_: type) -> tuple[str, Names, Names] | None:
    values = comparison.value if isinstance(comparison.value, tuple) else (comparison.value,)
    if not all(isinstance(each, type_) for each in values):
        return None
    domain = Names(frozenset({True, False}), False) if type_ is bool else Names()
    said = Names(frozenset(values), False)
    if comparison.operator in ("eq", "in", "any_of"):
        return "", said, domain
    return ("", said.rest(), domain) if comparison.operator in ("ne", "not_in", "none_of") else None


def _spans(comparison: Comparison, types: tuple[type, ...], place: object) -> list[Span] | None:
    """The stretches that a comparison names, a value being the stretch `place` gives."""
    values = comparison.value if isinstance(comparison.value, tuple) else (comparison.value,)
    if not all(isinstance(each, types) and not isinstance(each, bool) for each in values):
        return None
    found: list[Span] = [place(each) for each in values]  # type: ignore[operator]
    start, end = found[0][0], found[-1][1]
    match comparison.operator:
        case "lt" | "before":
            return [(LOW, start)]
        case "le":
            return [(LOW, end)]
        case "gt" | "after":
            return [(end, HIGH)]
        case "ge":
            return [(start, HIGH)]
        case "eq" | "on" | "between":
            return [(start, end)]
        case "in" | "any_of":
            return found
        case "ne" | "not_in" | "none_of":
            return list(line(found).rest().spans)
    return None


def _in_time(comparison: Comparison, kind: str) -> tuple[str, Line, Line] | None:
    if isinstance(comparison.value, Period):
        spans = _around(comparison.operator, comparison.value, kind)
        return None if spans is None else ("ago", line(spans), Line())
    values = comparison.value if isinstance(comparison.value, tuple) else (comparison.value,)
    if any(isinstance(each, datetime) for each in values):
        return None

    def day(value: date) -> Span:
        return (value.toordinal(), 0), (value.toordinal() + 1, 0)

    spans = _spans(comparison, (date,), day)
    return None if spans is None else ("day", line(spans), Line())


def _around(operator: str, period: Period, kind: str) -> list[Span] | None:
    """Stretches in hours before and after the moment. For a day, today is both."""
    hours = HOURS.get(period.unit, 0) * period.count
    if not hours or (kind == "date" and (hours < 48 or period.unit == "hours")):
        return None
    match operator:
        case "in_last":
            return [((-hours, 1), (0, 1))]
        case "not_in_last":
            return [(LOW, (-hours, 1)), ((0, 1), HIGH)]
        case "in_next":
            return [((0, 0 if kind == "date" else 1), (hours, 1))]
        case "older_than":
            return [(LOW, (-hours, 1))]
    return None


def beneath(inner: Figure, outer: Figure) -> bool:
    """Whether whatever the first counts the second counts too."""
    return (
        inner != outer
        and (inner.event, inner.aggregate, inner.property, inner.zone)
        == (outer.event, outer.aggregate, outer.property, outer.zone)
        and inner.aggregate in ("count", "distinct")
        and inner.where >= outer.where
        and _within(inner.window, outer.window)
    )


def _within(inner: Window, outer: Window) -> bool:
    if outer in (inner, Window()):
        return True
    if inner.within and outer.within and not (inner.ago or outer.ago):
        a, b = inner.within, outer.within
        for units in (HOURS, {"months": 1, "years": 12}):
            if a.unit in units and b.unit in units:
                return units[a.unit] * a.count <= units[b.unit] * b.count
    if inner.within or inner.ago or inner.during or outer.within or outer.ago or outer.during:
        return False
    days = (inner.since, outer.since, inner.until, outer.until)
    if any(isinstance(each, datetime) for each in days):
        return False
    begins = outer.since is None or (inner.since is not None and outer.since <= inner.since)
    ends = outer.until is None or (inner.until is not None and inner.until <= outer.until)
    return begins and ends
