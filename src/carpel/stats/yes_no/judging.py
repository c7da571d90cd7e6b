"""How good chances are, on people whom the model had not seen."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np

from carpel.stats.held_out import beyond_chance
from carpel.stats.relation import ranks
from carpel.stats.tails import NORMAL_95
from carpel.stats.yes_no.calibration import Said, calibration_error, reliability
from carpel.stats.yes_no.columns import Bools, Floats, Ints

SURE = NormalDist().inv_cdf(0.995)
"""Chance alone makes a model so much better once in 200, and of two models once in 100."""

ROUNDING = 9
"""Digits of a gain that count: a model that says the naive guess for all differs by rounding."""


@dataclass(frozen=True)
class Judged:
    """What chances are worth, beside the share of everybody as the naive guess for each."""

    rows: int
    people: int
    outcomes: int
    auc: float
    """The chance that somebody to whom it happened had the higher chance of two, 0 to 1."""
    auc_interval: tuple[float, float]
    calibration_error: float
    reliability: tuple[Said, ...]
    log_loss: float
    naive_log_loss: float
    used: bool

    def sentence(self, name: str) -> str:
        """The verdict in a sentence, with its figures."""
        low, high = self.auc_interval
        rows = f"{self.rows:,} rows of " if self.rows > self.people else ""
        said = (
            f"{name}: log loss {self.log_loss:.4f} on {rows}{self.people:,} people who judge "
            f"({self.outcomes:,} of them yes), {self.naive_log_loss:.4f} for the naive guess (the "
            f"share of everybody); AUC {self.auc:.3f} ({low:.3f} to {high:.3f})"
        )
        return said if self.used else f"{said}; not better beyond chance: not used"


def judged(chances: Floats, naive: Floats, outcome: Bools, people: Ints) -> Judged:
    """Chances against what happened; rows of one of the `people` count as one in the test."""
    loss, guess = losses(chances, outcome), losses(naive, outcome)
    person = np.unique(people, return_inverse=True)[1]
    gain = np.bincount(person, np.round(guess - loss, ROUNDING)).astype(np.float64)
    area, low, high = auc(chances, outcome)
    table = reliability(chances, outcome)
    return Judged(
        len(outcome),
        len(gain),
        int(outcome.sum()),
        area,
        (low, high),
        calibration_error(table),
        table,
        float(loss.mean()),
        float(guess.mean()),
        beyond_chance(gain, SURE),
    )


def losses(chances: Floats, outcome: Bools) -> Floats:
    """Minus the log of the chance that was given to what happened, a row each."""
    found: Floats = -np.log(np.where(outcome, chances, 1 - chances))
    return found


def auc(scores: Floats, outcome: Bools) -> tuple[float, float, float]:
    """The area under the ROC curve and its interval of 95 %, 0 to 1.

    DeLong, DeLong and Clarke-Pearson 1988, by mid-ranks (Sun and Xu 2014), symmetric on the log
    odds of the area so that its ends stay within 0 and 1. Where the area is 0 or 1 the far end is
    by the rule of three on the rarer answer. NaN when only one answer occurs.
    """
    yes, no = int(outcome.sum()), int((~outcome).sum())
    if not yes or not no:
        return (np.nan, np.nan, np.nan)
    of_all = ranks(scores)
    above = (of_all[outcome] - ranks(scores[outcome])) / no
    below = (of_all[~outcome] - ranks(scores[~outcome])) / yes
    area = float(above.mean())
    unknown = min(1.0, 3 / min(yes, no))
    if area in (0.0, 1.0):
        return (area, max(0.0, area - unknown), min(1.0, area + unknown))
    spread = sqrt(_variance(above) / yes + _variance(below) / no)
    reach = np.exp(min(NORMAL_95 * spread / (area * (1 - area)), 700.0))
    odds = area / (1 - area)
    return (area, float(odds / (odds + reach)), float(odds * reach / (1 + odds * reach)))


def _variance(values: Floats) -> float:
    return float(values.var(ddof=1)) if len(values) > 1 else 0.25
