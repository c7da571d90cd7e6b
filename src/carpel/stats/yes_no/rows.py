"""The rows that can be learned from: what was known, and an answer."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from carpel.stats.yes_no.columns import Bools, Column, Floats, Ints, taken


@dataclass(frozen=True)
class Rows:
    """Rows with an answer, columns in the order of their names."""

    columns: list[Column]
    outcome: Bools
    day: Floats | None
    people: Ints
    """Numbers from 0; rows with one number are one person's."""
    kept: Ints
    """Their places among all rows given."""
    of: int


def answered(
    columns: Sequence[Column], outcome: ArrayLike, day: ArrayLike | None, people: ArrayLike | None
) -> Rows:
    """The rows whose answer is 1 or 0; NaN is not known.

    Raises ValueError when lengths differ, a name comes twice, a day is missing or an answer is
    neither.
    """
    answers = np.asarray(outcome, np.float64)
    days = None if day is None else np.asarray(day, np.float64)
    who = np.arange(len(answers)) if people is None else np.asarray(people)
    _check(columns, answers, days, len(who))
    kept = np.flatnonzero(~np.isnan(answers))
    return Rows(
        taken(sorted(columns, key=lambda each: each.name), kept),
        answers[kept] == 1,
        None if days is None else days[kept],
        np.unique(who[kept], return_inverse=True)[1],
        kept,
        len(answers),
    )


def _check(columns: Sequence[Column], answers: Floats, days: Floats | None, who: int) -> None:
    lengths = {len(each.values) for each in columns} | {len(answers), who}
    lengths |= {len(each.known_on) for each in columns if each.known_on is not None}
    if len(lengths | (set() if days is None else {len(days)})) > 1:
        raise ValueError("columns, answers, days and people are not equally many")
    if len({each.name for each in columns}) < len(columns):
        raise ValueError("two columns have one name")
    if days is not None and not np.isfinite(days).all():
        raise ValueError("a row has no day")
    if not np.isin(answers[~np.isnan(answers)], (0.0, 1.0)).all():
        raise ValueError("an answer is neither 1 (yes) nor 0 (no)")
