"""Every segment beside everybody else and beside the segment nearest to it, trait by trait."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from carpel.engine.query import query
from carpel.evaluation.moments import KNOWN, Common, Measured, moments
from carpel.evaluation.movements import EVERYBODY
from carpel.stages.fitness.ground import Ground
from carpel.stages.fitness.people import FactsOf, Key
from carpel.stats.effects import Groups
from carpel.stats.tails import Floats

NEAREST = 5
"""Segments near enough to be looked at for how many people they share."""
MOSTLY = 0.5
"""People in common, of those in either, from which overlap says who is nearest."""
FEWEST = 5
"""People that a group to compare with has at least."""


@dataclass(frozen=True)
class Near:
    """The nearest segment, and how many people it shares with this one."""

    segment: str
    shared: int
    overlap: float
    """People in both, of those in either."""


class Comparing:
    """Groups as arrays: a row a segment with people, a column a trait or a value of it."""

    def __init__(self, ground: Ground, facts: FactsOf) -> None:
        self.ground, self.facts = ground, facts
        self.segments = list(ground.sets)
        rows = ground.engine.rows(
            query("SELECT segment, trait, value, n, mean, variance FROM moments ORDER BY ALL")
        )
        self.keys: list[Key] = facts.keys
        places = {name: at for at, name in enumerate((*self.segments, EVERYBODY))}
        columns = {key: at for at, key in enumerate(self.keys)}
        found = np.zeros((3, len(places), len(self.keys)))
        for segment, trait, value, *measured in rows:
            if segment in places:
                found[:, places[segment], columns[trait, value]] = measured
        self.inside = Groups(*(each[:-1] for each in found))
        self.whole = Groups(*(each[-1:] for each in found))

    @cached_property
    def outside(self) -> Groups:
        """Everybody else."""
        return without(self.whole, self.inside)

    @cached_property
    def positions(self) -> Floats:
        """Means in standard deviations from everybody's; NaN where too few are known."""
        spread = np.sqrt(self.whole.variance)
        with np.errstate(divide="ignore", invalid="ignore"):
            at = (self.inside.mean - self.whole.mean) / spread
        return np.where((self.inside.n >= FEWEST) & (spread > 0), at, np.nan)

    @cached_property
    def near(self) -> dict[str, Near]:
        """By segment the nearest other one: sharing most people, else most alike."""
        distances = self._distances()
        found = {}
        for at, name in enumerate(self.segments):
            far = np.where(self._comparable(name), distances[at], np.inf)
            order = np.argsort(far, kind="stable")[:NEAREST]
            others = [self._near(name, self.segments[o]) for o in order if np.isfinite(far[o])]
            if others:
                most = max(others, key=lambda each: each.overlap)
                found[name] = most if most.overlap >= MOSTLY else others[0]
        return found

    def _comparable(self, name: str) -> NDArray[np.bool_]:
        """A place of a set is held against the other places of that set, a segment against all."""
        home, dot, _ = name.partition(".")
        return np.array([not dot or each.startswith(f"{home}.") for each in self.segments], bool)

    def _distances(self) -> Floats:
        """Root mean square of differences in position, over traits known in both."""
        known = ~np.isnan(self.positions)
        at = np.where(known, self.positions, 0.0)
        both = known.astype(float) @ known.T.astype(float)
        squares = (at**2) @ known.T.astype(float)
        total = squares + squares.T - 2 * at @ at.T
        with np.errstate(divide="ignore", invalid="ignore"):
            apart = np.sqrt(np.maximum(total, 0.0) / both)
        apart = np.where(both > 0, apart, np.inf)
        np.fill_diagonal(apart, np.inf)
        return apart

    def _near(self, name: str, other: str) -> Near:
        mine, theirs = self.ground.sets[name], self.ground.sets[other]
        shared = mine.intersection_cardinality(theirs)
        return Near(other, shared, shared / (len(mine) + len(theirs) - shared))

    @cached_property
    def beside(self) -> tuple[Groups, Groups]:
        """This segment and the nearest, each without the people of the other side.

        Compared are the people here with those who are only in the nearest; where all of those
        are here too, the people who are only here with the nearest. No row where neither is left.
        """
        here, there = Groups(*_blank(self)), Groups(*_blank(self))
        groups: dict[int, BitMap] = {}
        for at, name in enumerate(self.segments):
            if name not in self.near:
                continue
            other = self.segments.index(self.near[name].segment)
            mine, theirs = self.ground.sets[name], self.ground.sets[self.near[name].segment]
            if len(theirs - mine) >= FEWEST:
                _fill(here, at, self.inside, at)
                if self.near[name].shared:
                    groups[at] = theirs - mine
                else:
                    _fill(there, at, self.inside, other)
            elif len(mine - theirs) >= FEWEST and len(theirs) >= FEWEST:
                _fill(there, at, self.inside, other)
                groups[-at - 1] = mine - theirs
        self._measure(groups, here, there)
        return here, there

    def _measure(self, groups: dict[int, BitMap], here: Groups, there: Groups) -> None:
        """Fill in what no table has: people of one segment that are not in another.

        Groups from 0 on belong in that row of `there`; group -1 in row 0 of `here`, and so on.
        """
        columns = {key: at for at, key in enumerate(self.keys)}
        for each in self._measured(groups):
            group = each.group or 0
            side, row = (there, group) if group >= 0 else (here, -group - 1)
            column = columns.get((each.trait, each.value))
            if column is not None:
                side.n[row, column] = each.n
                side.mean[row, column] = each.mean
                side.variance[row, column] = each.variance

    def _measured(self, groups: dict[int, BitMap]) -> list[Measured]:
        if not groups:
            return []
        sets = list(groups.values())
        found = moments(self.ground.engine, sets, self.facts.laid, self._common())
        numbers = list(groups)
        return [replace(it, group=numbers[it.group]) for it in found if it.group is not None]

    def _common(self) -> Common:
        """The values of categories that were measured, as `common_values` gives them."""
        found: Common = {}
        for at, (trait, value) in enumerate(self.keys):
            if value is not None:
                n, share = self.whole.n[0, at], self.whole.mean[0, at]
                found.setdefault(trait, {KNOWN: round(n)})[value] = round(n * share)
        return found


def without(whole: Groups, part: Groups) -> Groups:
    """Everybody else, once each part is taken out of the whole; see `Moments.without`."""
    n = np.maximum(whole.n - part.n, 0.0)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        mean = whole.mean + part.n * (whole.mean - part.mean) / n
        squares = (
            whole.n * whole.variance
            - part.n * part.variance
            - part.n * (part.mean - whole.mean) ** 2
            - n * (mean - whole.mean) ** 2
        )
        variance = np.maximum(squares, 0.0) / n
    left = n > 0
    return Groups(n, np.where(left, mean, 0.0), np.where(left, variance, 0.0))


def _blank(comparing: Comparing) -> tuple[Floats, Floats, Floats]:
    shape = comparing.inside.n.shape
    return np.zeros(shape), np.zeros(shape), np.zeros(shape)


def _fill(side: Groups, row: int, source: Groups, of: int) -> None:
    side.n[row], side.mean[row], side.variance[row] = (
        source.n[of],
        source.mean[of],
        source.variance[of],
    )
