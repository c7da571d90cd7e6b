"""Models fitted on some rows and held against others that they had not seen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from carpel.stats.yes_no.calibration import Calibration
from carpel.stats.yes_no.card import Weight
from carpel.stats.yes_no.columns import Bools, Column, Floats, Ints, taken
from carpel.stats.yes_no.folds import Split, crossed
from carpel.stats.yes_no.judging import losses
from carpel.stats.yes_no.models import KINDS, Kind, Scorer
from carpel.stats.yes_no.reasons import weights

INNER = 3
"""Folds within what is learned from, whose scores the calibration is fitted on."""


@dataclass(frozen=True)
class Trial:
    """The better kind of model, and its chances for the rows that judge; NaN for others."""

    kind: Kind
    chances: Floats
    naive: Floats
    importance: tuple[Weight, ...]


def trial(
    columns: Sequence[Column], outcome: Bools, people: Ints, splits: Sequence[Split], seed: int
) -> Trial:
    """Fit each kind on each split; calibrate the one with the smaller loss on unseen rows."""
    fitted = {kind: [_fit(kind, columns, outcome, each) for each in splits] for kind in KINDS}
    kind = min(KINDS, key=lambda each: _loss(fitted[each], columns, outcome, splits))
    chances, naive = np.full(len(outcome), np.nan), np.full(len(outcome), np.nan)
    heavy = []
    for split, scorer in zip(splits, fitted[kind], strict=True):
        learning, judging = split.learning, split.judging
        known, unseen = taken(columns, learning), taken(columns, judging)
        curve = calibrated(kind, known, outcome[learning], people[learning], seed)
        chances[judging] = curve.chances(scorer.scores(unseen))
        naive[judging] = outcome[learning].mean()
        heavy.append(weights(scorer, curve, unseen, outcome[judging], seed))
    return Trial(kind, chances, naive, _together(heavy))


def calibrated(
    kind: Kind, columns: Sequence[Column], outcome: Bools, people: Ints, seed: int
) -> Calibration:
    """The curve for a model of that kind, from scores of folds within these rows."""
    scores = np.zeros(len(outcome))
    for split in crossed(outcome, people, INNER, seed + 1):
        scorer = _fit(kind, columns, outcome, split)
        scores[split.judging] = scorer.scores(taken(columns, split.judging))
    return Calibration.fit(scores, outcome)


def _fit(kind: Kind, columns: Sequence[Column], outcome: Bools, split: Split) -> Scorer:
    return kind.fit(taken(columns, split.learning), outcome[split.learning])


def _loss(
    fitted: Sequence[Scorer], columns: Sequence[Column], outcome: Bools, splits: Sequence[Split]
) -> float:
    """Summed over the rows that judge, before calibration."""
    total = 0.0
    for split, scorer in zip(splits, fitted, strict=True):
        scores = scorer.scores(taken(columns, split.judging))
        total += float(losses(1 / (1 + np.exp(-scores)), outcome[split.judging]).sum())
    return total


def _together(heavy: Sequence[Sequence[Weight]]) -> tuple[Weight, ...]:
    """The mean over splits, the heaviest first."""
    means = [
        Weight(same[0].column, float(np.mean([each.log_loss for each in same])))
        for same in zip(*heavy, strict=True)
    ]
    return tuple(sorted(means, key=lambda each: -each.log_loss))
