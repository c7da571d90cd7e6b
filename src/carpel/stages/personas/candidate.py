"""What could be told of a segment: one thing, among its people and among everybody else."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from carpel.evidence import Evidence, Sentence, Unsupported
from carpel.evidence.figures import FEWEST, Direction
from carpel.evidence.sentence import Kind
from carpel.stats.averages import gap_interval, mean_interval
from carpel.stats.difference import Moments
from carpel.stats.effects import Apart, Groups, apart
from carpel.stats.multiplicity import expected_false
from carpel.stats.proportions import difference, wilson

FALSE = 0.05
"""Share of false findings, among all that are told as clear, that is put up with."""
NEGLIGIBLE = 0.1
"""Standardised differences below this are no difference worth a word."""
NARROW = 0.2
"""Within plus or minus this many standard deviations two groups are alike for all that matters
(half of what Cohen 1988 calls small to medium)."""


@dataclass(frozen=True)
class Candidate:
    """A mean, or the share that has `part`; shares have a variance of p (1 - p)."""

    segment: str
    of: str
    label: str
    part: str | None
    unit: str
    inside: Moments
    outside: Moments


@dataclass(frozen=True)
class Judged:
    """A candidate held against everybody else, beside all other candidates."""

    candidate: Candidate
    effect: float
    direction: Direction
    q: float | None

    def sentence(self, kind: Kind = "told") -> Sentence | None:
        """The sentence of this; None where its figures carry none."""
        try:
            return Sentence(kind, self._evidence())
        except Unsupported:
            return None

    def _evidence(self) -> Evidence:
        it = self.candidate
        low, high, gap_low, gap_high = _intervals(it)
        return Evidence(
            "mean" if it.part is None else "share",
            it.of,
            it.label,
            it.inside.mean,
            low,
            high,
            it.inside.n,
            it.outside.mean,
            it.outside.n,
            gap_low,
            gap_high,
            self.direction,
            it.part,
            it.unit if it.part is None else "share",
            self.q,
            self.effect,
        )


def judged(candidates: Sequence[Candidate]) -> list[Judged]:
    """All of them, those aside of which too few people are known."""
    kept = [each for each in candidates if min(each.inside.n, each.outside.n) >= FEWEST]
    if not kept:
        return []
    found = apart(_groups([it.inside for it in kept]), _groups([it.outside for it in kept]))
    q = expected_false(found.chance)
    return [
        Judged(
            each,
            float(found.effect[at]),
            _direction(found, q, at),
            None if np.isnan(q[at]) else float(q[at]),
        )
        for at, each in enumerate(kept)
    ]


def _groups(moments: Sequence[Moments]) -> Groups:
    columns = np.array([(it.n, it.mean, it.variance) for it in moments], np.float64).T
    return Groups(*columns)


def _direction(found: Apart, q: np.ndarray, at: int) -> Direction:
    effect = found.effect[at]
    if q[at] < FALSE and abs(effect) >= NEGLIGIBLE:
        return "more" if effect > 0 else "less"
    narrow = found.low[at] > -NARROW and found.high[at] < NARROW
    return "same" if narrow else "open"


def _intervals(it: Candidate) -> tuple[float, float, float, float]:
    if it.part is None:
        return *mean_interval(it.inside), *gap_interval(it.inside, it.outside)
    n, m = it.inside.n, it.outside.n
    having, other = round(it.inside.mean * n), round(it.outside.mean * m)
    return *wilson(having, n), *difference(having, n, other, m)
