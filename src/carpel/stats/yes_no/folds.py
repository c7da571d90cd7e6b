"""Who is learned from and who judges: parts of people, or earlier and later days."""

from dataclasses import dataclass

import numpy as np

from carpel.stats.likelihood import Refused
from carpel.stats.yes_no.columns import Bools, Floats, Ints

LEAST = 50
"""Of each answer, in what is learned from and in what judges."""
JUDGING = 0.25
"""The share of rows, the latest, that judge when days are known."""


@dataclass(frozen=True)
class Split:
    """Rows to learn from and rows that judge; nobody's outcome is in both."""

    learning: Ints
    judging: Ints


def in_folds(outcome: Bools, people: Ints, folds: int, seed: int) -> Ints:
    """The fold of each row, from 0: all rows of a person in one, answers spread evenly."""
    _, person = np.unique(people, return_inverse=True)
    ever = np.bincount(person, outcome) > 0
    mixed = np.random.default_rng(seed).permutation(len(ever))
    order = mixed[np.argsort(ever[mixed], kind="stable")]
    part = np.empty(len(ever), np.int64)
    part[order] = np.arange(len(ever)) % folds
    found: Ints = part[person]
    return found


def crossed(outcome: Bools, people: Ints, folds: int, seed: int) -> list[Split]:
    """Each fold judges once what was learned from the others."""
    part = in_folds(outcome, people, folds, seed)
    return [Split(np.flatnonzero(part != at), np.flatnonzero(part == at)) for at in range(folds)]


def in_time(outcome: Bools, day: Floats, horizon: float) -> Split:
    """The latest days judge; learned from are rows whose outcome was known by then.

    `horizon` is how many days after `day` an outcome is known. Raises `Refused` when either side
    has too few of an answer.
    """
    for cut in np.unique(day)[::-1]:
        judging, learning = day >= cut, day + horizon <= cut
        if judging.mean() >= JUDGING and not few(outcome[judging]):
            break
    for rows, said in ((judging, "to judge by"), (learning, "known before the days that judge")):
        if few(outcome[rows]):
            raise Refused(f"{said}, {few(outcome[rows])}")
    return Split(np.flatnonzero(learning), np.flatnonzero(judging))


def few(outcome: Bools) -> str:
    """Why these are too few to learn from, with the number that is needed; empty if enough."""
    yes, no = int(outcome.sum()), int((~outcome).sum())
    if min(yes, no) >= LEAST:
        return ""
    return (
        f"{yes:,} of {yes + no:,} answers are yes and {no:,} no: at least {LEAST} of each are "
        f"needed, {LEAST - min(yes, no):,} more"
    )
