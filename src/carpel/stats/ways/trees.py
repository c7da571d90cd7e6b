"""Groups that a shallow tree makes of a few facts: the best that facts of one kind can do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from carpel.stats.ways.judging import Floats, Ints, Parting

SIZES = (1, 2, 3, 4, 6, 8)
"""Groups that are tried."""
FOLDS = 5
SMALLEST = 0.05
"""Share of people that a group has at least."""
LEVELS = 20


@dataclass(frozen=True)
class Feature:
    """One fact of everybody then and now: numbers, NaN where missing; or the places of words."""

    name: str
    then: Floats
    now: Floats
    words: bool = False


def tree(features: Sequence[Feature], outcome: Floats) -> Parting:
    """Groups by a regression tree of at most 8, each of 5 % of the people at least.

    As few as foresee other people within one standard error of the best size (Breiman and others
    1984).
    """
    columns = [_columns(each, then=True) for each in features]
    then, now = np.hstack(columns), np.hstack([_columns(each, then=False) for each in features])

    def parted(rows: Ints) -> tuple[Ints, Ints]:
        size = _size(then[rows], outcome[rows])
        if size == 1:
            return np.zeros(len(then), np.int64), np.zeros(len(now), np.int64)
        fitted = _fitted(then[rows], outcome[rows], size)
        leaves = np.unique(fitted.apply(then[rows]))
        groups = [np.searchsorted(leaves, fitted.apply(each)) for each in (then, now)]
        return groups[0].astype(np.int64), groups[1].astype(np.int64)

    return parted


def _fitted(columns: Floats, outcome: Floats, size: int) -> Any:
    from sklearn.tree import DecisionTreeRegressor

    least = max(1, int(SMALLEST * len(outcome)))
    tree = DecisionTreeRegressor(max_leaf_nodes=size, min_samples_leaf=least, random_state=0)
    return tree.fit(columns, outcome)


def _size(columns: Floats, outcome: Floats) -> int:
    """How many groups, by folds that judge each other; 1 where none foresee more than the mean."""
    part = np.random.default_rng(0).permutation(len(outcome)) % FOLDS
    errors = np.empty((len(SIZES), len(outcome)))
    for fold in range(FOLDS):
        known, unseen = part != fold, part == fold
        for at, size in enumerate(SIZES):
            guess = outcome[known].mean()
            if size > 1:
                guess = _fitted(columns[known], outcome[known], size).predict(columns[unseen])
            errors[at, unseen] = (outcome[unseen] - guess) ** 2
    best = int(errors.mean(axis=1).argmin())
    worse = errors - errors[best]
    error = worse.std(axis=1, ddof=1) / np.sqrt(len(outcome))
    return SIZES[int(np.flatnonzero(worse.mean(axis=1) <= error)[0])]


def _columns(feature: Feature, *, then: bool) -> Floats:
    values = feature.then if then else feature.now
    if not feature.words:
        return values[:, None]
    known = feature.then[~np.isnan(feature.then)].astype(np.int64)
    counts = np.bincount(known, minlength=1)
    often: list[int] = np.argsort(-counts, kind="stable")[:LEVELS].tolist()
    return np.column_stack([values == each for each in often]).astype(np.float64)
