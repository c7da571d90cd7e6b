"""Random rules: every node, operator, window and way to write a value comes up."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from random import Random
from typing import Any as Anything
from typing import TypeVar

from carpel.language import (
    Account,
    All,
    Anchor,
    Any,
    Calendar,
    Changed,
    Comparison,
    Consent,
    Did,
    Doing,
    Entered,
    Holds,
    Holiday,
    Left,
    Moved,
    Near,
    Node,
    NoneOf,
    Not,
    People,
    PeopleWhere,
    Period,
    Regularly,
    Restarted,
    Sample,
    SegmentationRef,
    SegmentRef,
    Some,
    Step,
    Stopped,
    Trait,
    Window,
)
from carpel.language import (
    Sequence as SequenceOf,
)

T = TypeVar("T")
ORDER = ("lt", "le", "gt", "ge")
_UNITS = ("hours", "days", "weeks", "months", "years")
_PIECES = (
    *"aäßéİıß日🙂 ",
    "  ",
    "\n",
    "\t",
    "'",
    '"',
    "`",
    "\\",
    "%",
    "->",
    "and",
    "not",
    "\u00a0",
    "\x00",
)


@dataclass(frozen=True)
class Names:
    """The names that random rules use; some of the ready ones need quotes in the text form."""

    traits: Sequence[str] = (
        "age",
        "city",
        "not",
        "in",
        "Größe",
        "two words",
        "a.b",
        "`",
        "9",
        "日",
    )
    events: Sequence[str] = ("order_completed", "signed_in", "did", "since", "page view", "x\\y")
    properties: Sequence[str] = ("amount", "category", "and", "price (net)", "times")
    segments: Sequence[str] = ("vip", "rfm.champions", "segment", "for", "a b")
    segmentations: Sequence[str] = ("rfm", "lifecycle", "segment", "from")
    places: Sequence[str] = ("champions", "lost", "to", "über 50")
    channels: Sequence[str] = ("email", "sms", "for")


NAMES = Names()


def random_tree(random: Random, names: Names = NAMES, depth: int = 3) -> Node:
    """A rule of up to so many levels that the language can say; the same for the same seed."""
    return _Tree(random, names).node(depth)


class _Tree:
    def __init__(self, random: Random, names: Names) -> None:
        self.random, self.names = random, names

    def node(self, depth: int) -> Node:
        if depth > 0 and self.random.random() < 0.7:
            return self._of_others(depth - 1)
        return self._one(LEAVES)(self)

    def _of_others(self, depth: int) -> Node:
        kind: Anything = self._one([All, Any, NoneOf, Some, Not, Account, PeopleWhere])
        if kind in (Not, Account):
            return Not(self.node(depth)) if kind is Not else Account(self.node(depth))
        if kind is PeopleWhere:
            return PeopleWhere(self.node(depth), self.count())
        below = tuple(self.node(depth) for _ in range(self.random.randint(1, 3)))
        if kind is Some:
            return Some(self.random.randint(1, len(below)), below)
        joined: Node = kind(below)
        return joined

    def _one(self, among: Sequence[T]) -> T:
        return self.random.choice(among)

    def _maybe(self, make: Callable[[], Anything], share: float = 0.5) -> Anything:
        return make() if self.random.random() < share else None

    # ---- values ----

    def text(self) -> str:
        said = "".join(self._one(_PIECES) for _ in range(self.random.randint(1, 5)))
        return self._one((said, "coffee", "2026-03-01", "10%", "true"))

    def number(self) -> int | float:
        return self._one(
            (
                self.random.randint(-5, 5),
                self.random.randint(-(10**12), 10**12),
                self.random.uniform(-100, 100),
                self._one((0.1, -0.0, 1e-7, -2.5e300, 5e-324, 1e22, 2.0)),
            )
        )

    def day(self) -> date | datetime:
        day = date(2026, 3, 1) + timedelta(days=self.random.randint(-9999, 9999))
        moment = datetime(2026, 3, 29, 2, 30, self.random.randint(0, 59), self._one((0, 1)))  # noqa: DTZ001
        zone = timezone(timedelta(minutes=self._one((-210, 60, 345))))
        return self._one((day, moment, moment.replace(tzinfo=UTC), moment.replace(tzinfo=zone)))

    def value(self) -> Anything:
        truth = self.random.random() < 0.5
        return self._one((self.text(), self.number(), self.day(), truth))

    def period(self, *units: Anything) -> Period:
        return Period(self.random.choice((1, 2, 30, 90, 999999)), self._one(units or _UNITS))

    def gap(self) -> Period:
        return self.period("hours", "days", "weeks")

    def calendar(self) -> Calendar:
        unit: Anything = self._one(("day", "week", "month", "quarter", "year"))
        return Calendar(unit, self._one((0, 1, 3)))

    def share(self) -> float:
        return self._one((0.1, 0.07, 0.125, 1.0, self.random.uniform(0.001, 1)))

    def several(self, make: Callable[[], Anything]) -> tuple[Anything, ...]:
        return tuple(make() for _ in range(self.random.randint(1, 3)))

    def some_of(self, among: Sequence[str]) -> tuple[str, ...]:
        return tuple(self.random.sample(among, self.random.randint(1, min(3, len(among)))))

    # ---- comparisons ----

    def comparison(self) -> Comparison:
        operator = self._one(list(OPERANDS))
        return self.compared(operator)

    def compared(self, operator: Anything) -> Comparison:
        value = OPERANDS[operator](self)
        folds = operator in FOLDING and self.random.random() < 0.3
        return Comparison(operator, value, folds)

    def count(self) -> Comparison:
        """How often: mostly a whole number compared, now and then anything."""
        if self.random.random() < 0.2:
            return self.without_letters()
        operator: Anything = self._one((*ORDER, "eq", "ne", "between"))
        low = self.random.randint(0, 5)
        return Comparison(operator, (low, low + 2) if operator == "between" else low)

    def without_letters(self) -> Comparison:
        """Any comparison but of letters or the calendar: as a number of people may compare."""
        known = [each for each in OPERANDS if each not in ("during",)]
        return replace(self.compared(self._one(known)), fold=False)

    def figure(self) -> Comparison:
        """How an aggregate compares; `during` would be its window."""
        return self.compared(self._one([each for each in OPERANDS if each != "during"]))

    def of_number(self) -> Comparison:
        return self._numeric(self.number)

    def of_decile(self) -> Comparison:
        return self._numeric(lambda: self.random.randint(1, 10))

    def _numeric(self, number: Callable[[], Anything]) -> Comparison:
        operator: Anything = self._one((*ORDER, "eq", "ne", "between", "in", "not_in"))
        if operator == "between":
            return Comparison(operator, tuple(sorted((number(), number()))))
        many = operator in ("in", "not_in")
        return Comparison(operator, self.several(number) if many else number())

    def limits(self) -> tuple[Anything, ...]:
        day = date(2026, 1, self.random.randint(1, 30))
        pairs: list[Anything] = [
            (self.number(), self.number()),
            (self.text(), self.text()),
            (day, day + timedelta(days=1)),
        ]
        return tuple(sorted(self._one(pairs)))

    # ---- what is done ----

    def where(self) -> dict[str, Comparison]:
        if self.random.random() < 0.5:
            return {}
        return {each: self.comparison() for each in self.some_of(self.names.properties)}

    def doing(self) -> Doing:
        return Doing(self._one(self.names.events), self.where())

    def window(self) -> Window:
        since, until = self._maybe(self.day), self._maybe(self.day)
        rolling = Window(within=self._maybe(self.period), ago=self._maybe(self.period, 0.3))
        return self._one(
            (Window(), rolling, Window(since=since, until=until), Window(during=self.calendar()))
        )

    def zone(self) -> str:
        return self._one(("", "", "own", "Europe/Berlin", "Asia/Kathmandu"))

    def missing(self) -> Anything:
        return self._one(("unknown", "match"))

    def did(self) -> Did:
        done = self.doing()
        did = Did(done.event, done.where, self.window(), zone=self.zone(), missing=self.missing())
        if self.random.random() < 0.2 and did.window.since is None:
            did = replace(did, since=Anchor(self._one(("first", "last")), self.doing()))
        aggregate: Anything = self._one(
            ("count", "count", "sum", "avg", "min", "max", "distinct", "first", "last", "share")
        )
        if aggregate == "count":
            return replace(did, comparison=self.count()) if self.random.random() < 0.7 else did
        property_: str | None = self._one(self.names.properties)
        if aggregate == "share":
            property_ = self._one((None, property_))
            return replace(
                did, aggregate="share", property=property_, comparison=self._numeric(self.share)
            )
        return replace(did, aggregate=aggregate, property=property_, comparison=self.figure())

    def sequence(self) -> SequenceOf:
        steps = [Step(self.doing())]
        for _ in range(self.random.randint(1, 3)):
            steps.append(self._one((self._step, self._absent))())
        ends = Window(within=self._maybe(self.period))
        return SequenceOf(tuple(steps), self.window(), ends, self.zone())

    def _step(self) -> Step:
        without = self.several(self.doing) if self.random.random() < 0.4 else ()
        return Step(self.doing(), self._maybe(self.gap), self._maybe(self.gap, 0.3), without)

    def _absent(self) -> Step:
        return Step(self.doing(), self.gap(), absent=True)

    def regularly(self) -> Regularly:
        did = replace(self.did(), window=Window(), since=None)
        of = self.random.randint(1, 12)
        return Regularly(did, self.random.randint(1, of), of, self.period())

    def stopped(self) -> Stopped:
        return Stopped(self.doing(), self.period(), self._maybe(self.period), self.count())

    def changed(self) -> Changed:
        sides = self._maybe(self.comparison), self._maybe(self.comparison)
        return Changed(self._one(self.names.traits), *sides, self.window())

    def trait(self) -> Trait:
        name = self._one(self.names.traits)
        return Trait(name, self.comparison(), self.missing(), self.zone())

    def holds(self) -> Holds:
        ever = self.random.random() < 0.5
        return Holds(self.where(), ever, self.without_letters(), self.zone())

    # ---- where people belong ----

    def segment(self) -> SegmentRef:
        return SegmentRef(self._one(self.names.segments), self._maybe(self.period))

    def entered(self) -> Node:
        return self._one((Entered, Left))(self._one(self.names.segments), self.window())

    def place(self) -> SegmentationRef:
        names = self.names
        return SegmentationRef(self._one(names.segmentations), self.some_of(names.places))

    def moved(self) -> Moved:
        names, places = self.names, self.names.places
        sides = self.some_of(places), self.some_of(places)
        return Moved(self._one(names.segmentations), *sides, self.window())

    def consent(self) -> Consent:
        return Consent(self._one(self.names.channels), self._one(("marketing", "service", "in")))

    def sample(self) -> Sample:
        start = self._one((0.0, 0.0, 0.25))
        return Sample(self.share() * (1 - start), self.text(), start)

    def near(self) -> Near:
        north, east = self.random.uniform(-90, 90), self.random.uniform(-180, 180)
        return Near(north, east, self._one((10.0, 0.5, 1e-9, 12345.678)))

    def holiday(self) -> Holiday:
        return Holiday(self.period(), self._one(("", "Easter Monday", '"', "L'Assomption")))

    def people(self) -> People:
        return People(
            self.several(lambda: self.random.randint(0, 2**63)) if self._maybe(int) else ()
        )


LEAVES: tuple[Callable[[_Tree], Node], ...] = (
    *(_Tree.trait, _Tree.trait, _Tree.did, _Tree.did, _Tree.sequence, _Tree.regularly),
    *(_Tree.stopped, _Tree.changed, _Tree.holds, _Tree.segment, _Tree.entered, _Tree.place),
    *(_Tree.moved, _Tree.consent, _Tree.sample, _Tree.near, _Tree.holiday, _Tree.people),
    lambda tree: Restarted(tree.doing(), tree.gap(), tree.window()),
)
FOLDING = frozenset(
    {"eq", "ne", "in", "not_in", "any_of", "all_of", "none_of"}
    | {"contains", "starts_with", "ends_with"}
)
OPERANDS: dict[Anything, Callable[[_Tree], Anything]] = {
    **dict.fromkeys(("eq", "ne"), _Tree.value),
    **dict.fromkeys(ORDER, lambda tree: tree._one((tree.number(), tree.text(), tree.day()))),
    "between": _Tree.limits,
    **dict.fromkeys(
        ("in", "not_in", "any_of", "all_of", "none_of"), lambda tree: tree.several(tree.value)
    ),
    **dict.fromkeys(("contains", "starts_with", "ends_with"), _Tree.text),
    "matches": lambda tree: tree._one((r"^a+b?$", r'\d{2}"', "a|b\\\\c", "(x)")),
    **dict.fromkeys(("is_set", "is_missing", "is_empty"), lambda _tree: None),
    **dict.fromkeys(("before", "after", "on"), _Tree.day),
    "during": _Tree.calendar,
    **dict.fromkeys(
        ("in_last", "not_in_last", "in_next", "older_than", "anniversary_in"), _Tree.period
    ),
    "weekday": lambda tree: tree._one((("monday",), ("tuesday", "sunday"))),
    "length": _Tree.of_number,
    "decile": _Tree.of_decile,
    "zscore": _Tree.of_number,
    "top": _Tree.share,
    "bottom": _Tree.share,
}
"""What each operator compares with."""
