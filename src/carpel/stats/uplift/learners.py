"""Two ways to foresee whom a treatment moves, on boosted trees: the T- and the X-learner.

What is foreseen is an effect: by how much the outcome (the chance of a yes, or a figure) is higher
with the treatment than without, for a person like this. Both need arms that were drawn by lot.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from carpel.stats.tails import Floats
from carpel.stats.uplift.curves import Bools
from carpel.stats.yes_no.columns import Column
from carpel.stats.yes_no.encoding import Encoding

TREES = {
    "max_iter": 100,
    "learning_rate": 0.05,
    "max_leaf_nodes": 5,
    "l2_regularization": 1.0,
    "early_stopping": False,
    "random_state": 0,
}
"""Many shallow trees, slowly: an effect is fainter than an outcome, and as easily overfitted."""


class Learner(Protocol):
    """A fitted learner."""

    @property
    def name(self) -> str:
        """What it is called."""

    def effects(self, columns: Sequence[Column]) -> Floats:
        """The effect for each row, in units of the outcome; not yet held against anybody."""

    def without(self, columns: Sequence[Column]) -> Floats:
        """The outcome of each row without the treatment."""


@dataclass(frozen=True)
class Outcomes:
    """What each arm does, each learned from its own people."""

    encoding: Encoding
    treated: Any
    control: Any

    @staticmethod
    def fit(columns: Sequence[Column], outcome: Floats, treated: Bools) -> "Outcomes":
        """One model an arm."""
        how = Encoding.learned(columns)
        rows, yes_no = how.for_trees(columns), bool(np.isin(outcome, (0.0, 1.0)).all())
        models = [
            _trees(how, int(arm.sum()), yes_no=yes_no).fit(rows[arm], outcome[arm])
            for arm in (treated, ~treated)
        ]
        return Outcomes(how, *models)

    def both(self, rows: Floats) -> tuple[Floats, Floats]:
        """With the treatment, and without."""
        return _foreseen(self.treated, rows), _foreseen(self.control, rows)


@dataclass(frozen=True)
class T:
    """Two models: what the treated do less what the others do."""

    outcomes: Outcomes
    name: str = "T-learner"

    @staticmethod
    def fit(columns: Sequence[Column], outcome: Floats, treated: Bools) -> "T":
        """One model an arm."""
        return T(Outcomes.fit(columns, outcome, treated))

    def effects(self, columns: Sequence[Column]) -> Floats:
        """The difference of both models, a row each."""
        with_it, without = self.outcomes.both(self.outcomes.encoding.for_trees(columns))
        return with_it - without

    def without(self, columns: Sequence[Column]) -> Floats:
        """What the model of the control group foresees."""
        return self.outcomes.both(self.outcomes.encoding.for_trees(columns))[1]


@dataclass(frozen=True)
class X:
    """Models of the effect itself, each arm's, from what the other arm's model would have done.

    Künzel, Sekhon, Bickel and Yu 2019. The arms' effects are weighed by the share treated, which
    is who was drawn for treatment wherever arms are drawn by one lot.
    """

    outcomes: Outcomes
    of_treated: Any
    of_control: Any
    share: float
    name: str = "X-learner"

    @staticmethod
    def fit(columns: Sequence[Column], outcome: Floats, treated: Bools) -> "X":
        """Two models of outcomes, then two of effects."""
        outcomes = Outcomes.fit(columns, outcome, treated)
        rows = outcomes.encoding.for_trees(columns)
        with_it, without = outcomes.both(rows)
        apart = np.where(treated, outcome - without, with_it - outcome)
        of_treated, of_control = (
            _trees(outcomes.encoding, int(arm.sum()), yes_no=False).fit(rows[arm], apart[arm])
            for arm in (treated, ~treated)
        )
        return X(outcomes, of_treated, of_control, float(treated.mean()))

    def effects(self, columns: Sequence[Column]) -> Floats:
        """The weighed mean of both models of the effect, a row each."""
        rows = self.outcomes.encoding.for_trees(columns)
        of_treated, of_control = self.of_treated.predict(rows), self.of_control.predict(rows)
        found: Floats = self.share * of_control + (1 - self.share) * of_treated
        return found

    def without(self, columns: Sequence[Column]) -> Floats:
        """What the model of the control group foresees."""
        return self.outcomes.both(self.outcomes.encoding.for_trees(columns))[1]


Kind = type[T] | type[X]


def _trees(encoding: Encoding, people: int, *, yes_no: bool) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    least = max(20, min(200, people // 50))
    kind = HistGradientBoostingClassifier if yes_no else HistGradientBoostingRegressor
    return kind(**TREES, min_samples_leaf=least, categorical_features=encoding.categorical)


def _foreseen(model: Any, rows: Floats) -> Floats:
    if hasattr(model, "predict_proba"):
        chances: Floats = model.predict_proba(rows)[:, 1]
        return chances
    found: Floats = model.predict(rows)
    return found
