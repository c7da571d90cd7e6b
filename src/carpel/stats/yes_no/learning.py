"""From columns and answers to calibrated chances, a card, and a model where it is worth using."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from carpel.stats.likelihood import Refused
from carpel.stats.yes_no.card import ModelCard
from carpel.stats.yes_no.columns import Column, Floats
from carpel.stats.yes_no.folds import Split, crossed, few, in_time
from carpel.stats.yes_no.judging import judged
from carpel.stats.yes_no.leaks import left_out
from carpel.stats.yes_no.model import Model
from carpel.stats.yes_no.models import few_threads
from carpel.stats.yes_no.reasons import spread_out
from carpel.stats.yes_no.rows import Rows, answered
from carpel.stats.yes_no.trials import Trial, calibrated, trial

FOLDS = 5
TOO_GOOD = 0.99
"""AUC of all columns together that what people do hardly gives: some know the answer."""


@dataclass(frozen=True)
class Learned:
    """A card always; a model only where it beats the naive guess.

    `held_out` has for each row the chance that a model gave which had not seen it, NaN for rows
    that judged nothing.
    """

    card: ModelCard
    model: Model | None
    held_out: Floats


def learn(
    columns: Sequence[Column],
    outcome: ArrayLike,
    *,
    day: ArrayLike | None = None,
    horizon: float = 0.0,
    people: ArrayLike | None = None,
    trusted: Collection[str] = (),
    seed: int = 0,
) -> Learned:
    """Learn to foresee an answer (1 yes, 0 no, NaN not known) and judge it on unseen people.

    With `day` (of each row's profile) and `horizon` (days until its outcome is known) the latest
    rows judge what was learned from earlier ones, which is time-honest; without, five folds judge
    each other. `people` says which rows are one person's. Leaks are not sought in `trusted`
    columns. Raises ValueError when lengths differ, a name comes twice, a day is missing or an
    answer is neither.
    """
    rows = answered(columns, outcome, day, people)
    card = _blank(rows, horizon)
    with few_threads(rows.columns):
        try:
            return _learned(rows, card, horizon, trusted, seed)
        except Refused as refusal:
            return Learned(replace(card, verdict=f"{refusal}: not used"), None, _nowhere(rows))


def _learned(
    rows: Rows, card: ModelCard, horizon: float, trusted: Collection[str], seed: int
) -> Learned:
    if few(rows.outcome):
        raise Refused(few(rows.outcome))
    out = left_out(rows.columns, rows.outcome, rows.day, rows.people, trusted)
    card = replace(card, left_out=out)
    columns = [each for each in rows.columns if each.name not in {one.column for one in out}]
    if not columns:
        none = "no column is left to tell from: not used"
        return Learned(replace(card, verdict=none), None, _nowhere(rows))
    found = trial(columns, rows.outcome, rows.people, _splits(rows, horizon, seed), seed)
    card = replace(
        _judged(card, rows, found, trusted), columns=tuple(each.name for each in columns)
    )
    model = _model(rows, columns, found, seed) if card.used else None
    held_out = _nowhere(rows)
    held_out[rows.kept] = found.chances
    return Learned(replace(card, calibration=model.curve.name if model else ""), model, held_out)


def _splits(rows: Rows, horizon: float, seed: int) -> list[Split]:
    if rows.day is None:
        return crossed(rows.outcome, rows.people, FOLDS, seed)
    return [in_time(rows.outcome, rows.day, horizon)]


def _judged(card: ModelCard, rows: Rows, found: Trial, trusted: Collection[str]) -> ModelCard:
    seen = np.flatnonzero(~np.isnan(found.chances))
    of = judged(found.chances[seen], found.naive[seen], rows.outcome[seen], rows.people[seen])
    used, verdict = of.used, of.sentence(found.kind.name)
    first = [each.column for each in found.importance[:3]]
    if of.auc >= TOO_GOOD and not set(first) <= set(trusted):
        used = False
        verdict += (
            f"; too good to be true: look whether {', '.join(first)} are known only after the "
            "outcome, and say so if you trust them; not used"
        )
    return replace(
        card,
        model=found.kind.name,
        judged=of,
        used=used,
        verdict=verdict,
        importance=found.importance,
    )


def _model(rows: Rows, columns: list[Column], found: Trial, seed: int) -> Model:
    """The better kind, fitted on all rows."""
    curve = calibrated(found.kind, columns, rows.outcome, rows.people, seed)
    return Model(found.kind.fit(columns, rows.outcome), curve, spread_out(columns))


def _blank(rows: Rows, horizon: float) -> ModelCard:
    day = rows.day
    dated = day is not None and len(day) > 0
    how = (
        f"Judged on the latest days, by what was known before; an outcome is known after "
        f"{horizon:g} days"
        if dated
        else f"Not time-honest: there are no dates, so {FOLDS} parts of the people judge each other"
    )
    return ModelCard(
        rows=len(rows.outcome),
        people=len(np.unique(rows.people)),
        outcomes=int(rows.outcome.sum()),
        unknown=rows.of - len(rows.outcome),
        days=(float(day.min()), float(day.max())) if day is not None and len(day) else None,
        time_honest=dated,
        how=how,
    )


def _nowhere(rows: Rows) -> Floats:
    return np.full(rows.of, np.nan)
