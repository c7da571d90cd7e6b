"""How well groups of people foresee a figure: learned from some, earlier; judged on others, later.

Held out twice: the means of groups are learned from the other half of the people and from the time
before. Groups that mean nothing then explain nothing, although people stay as they are: the same
people on both sides would make any split look good.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Parting = Callable[[Ints], tuple[Ints, Ints]]
"""From places of people then, who are learned from, to the group of everybody then and now."""
DRAWS = 1_000
PRIOR = 10
"""People with everybody's mean that each group is mixed with, so that few people say little."""
HIGHEST = 0.99
TOP = 0.2
"""The share of people foreseen highest, whose mean beside everybody's is the lift."""


@dataclass(frozen=True)
class Seen:
    """People at a moment, by their keys, ascending, and what each did in the time after."""

    people: Ints
    outcome: Floats


@dataclass(frozen=True)
class Judged:
    """What a way is worth: the share of the variance between people that its groups foresee.

    Below 0 it is worse than treating all alike. `draws` are the same under resampling of people.
    """

    way: str
    explained: float
    low: float
    high: float
    lift: float
    draws: Floats


def fixed(then: Ints, now: Ints) -> Parting:
    """Groups that do not hang on the outcome."""
    return lambda _rows: (then, now)


def judge(
    ways: Mapping[str, Parting], then: Seen, now: Seen, *, seed: int = 0
) -> tuple[Judged, ...]:
    """Hold every way against what happened `now`, by the same resampled people (Efron 1979).

    Of a figure that is not yes or no the highest 1 % of each time count as the lowest of them. The
    level of everybody is that of the later time, for all ways alike: a season is not theirs to
    foresee.
    Raises ValueError where nobody differs from anybody then or now.
    """
    before, after = (np.minimum(each.outcome, _cap(each.outcome)) for each in (then, now))
    if not before.any() or not after.std():
        raise ValueError("everybody has the same figure")
    level = after.mean() / before.mean()
    halves = _halves(then.people, now.people, seed)
    guesses = {
        name: level * _foreseen(way, before, len(after), halves) for name, way in ways.items()
    }
    alike = (after - after.mean()) ** 2
    gains = np.stack([alike - (after - each) ** 2 for each in guesses.values()])
    draws = _drawn(gains, alike, seed)
    ends = np.quantile(draws, (0.025, 0.975), axis=1)
    return tuple(
        Judged(
            name,
            float(gains[at].sum() / alike.sum()),
            float(ends[0, at]),
            float(ends[1, at]),
            _lift(guess, after),
            draws[at],
        )
        for at, (name, guess) in enumerate(guesses.items())
    )


def means(groups: Ints, outcome: Floats, count: int) -> Floats:
    """The mean of each group numbered from 0, mixed with everybody's; -1 is a group too."""
    whole = outcome.mean()
    of = np.where(groups < 0, count, groups)
    people = np.bincount(of, minlength=count + 1)
    found: Floats = (np.bincount(of, outcome, count + 1) + PRIOR * whole) / (people + PRIOR)
    return found


def _foreseen(
    way: Parting, before: Floats, people: int, halves: tuple[NDArray[np.bool_], NDArray[np.bool_]]
) -> Floats:
    """For everybody now the mean of their group among the other half then."""
    found = np.zeros(people)
    for half in (True, False):
        learning, judging = np.flatnonzero(halves[0] != half), halves[1] == half
        then, now = way(learning)
        count = int(max(then.max(initial=-1), now.max(initial=-1))) + 1
        learned = means(then[learning], before[learning], count)
        found[judging] = learned[np.where(now < 0, count, now)[judging]]
    return found


def _halves(then: Ints, now: Ints, seed: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which half everybody is in, then and now the same."""
    everybody = np.union1d(then, now)
    half = np.random.default_rng(seed).random(len(everybody)) < 0.5
    return half[np.searchsorted(everybody, then)], half[np.searchsorted(everybody, now)]


def _drawn(gains: Floats, alike: Floats, seed: int) -> Floats:
    """Shares explained of people drawn with replacement (ways, draws)."""
    chance, people = np.random.default_rng(seed + 1), len(alike)
    found = np.empty((len(gains), DRAWS))
    for draw in range(DRAWS):
        times = np.bincount(chance.integers(people, size=people), minlength=people)
        found[:, draw] = gains @ times / max(float(alike @ times), 1e-300)
    return found


def _lift(guess: Floats, after: Floats) -> float:
    """The mean of those foreseen highest over that of everybody; people foreseen alike share it."""
    whole = after.mean()
    _, place, counts = np.unique(-guess, return_inverse=True, return_counts=True)
    of_group = np.bincount(place, after) / counts
    room = TOP * len(after) - np.concatenate([[0], np.cumsum(counts)[:-1]])
    taken = np.clip(room, 0, counts)
    return float((of_group * taken).sum() / (TOP * len(after)) / whole)


def _cap(outcome: Floats) -> float:
    some = outcome[outcome > 0]
    return float(np.quantile(some, HIGHEST)) if len(np.unique(some)) > 1 else np.inf
