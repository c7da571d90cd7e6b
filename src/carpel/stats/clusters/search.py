"""Methods and numbers of groups tried on a sample of people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from carpel.stats.clusters.choice import best
from carpel.stats.clusters.criteria import (
    Candidate,
    Limits,
    bic_gain,
    refusals,
    silhouette,
    smallest_lift,
    testable,
    unstable,
)
from carpel.stats.clusters.methods import METHODS, Groups
from carpel.stats.clusters.mixture import loosened
from carpel.stats.clusters.null import Verdict
from carpel.stats.clusters.stability import stability
from carpel.stats.clusters.traits import Floats, Ints

RESAMPLED = 2_000
"""People on whom stability is tried."""


@dataclass(frozen=True)
class Plan:
    """What is asked for: `method` of METHODS or auto, `groups` when the number is given.

    At most `serve` groups are taken, of at least `smallest` people. `weights` are by criterion.
    `level` is in what share of populations without segments a mistake is put up with.
    """

    method: str = "auto"
    groups: int | None = None
    serve: int = 8
    smallest: int | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    level: float = 0.01
    seed: int = 0
    scale: bool = True


class Search:
    """Remembers what was fitted and how it did; `people` are those the sample stands for."""

    def __init__(self, plan: Plan, columns: Floats, people: int, verdict: Verdict) -> None:
        self.plan, self.columns, self.people, self.verdict = plan, columns, people, verdict
        smallest = plan.smallest if plan.smallest is not None else testable(people)
        self.limits = Limits(smallest, plan.serve)
        self.loose = loosened(columns, plan.seed)
        self.fitted: dict[tuple[str, int], Groups] = {}
        self.found: dict[tuple[str, int], Candidate] = {}

    @property
    def candidates(self) -> list[Candidate]:
        """All that were tried, by method and number of groups."""
        return list(self.found.values())

    def chosen(self, counts: Sequence[int]) -> Candidate | None:
        """Try all that the plan asks for, and give the best; None when none may be taken."""
        auto = self.plan.method == "auto"
        for method in ("k_means", "mixture") if auto else (self.plan.method,):
            for k in counts:
                self._try(method, k)
        if auto:
            for k in _around(self._best(), counts):
                self._try("ward", k)
            self._try("density", 0)
        return self._with_neighbours(self._best())

    def look(self, counts: Sequence[int]) -> None:
        """Only measure what the simplest method gives, where there is nothing to choose."""
        for k in counts:
            self._try("k_means" if self.plan.method == "auto" else self.plan.method, k)

    def _best(self) -> Candidate | None:
        """Stability is tried only of those that may be taken for all else."""
        if self.plan.groups is not None:
            asked = [each for each in self.candidates if each.groups == self.plan.groups]
            whole = [each for each in asked if each.largest <= self.limits.giant]
            return self._tried(max(whole, key=lambda each: each.bic_gain)) if whole else None
        while (clearest := self._clearest()) and self._tried(clearest).refused:
            pass
        while (found := best(self.candidates)) and self._tried(found).refused:
            pass
        return found and self.found[found.method, found.groups]

    def _clearest(self) -> Candidate | None:
        fit = [each for each in self.candidates if not each.refused]
        return max(fit, key=lambda each: each.silhouette, default=None)

    def _with_neighbours(self, chosen: Candidate | None) -> Candidate | None:
        """Try the stability of one group fewer and one more too, for the table."""
        for each in self.candidates:
            if chosen and each.method == chosen.method and abs(each.groups - chosen.groups) == 1:
                self._tried(each)
        return chosen

    def _try(self, method: str, k: int) -> None:
        groups = METHODS[method](self.columns, k, self.plan.seed)
        labels = groups.assign(self.columns)
        found = int(labels.max()) + 1
        if (method, found) not in self.found:
            self.fitted[method, found] = groups
            self.found[method, found] = self._judged(method, labels)

    def _judged(self, method: str, labels: Ints) -> Candidate:
        found = int(labels.max()) + 1
        sizes = np.bincount(labels[labels >= 0], minlength=max(found, 1))
        people = np.round(sizes * self.people / len(labels)).astype(np.int64)
        gap = self.verdict.gaps.get(found)
        return Candidate(
            method,
            found,
            silhouette(self.loose, labels, self.plan.seed),
            gap[0] if gap else None,
            gap[1] if gap else None,
            bic_gain(self.columns, labels),
            None,
            int(people.min()),
            float(people.max() / self.people),
            smallest_lift(int(people.min())),
            refusals(found, people, self.limits),
        )

    def _tried(self, candidate: Candidate) -> Candidate:
        """The candidate with its stability, refused where that is too small."""
        if candidate.stability is not None:
            return candidate
        method, k = candidate.method, candidate.groups

        def fit(columns: Floats, seed: int) -> Groups:
            return METHODS[method](columns, k, seed)

        some = self.columns[:RESAMPLED]
        labels = self.fitted[method, k].assign(some)
        stable = float(stability(some, labels, fit, self.plan.seed).min(initial=1.0))
        why = (*candidate.refused, *unstable(stable, self.limits))
        self.found[method, k] = replace(candidate, stability=stable, refused=why)
        return self.found[method, k]


def _around(found: Candidate | None, counts: Sequence[int]) -> list[int]:
    """The number of groups found, one fewer and one more; 2 to 4 when none was."""
    middle = found.groups if found else 3
    return [k for k in counts if abs(k - middle) <= 1]
