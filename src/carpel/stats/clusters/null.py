"""Are there segments at all? The people beside populations that have none.

The statistic: how much of the squared distances groups explain, and how much a split in two
explains of each column and of each main direction; each against what it is in populations without
segments, and the largest counts. The idea is SigClust's (Liu, Hayes, Nobel and Marron 2008) and the
gap statistic's (Tibshirani, Walther and Hastie 2001); the p-value is Monte Carlo.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from carpel.stats.clusters.means import within
from carpel.stats.clusters.population import Population
from carpel.stats.clusters.preparation import Preparation
from carpel.stats.clusters.traits import Floats

SIZE = 1_500
"""People in each simulated population, and of the real ones beside it."""
PILOTS = 24
"""Populations from which mean and spread of each part of the statistic are learned."""
TESTED = (2, 3, 4, 6)
"""Numbers of groups whose explained share is tested."""
DIRECTIONS = 4
STARTS = 5


@dataclass(frozen=True)
class Verdict:
    """What the test says: the p-value, the statistic in spreads, populations compared with.

    `gaps` by number of groups: how much more, as a logarithm, they shrink the squared distances
    than they do in populations without segments, and the spread of that.
    """

    p: float
    statistic: float
    draws: int
    gaps: Mapping[int, tuple[float, float]]


def tested(
    preparation: Preparation,
    scaled: Floats,
    counts: Sequence[int],
    level: float = 0.01,
    seed: int = 0,
) -> Verdict:
    """Test at `level` whether there are segments, and give the gaps for numbers of groups.

    Stops at the first population that looks at least as much like segments: it can't reject then.
    """
    rng = np.random.default_rng(seed)
    population = Population(preparation, scaled)
    rows = rng.permutation(len(scaled))[:SIZE]
    asked = sorted({k for k in {*TESTED, *counts} if k < len(rows)})

    def simulated(counts: Sequence[int]) -> tuple[Floats, Floats]:
        return _measured(preparation.columns(population.draw(len(rows), rng)), counts, rng)

    here = _measured(preparation.columns(scaled[rows]), asked, rng)
    logs, splits = (
        np.array(p) for p in zip(*(simulated(asked) for _ in range(PILOTS)), strict=True)
    )
    few = [k for k in asked if k in TESTED]
    some = [asked.index(k) for k in few]
    scale = _Scale.of(np.hstack([logs[:, some], splits]))
    statistic = scale.largest((here[0][some], here[1]))
    p, draws = _compared(lambda: scale.largest(simulated(few)), statistic, level)
    best = _best(preparation.columns(scaled[rows]), asked, rng)
    return Verdict(p, statistic, draws, _gaps(asked, best, logs))


def _compared(draw: Callable[[], float], statistic: float, level: float) -> tuple[float, int]:
    """The Monte Carlo p-value (Besag and Clifford 1991), stopped at the first draw as large."""
    most = max(round(1 / level) - 1, 1)
    for done in range(1, most + 1):
        if draw() >= statistic:
            return 2 / (done + 1), done
    return 1 / (most + 1), most


@dataclass(frozen=True)
class _Scale:
    """Mean and spread of the statistic's parts in populations without segments."""

    mean: Floats
    spread: Floats

    @classmethod
    def of(cls, parts: Floats) -> "_Scale":
        return cls(parts.mean(axis=0), np.maximum(parts.std(axis=0, ddof=1), 1e-6))

    def largest(self, parts: tuple[Floats, Floats]) -> float:
        """How many spreads the part that is farthest above its mean is."""
        return float(((np.concatenate(parts) - self.mean) / self.spread).max())


def _measured(
    columns: Floats, counts: Sequence[int], rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """The log of how much k groups shrink squared distances; what splits in two explain."""
    centred = columns - columns.mean(axis=0)
    total = float((centred**2).sum())
    logs = [np.log(total / max(within(centred, k, rng), 1e-12 * total)) for k in counts]
    return np.array(logs), np.array([_split(each) for each in _lines(centred).T])


def _best(columns: Floats, counts: Sequence[int], rng: np.random.Generator) -> Floats:
    """The real people's logs of several starts, so that an unlucky one costs no gap."""
    return np.asarray(np.max([_measured(columns, counts, rng)[0] for _ in range(STARTS)], axis=0))


def _lines(centred: Floats) -> Floats:
    """The columns themselves, and the people along the main directions."""
    directions = np.linalg.eigh(centred.T @ centred)[1][:, ::-1]
    return np.hstack([centred, centred @ directions[:, :DIRECTIONS]])


def _split(values: Floats) -> float:
    """The share of a line's variance that its best split in two explains."""
    ordered = np.sort(values)
    ordered = ordered - ordered.mean()
    below = np.arange(1, len(ordered))
    rest = len(ordered) - below
    between = np.cumsum(ordered)[:-1] ** 2 * (1 / below + 1 / rest)
    total = float((ordered**2).sum())
    return float(between.max() / total) if total > 1e-12 else 0.0


def _gaps(counts: Sequence[int], here: Floats, logs: Floats) -> dict[int, tuple[float, float]]:
    spread = logs.std(axis=0, ddof=1) * (1 + 1 / len(logs)) ** 0.5
    return {
        k: (float(here[at] - logs[:, at].mean()), float(spread[at])) for at, k in enumerate(counts)
    }
