"""From the log odds a model says to chances that happen as often as they say."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from carpel.stats.yes_no.columns import Bools, Floats

ENOUGH = 10_000
"""Of the rarer answer: below, steps follow chance (Niculescu-Mizil and Caruana 2005 say 1,000; with
the 1,869 of telco churn they still cost .005 of log loss)."""
BINS = 10


@dataclass(frozen=True)
class Calibration:
    """A rising curve from log odds to chances, which stay within `least` and 1 - `least`."""

    name: str
    curve: Any
    least: float

    @staticmethod
    def fit(scores: Floats, outcome: Bools) -> "Calibration":
        """From scores of people whom the scoring model had not seen.

        Steps (isotonic: Zadrozny and Elkan 2002) where there are enough outcomes, otherwise a
        logistic curve (Platt 1999).
        """
        least = 1.0 / (len(outcome) + 2)
        if min(outcome.sum(), (~outcome).sum()) >= ENOUGH:
            return Calibration("isotonic", _steps(scores, outcome), least)
        return Calibration("Platt", _line(scores, outcome), least)

    def chances(self, scores: Floats) -> Floats:
        """A chance for each score."""
        found: Floats = np.clip(self.curve(scores), self.least, 1 - self.least)
        return found


@dataclass(frozen=True)
class Said:
    """People to whom about the same chance was given, and how many of them it happened to."""

    people: int
    chance: float
    happened: float


def reliability(chances: Floats, outcome: Bools, bins: int = BINS) -> tuple[Said, ...]:
    """Groups of about equal numbers from the lowest chance up; equal chances stay together."""
    edges = np.unique(np.quantile(chances, np.linspace(0, 1, bins + 1)[1:-1]))
    place = np.searchsorted(edges, chances, side="right")
    groups = [np.flatnonzero(place == at) for at in np.unique(place)]
    return tuple(
        Said(len(rows), float(chances[rows].mean()), float(outcome[rows].mean())) for rows in groups
    )


def calibration_error(table: tuple[Said, ...]) -> float:
    """How far chances are from what happened, on average over people, 0 to 1.

    The expected calibration error of Naeini, Cooper and Hauskrecht 2015, in groups of equal
    numbers.
    """
    apart = sum(each.people * abs(each.chance - each.happened) for each in table)
    return apart / sum(each.people for each in table)


@dataclass(frozen=True)
class _Logistic:
    slope: float
    start: float

    def __call__(self, scores: Floats) -> Floats:
        found: Floats = 1 / (1 + np.exp(-np.clip(self.slope * scores + self.start, -700, 700)))
        return found


def _line(scores: Floats, outcome: Bools) -> _Logistic:
    """Never falling: scores that say the contrary say nothing, and everybody has the base rate."""
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=1e4, max_iter=1_000).fit(scores[:, None], outcome)
    if fitted.coef_[0, 0] > 0:
        return _Logistic(float(fitted.coef_[0, 0]), float(fitted.intercept_[0]))
    return _Logistic(0.0, float(np.log(outcome.mean() / (1 - outcome.mean()))))


def _steps(scores: Floats, outcome: Bools) -> Any:
    from sklearn.isotonic import IsotonicRegression

    steps = IsotonicRegression(out_of_bounds="clip").fit(scores, outcome.astype(np.float64))
    return steps.predict
