"""Why a person has the score they have, and which columns matter to everybody."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from carpel.stats.yes_no.calibration import Calibration
from carpel.stats.yes_no.card import Weight
from carpel.stats.yes_no.columns import Bools, Column, Floats
from carpel.stats.yes_no.judging import losses
from carpel.stats.yes_no.models import Scorer

OTHERS = 8
"""Values of a column that stand for everybody's: the middles of eighths."""
LEAST = 0.05
"""Log odds a reason moves at least; less is no reason."""


@dataclass(frozen=True)
class Reason:
    """One column of one person, and by how many log odds it moves them from what others have."""

    column: str
    value: str
    moved: float

    def sentence(self) -> str:
        """The reason in words."""
        return f"{self.column} {self.value} {'raises' if self.moved > 0 else 'lowers'} it"


def spread_out(columns: Sequence[Column]) -> dict[str, Column]:
    """For each column one of the values that stand for everybody's, missing among them."""
    at = (np.arange(OTHERS) + 0.5) / OTHERS
    return {
        each.name: each.take(np.argsort(each.values)[(at * len(each.values)).astype(np.int64)])
        for each in columns
    }


def moved(model: Scorer, columns: Sequence[Column], others: dict[str, Column]) -> Floats:
    """Log odds by which each column moves each row (rows, columns).

    The score, less the mean score with the values that others have in that column alone
    (Robnik-Šikonja and Kononenko 2008); for a straight line its exact contribution.
    """
    whole = model.scores(columns)
    found = np.zeros((len(whole), len(columns)))
    for at, column in enumerate(columns):
        other = others[column.name]
        values, counts = np.unique(other.values, return_counts=True)
        for value, share in zip(values, counts / counts.sum(), strict=True):
            instead = replace(other, values=np.full(len(whole), value), known_on=None)
            found[:, at] += share * (
                whole - model.scores([*columns[:at], instead, *columns[at + 1 :]])
            )
    return found


def reasons(
    model: Scorer, columns: Sequence[Column], others: dict[str, Column], most: int
) -> list[tuple[Reason, ...]]:
    """For each row the few columns that moved its score most, the strongest first."""
    ordered = sorted(columns, key=lambda each: each.name)
    by = moved(model, ordered, others)
    strongest = np.argsort(-np.abs(by), axis=1, kind="stable")[:, :most]
    return [
        tuple(
            Reason(ordered[at].name, ordered[at].shown(ordered[at].values[row]), float(by[row, at]))
            for at in places
            if abs(by[row, at]) >= LEAST
        )
        for row, places in enumerate(strongest)
    ]


def weights(
    model: Scorer, curve: Calibration, columns: Sequence[Column], outcome: Bools, seed: int
) -> list[Weight]:
    """What shuffling each column costs in log loss, on these rows (Breiman 2001)."""
    chance = np.random.default_rng(seed)
    whole = losses(curve.chances(model.scores(columns)), outcome).mean()
    mixed = chance.permutation(len(outcome))
    found = []
    for at, column in enumerate(columns):
        instead = [*columns[:at], column.take(mixed), *columns[at + 1 :]]
        worse = losses(curve.chances(model.scores(instead)), outcome).mean()
        found.append(Weight(column.name, float(worse - whole)))
    return found
