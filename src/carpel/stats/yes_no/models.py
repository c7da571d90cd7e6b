"""Two models of a yes-or-no answer: boosted trees, and a straight line of log odds."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from carpel.stats.yes_no.columns import Bools, Column, Floats
from carpel.stats.yes_no.encoding import Encoding

TREES = {"max_iter": 60, "learning_rate": 0.1, "max_leaf_nodes": 8, "l2_regularization": 1.0}
"""Many shallow trees: main effects and simple interactions, hardly more than 50 outcomes bear."""
WIDEST = 30.0
"""Log odds no score goes beyond: e^-30 is never."""


FEW_ROWS = 50_000
"""Up to here one thread is faster than several that wait for each other."""


@contextmanager
def few_threads(columns: Sequence[Column]) -> Iterator[None]:
    """Within it, few rows are worked on by one thread."""
    import sklearn.ensemble  # noqa: F401 - only threads of what is loaded are limited
    from threadpoolctl import threadpool_limits

    rows = len(columns[0].values) if columns else 0
    with threadpool_limits(1 if rows <= FEW_ROWS else None):
        yield


class Scorer(Protocol):
    """A fitted model."""

    @property
    def name(self) -> str:
        """What people call it."""

    def scores(self, columns: Sequence[Column]) -> Floats:
        """Log odds, a row each; not calibrated."""


@dataclass(frozen=True)
class Boosting:
    """Gradient boosting of shallow trees (Friedman 2001), on histograms."""

    encoding: Encoding
    fitted: Any
    name: str = "boosting"

    @staticmethod
    def fit(columns: Sequence[Column], outcome: Bools) -> "Boosting":
        """Trees that add to the log odds; missing values go the way that fits."""
        from sklearn.ensemble import HistGradientBoostingClassifier

        how = Encoding.learned(columns)
        least = max(10, min(50, len(outcome) // 50))
        model = HistGradientBoostingClassifier(
            **TREES,
            min_samples_leaf=least,
            early_stopping=False,
            categorical_features=how.categorical,
            random_state=0,
        )
        return Boosting(how, model.fit(how.for_trees(columns), outcome))

    def scores(self, columns: Sequence[Column]) -> Floats:
        """Log odds, a row each."""
        return _bounded(self.fitted.decision_function(self.encoding.for_trees(columns)))


@dataclass(frozen=True)
class Logistic:
    """Logistic regression with a ridge, so that separated people don't send it to infinity."""

    encoding: Encoding
    fitted: Any
    name: str = "logistic"

    @staticmethod
    def fit(columns: Sequence[Column], outcome: Bools) -> "Logistic":
        """Maximum likelihood with a normal prior of variance 1 on each standardised term."""
        from sklearn.linear_model import LogisticRegression

        how = Encoding.learned(columns)
        model = LogisticRegression(C=1.0, max_iter=2_000)
        return Logistic(how, model.fit(how.for_lines(columns), outcome))

    def scores(self, columns: Sequence[Column]) -> Floats:
        """Log odds, a row each."""
        return _bounded(self.fitted.decision_function(self.encoding.for_lines(columns)))


Kind = type[Boosting] | type[Logistic]
KINDS: tuple[Kind, ...] = (Boosting, Logistic)


def _bounded(scores: Floats) -> Floats:
    return np.clip(np.asarray(scores, np.float64), -WIDEST, WIDEST)
