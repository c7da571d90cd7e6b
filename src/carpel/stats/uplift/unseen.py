"""How good a score is for people it was not learned from: its Qini with an interval, by fifths."""

from dataclasses import dataclass

import numpy as np

from carpel.stats.averages import gap_interval
from carpel.stats.difference import Moments
from carpel.stats.tails import NORMAL_95, Floats, normal_two_sided
from carpel.stats.uplift.curves import Bools, Ints, Ranked, best_for_qini, gain, ranked

DRAWS = 300
"""Samples that the error is told from: known to 4 %."""
BANDS = 5


@dataclass(frozen=True)
class Measured:
    """A figure of a score with its 95 % interval; 0 is what a score drawn by lot has."""

    value: float
    low: float
    high: float
    chance: float
    """Of a score drawn by lot being at least as far from 0, either way."""

    @property
    def better(self) -> bool:
        """Whether the score is better than one drawn by lot, beyond chance."""
        return self.low > 0


@dataclass(frozen=True)
class Band:
    """People of similar scores: the effect that was foreseen, and the one that came."""

    people: int
    foreseen: float
    effect: float
    low: float
    high: float


@dataclass(frozen=True)
class Real:
    """Of a difference in foreseen effects, the share that is there in people not learned from.

    1 is a model whose figures can be taken as they are, 0 one whose differences are all noise.
    """

    effect: float
    """The mean effect of everybody."""
    share: float
    low: float
    high: float


def measured(outcome: Floats, score: Floats, treated: Bools, seed: int) -> Measured:
    """The Qini coefficient of answers of 1 or 0; of figures, the gain a treated person.

    The error from samples of the same people, arm by arm (Efron 1979); the score stays.
    """
    people, best = ranked(outcome, score, treated), None
    if np.isin(outcome, (0.0, 1.0)).all():
        best = ranked(outcome, best_for_qini(outcome, treated), treated)
    value, chance = _figure(people, best, None), np.random.default_rng(seed)
    drawn = [_figure(people, best, _sample(treated, chance)) for _ in range(DRAWS)]
    error = float(np.std(drawn, ddof=1))
    rare = float(normal_two_sided(value / error)) if error > 0 else 1.0
    return Measured(value, value - NORMAL_95 * error, value + NORMAL_95 * error, rare)


def by_bands(
    outcome: Floats, foreseen: Floats, place: Floats, treated: Bools, parts: int = BANDS
) -> tuple[Band, ...]:
    """People in equal parts by their place (0 to 1, the highest score has 1), the highest first."""
    part = np.minimum((place * parts).astype(np.int64), parts - 1)
    found = []
    for at in range(parts - 1, -1, -1):
        here = part == at
        sides = [_moments(outcome[here & arm]) for arm in (treated, ~treated)]
        if min(side.n for side in sides) < 6:  # fewer bear no interval
            continue
        low, high = gap_interval(*sides)
        apart = sides[0].mean - sides[1].mean
        found.append(Band(int(here.sum()), float(foreseen[here].mean()), apart, low, high))
    return tuple(found)


def real(outcome: Floats, foreseen: Floats, without: Floats, treated: Bools, fold: Ints) -> Real:
    """Explain outcomes by the arm, and by the arm times the foreseen effect.

    The best linear predictor of the effect (Chernozhukov, Demirer, Duflo and Fernández-Val 2018,
    section 3.1), with errors that hold for uneven spread. `without` is the outcome foreseen
    without treatment; every figure comes from a model that had not seen the person.
    """
    arm, middle = treated - treated.mean(), _of_fold(foreseen, fold)
    columns = np.column_stack([np.ones(len(outcome)), arm, arm * middle, middle, without])
    inverse = np.linalg.pinv(columns.T @ columns)
    found = inverse @ (columns.T @ outcome)
    pulled = inverse @ (columns * (outcome - columns @ found)[:, None]).T
    reach = NORMAL_95 * float(np.sqrt((pulled[2] ** 2).sum()))
    share = float(found[2])
    return Real(float(found[1]), share, share - reach, share + reach)


def places(score: Floats, fold: Ints) -> Floats:
    """Where each score stands among those of its fold, above 0 and below 1; equal ones together.

    Models of different folds are not on one scale: scores of one may all be a little higher.
    """
    found = np.empty(len(score))
    for at in np.unique(fold):
        here = np.flatnonzero(fold == at)
        _, which, counts = np.unique(score[here], return_inverse=True, return_counts=True)
        found[here] = ((np.cumsum(counts) - counts / 2) / len(here))[which]
    return found


def _figure(people: Ranked, best: Ranked | None, weight: Floats | None) -> float:
    steps = people.steps(weight)
    if best is None:
        return gain(steps)
    most = best.steps(weight).qini().over_chance
    return steps.qini().over_chance / most if most else 0.0


def _sample(treated: Bools, chance: np.random.Generator) -> Floats:
    """How often each person comes in a sample as large as each arm."""
    found = np.zeros(len(treated))
    for arm in (treated, ~treated):
        rows = np.flatnonzero(arm)
        drawn = chance.integers(0, len(rows), len(rows))
        found[rows] = np.bincount(drawn, minlength=len(rows))
    return found


def _of_fold(values: Floats, fold: Ints) -> Floats:
    """The same, less the mean of the fold."""
    which = np.unique(fold, return_inverse=True)[1]
    means = np.bincount(which, values) / np.bincount(which)
    found: Floats = values - means[which]
    return found


def _moments(values: Floats) -> Moments:
    if not len(values):
        return Moments(0, 0.0, 0.0)
    return Moments(len(values), float(values.mean()), float(values.var()))
