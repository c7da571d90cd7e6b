"""Learn whom a treatment moves, and say on people not learned from whether it is better than lot.

A card is always there; a model only where it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from carpel.stats.likelihood import Refused
from carpel.stats.tails import Floats
from carpel.stats.uplift.curves import Bools, auuc
from carpel.stats.uplift.learners import Kind, Learner, X
from carpel.stats.uplift.unseen import Band, Measured, Real, by_bands, measured, places, real
from carpel.stats.yes_no.columns import Column, Ints, taken
from carpel.stats.yes_no.models import few_threads

FOLDS = 5
TAUGHT = 2
"""Folds that only teach; each later one judges what all before it taught.

So no judge was taught from before, and errors of folds are independent. Where every fold judges
what the others taught, they are not, and Qini of nothing is beyond its interval twice too often.
"""
LEAST = 100
"""People of each arm, and of each arm's answers the rarer one, at least."""


@dataclass(frozen=True)
class UpliftCard:
    """What a model of an effect stands on; figures are of people that it was not learned from."""

    learner: str
    treated: int
    control: int
    used: bool
    verdict: str
    judges: int = 0
    """People that judged what others had taught."""
    qini: Measured | None = None
    """Of figures instead of answers: the gain a treated person, in their unit."""
    auuc: float | None = None
    """Of answers only."""
    real: Real | None = None
    bands: tuple[Band, ...] = ()
    """Fifths, the highest foreseen effect first."""


@dataclass(frozen=True)
class Model:
    """A learner whose differences are drawn in to the share of them that is real."""

    learner: Learner
    middle: float
    real: Real

    def effects(self, columns: Sequence[Column]) -> Floats:
        """The effect of the treatment for each row, in units of the outcome."""
        with few_threads(columns):
            apart = self.learner.effects(columns) - self.middle
        return self.real.effect + min(max(self.real.share, 0.0), 1.0) * apart


@dataclass(frozen=True)
class Learned:
    """A card, a model where it is better than lot, and for each row what one said unseen."""

    card: UpliftCard
    model: Model | None
    held_out: Floats


@dataclass(frozen=True)
class Unseen:
    """For each row what a model said that had not seen it, and the fold it was in.

    NaN for people who only taught.
    """

    effect: Floats
    without: Floats
    fold: Ints


def learn(
    columns: Sequence[Column],
    outcome: ArrayLike,
    treated: ArrayLike,
    *,
    kind: Kind = X,
    seed: int = 0,
) -> Learned:
    """Learn the effect of a treatment that was given by lot, a row a person.

    `outcome` is 1 or 0, or a figure; `treated` is 1 or 0. Of five parts of the people the third
    judges what the first two taught, the fourth what the first three did, and so on. Raises
    ValueError when lengths differ or a value is missing.
    """
    y, arm = _checked(columns, outcome, treated)
    card = UpliftCard(kind.name, int(arm.sum()), int((~arm).sum()), False, "")
    try:
        _enough(y, arm)
    except Refused as refusal:
        return Learned(replace(card, verdict=f"{refusal}: not used"), None, np.full(len(y), np.nan))
    with few_threads(columns):
        unseen = in_turn(columns, y, arm, kind, seed)
        card = _judged(card, y, arm, unseen, seed)
        model = _model(columns, y, arm, kind, card.real) if card.used and card.real else None
    return Learned(card, model, unseen.effect)


def in_turn(
    columns: Sequence[Column], outcome: Floats, treated: Bools, kind: Kind, seed: int
) -> Unseen:
    """The later folds, arms and answers spread evenly, each by a model of all folds before it."""
    fold = _folds(outcome, treated, seed)
    found = Unseen(np.full(len(fold), np.nan), np.full(len(fold), np.nan), fold)
    for at in range(TAUGHT, FOLDS):
        known, unseen = np.flatnonzero(fold < at), np.flatnonzero(fold == at)
        model = kind.fit(taken(columns, known), outcome[known], treated[known])
        found.effect[unseen] = model.effects(taken(columns, unseen))
        found.without[unseen] = model.without(taken(columns, unseen))
    return found


def _judged(
    card: UpliftCard, outcome: Floats, treated: Bools, unseen: Unseen, seed: int
) -> UpliftCard:
    judge = np.flatnonzero(unseen.fold >= TAUGHT)
    outcome, treated, fold = outcome[judge], treated[judge], unseen.fold[judge]
    effect, without = unseen.effect[judge], unseen.without[judge]
    place = places(effect, fold)
    found = measured(outcome, place, treated, seed)
    answers = bool(np.isin(outcome, (0.0, 1.0)).all())
    card = replace(
        card,
        used=found.better,
        judges=len(judge),
        qini=found,
        auuc=auuc(outcome, place, treated) if answers else None,
        real=real(outcome, effect, without, treated, fold),
        bands=by_bands(outcome, effect, place, treated),
    )
    return replace(card, verdict=_sentence(card, found, answers=answers))


def _sentence(card: UpliftCard, found: Measured, *, answers: bool) -> str:
    """The verdict with its figures."""
    what = "Qini" if answers else "gain a treated person"
    people = f"{card.judges:,} people it had not seen"
    told = f"{what} {found.value:.4f} ({found.low:.4f} to {found.high:.4f}) on {people}"
    if not found.better:
        return f"{card.learner}: {told}, no better than drawing people by lot: not used"
    first, last = card.bands[0], card.bands[-1]
    return (
        f"{card.learner}: {told}; the effect on the fifth with the highest score was "
        f"{first.effect:.4g} ({first.low:.4g} to {first.high:.4g}), on the lowest "
        f"{last.effect:.4g} ({last.low:.4g} to {last.high:.4g})"
    )


def _model(
    columns: Sequence[Column], outcome: Floats, treated: Bools, kind: Kind, found: Real
) -> Model:
    """Learned from everybody."""
    learner = kind.fit(columns, outcome, treated)
    return Model(learner, float(learner.effects(columns).mean()), found)


def _folds(outcome: Floats, treated: Bools, seed: int) -> Ints:
    mixed = np.random.default_rng(seed).permutation(len(outcome))
    order = mixed[np.lexsort((outcome[mixed], treated[mixed]))]
    found = np.empty(len(outcome), np.int64)
    found[order] = np.arange(len(outcome)) % FOLDS
    return found


def _checked(
    columns: Sequence[Column], outcome: ArrayLike, treated: ArrayLike
) -> tuple[Floats, Bools]:
    y, arm = np.asarray(outcome, np.float64), np.asarray(treated, np.float64)
    if {len(each.values) for each in columns} != {len(y)} or len(arm) != len(y):
        raise ValueError("there are no columns, or columns, outcomes and arms are not equally many")
    if not np.isfinite(y).all() or not np.isin(arm, (0.0, 1.0)).all():
        raise ValueError("an outcome is missing, or an arm is neither 1 nor 0")
    return y, arm == 1


def _enough(outcome: Floats, treated: Bools) -> None:
    """Raises Refused when an arm is too small, or an answer too rare in it."""
    answers = np.isin(outcome, (0.0, 1.0)).all()
    for name, arm in (("treated", outcome[treated]), ("not treated", outcome[~treated])):
        rarest = int(min(arm.sum(), (1 - arm).sum())) if answers else len(arm)
        if rarest < LEAST:
            what = "of the rarer answer among those" if answers else "people"
            raise Refused(
                f"{rarest:,} {what} {name}: at least {LEAST} are needed, {LEAST - rarest:,} more"
            )
