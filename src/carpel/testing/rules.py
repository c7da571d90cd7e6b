"""Random rules: every node, operator, window and way to write a value comes up."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any as Anything

from carpel.language import (
    Account,
    All,
    Anchor,
    Any,
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
from carpel.testing.rule_values import NAMES, Draw, Names


def random_tree(random: Random, names: Names = NAMES, depth: int = 3) -> Node:
    """A rule of up to so many levels that the language can say; the same for the same seed."""
    return _Tree(random, names).node(depth)


class _Tree(Draw):
    def node(self, depth: int) -> Node:
        if depth > 0 and self.random.random() < 0.7:
            return self._of_others(depth - 1)
        return self.one(LEAVES)(self)

    def _of_others(self, depth: int) -> Node:
        kind: Anything = self.one([All, Any, NoneOf, Some, Not, Account, PeopleWhere])
        if kind in (Not, Account):
            return Not(self.node(depth)) if kind is Not else Account(self.node(depth))
        if kind is PeopleWhere:
            return PeopleWhere(self.node(depth), self.count())
        below = tuple(self.node(depth) for _ in range(self.random.randint(1, 3)))
        if kind is Some:
            return Some(self.random.randint(1, len(below)), below)
        joined: Node = kind(below)
        return joined

    # ---- what is done ----

    def where(self) -> dict[str, Comparison]:
        if self.random.random() < 0.5:
            return {}
        return {each: self.comparison() for each in self.some_of(self.names.properties)}

    def doing(self) -> Doing:
        return Doing(self.one(self.names.events), self.where())

    def window(self) -> Window:
        since, until = self.maybe(self.day), self.maybe(self.day)
        rolling = Window(within=self.maybe(self.period), ago=self.maybe(self.period, 0.3))
        return self.one(
            (Window(), rolling, Window(since=since, until=until), Window(during=self.calendar()))
        )

    def zone(self) -> str:
        return self.one(("", "", "own", "Europe/Berlin", "Asia/Kathmandu"))

    def missing(self) -> Anything:
        return self.one(("unknown", "match"))

    def did(self) -> Did:
        done = self.doing()
        did = Did(done.event, done.where, self.window(), zone=self.zone(), missing=self.missing())
        if self.random.random() < 0.2 and did.window.since is None:
            did = replace(did, since=Anchor(self.one(("first", "last")), self.doing()))
        aggregate: Anything = self.one(
            ("count", "count", "sum", "avg", "min", "max", "distinct", "first", "last", "share")
        )
        if aggregate == "count":
            return replace(did, comparison=self.count()) if self.random.random() < 0.7 else did
        property_: str | None = self.one(self.names.properties)
        if aggregate == "share":
            property_ = self.one((None, property_))
            return replace(
                did, aggregate="share", property=property_, comparison=self.numeric(self.share)
            )
        return replace(did, aggregate=aggregate, property=property_, comparison=self.figure())

    def sequence(self) -> SequenceOf:
        steps = [Step(self.doing())]
        for _ in range(self.random.randint(1, 3)):
            steps.append(self.one((self._step, self._absent))())
        ends = Window(within=self.maybe(self.period))
        return SequenceOf(tuple(steps), self.window(), ends, self.zone())

    def _step(self) -> Step:
        without = self.several(self.doing) if self.random.random() < 0.4 else ()
        return Step(self.doing(), self.maybe(self.gap), self.maybe(self.gap, 0.3), without)

    def _absent(self) -> Step:
        return Step(self.doing(), self.gap(), absent=True)

    def regularly(self) -> Regularly:
        did = replace(self.did(), window=Window(), since=None)
        of = self.random.randint(1, 12)
        return Regularly(did, self.random.randint(1, of), of, self.period())

    def stopped(self) -> Stopped:
        return Stopped(self.doing(), self.period(), self.maybe(self.period), self.count())

    def changed(self) -> Changed:
        sides = self.maybe(self.comparison), self.maybe(self.comparison)
        return Changed(self.one(self.names.traits), *sides, self.window())

    def trait(self) -> Trait:
        name = self.one(self.names.traits)
        return Trait(name, self.comparison(), self.missing(), self.zone())

    def holds(self) -> Holds:
        ever = self.random.random() < 0.5
        return Holds(self.where(), ever, self.without_letters(), self.zone())

    # ---- where people belong ----

    def segment(self) -> SegmentRef:
        return SegmentRef(self.one(self.names.segments), self.maybe(self.period))

    def entered(self) -> Node:
        return self.one((Entered, Left))(self.one(self.names.segments), self.window())

    def place(self) -> SegmentationRef:
        names = self.names
        return SegmentationRef(self.one(names.segmentations), self.some_of(names.places))

    def moved(self) -> Moved:
        names, places = self.names, self.names.places
        sides = self.some_of(places), self.some_of(places)
        return Moved(self.one(names.segmentations), *sides, self.window())

    def consent(self) -> Consent:
        return Consent(self.one(self.names.channels), self.one(("marketing", "service", "in")))

    def sample(self) -> Sample:
        start = self.one((0.0, 0.0, 0.25))
        return Sample(self.share() * (1 - start), self.text(), start)

    def near(self) -> Near:
        north, east = self.random.uniform(-90, 90), self.random.uniform(-180, 180)
        return Near(north, east, self.one((10.0, 0.5, 1e-9, 12345.678)))

    def holiday(self) -> Holiday:
        return Holiday(self.period(), self.one(("", "Easter Monday", '"', "L'Assomption")))

    def people(self) -> People:
        return People(
            self.several(lambda: self.random.randint(0, 2**63)) if self.maybe(int) else ()
        )


LEAVES: tuple[Callable[[_Tree], Node], ...] = (
    *(_Tree.trait, _Tree.trait, _Tree.did, _Tree.did, _Tree.sequence, _Tree.regularly),
    *(_Tree.stopped, _Tree.changed, _Tree.holds, _Tree.segment, _Tree.entered, _Tree.place),
    *(_Tree.moved, _Tree.consent, _Tree.sample, _Tree.near, _Tree.holiday, _Tree.people),
    lambda tree: Restarted(tree.doing(), tree.gap(), tree.window()),
)
