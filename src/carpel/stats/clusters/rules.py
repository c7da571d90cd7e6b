"""A group as a plain rule on traits, found by a shallow tree, with how far the two agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carpel.stats.clusters.traits import Floats, Ints, Trait, drawn, taken

DEEPEST = 4
SHALLOWER = 0.02
"""Agreement that a deeper tree must bring more."""
LEAST = 0.005
"""Share of the people that a leaf has at least."""
COMMON = 12
"""Levels of a trait that the tree may ask for: the most frequent."""
LEVELS = 100
"""Levels above which a trait takes no part: nobody reads such a rule."""
ENOUGH = 20_000
"""People from whom a rule is learned, and on whom it is judged."""
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Condition:
    """One trait, from `low` on and below `high`, or one of `levels`; missing never matches."""

    trait: str
    low: float | None = None
    high: float | None = None
    levels: tuple[str, ...] = ()

    def holds(self, trait: Trait) -> Bools:
        """Of whom it is true."""
        found: Bools = ~np.isnan(trait.values)
        if self.low is not None:
            found &= trait.values >= self.low
        if self.high is not None:
            found &= trait.values < self.high
        if self.levels:
            found &= np.isin(trait.values, [trait.levels.index(each) for each in self.levels])
        return found


@dataclass(frozen=True)
class Rule:
    """Any of some ways, each all of its conditions; `precision` and `recall` against the group.

    `agreement` is those in both over those in either (Jaccard), 0 to 1.
    """

    ways: tuple[tuple[Condition, ...], ...]
    precision: float
    recall: float
    agreement: float

    def holds(self, traits: Mapping[str, Trait]) -> Bools:
        """Of whom the rule is true."""
        people = len(next(iter(traits.values())).values)
        found = np.zeros(people, dtype=bool)
        for way in self.ways:
            here = np.ones(people, dtype=bool)
            for each in way:
                here &= each.holds(traits[each.trait])
            found |= here
        return found


@dataclass(frozen=True)
class _Column:
    trait: str
    level: str
    values: Floats


def rule(traits: Sequence[Trait], inside: Bools) -> Rule:
    """The shallowest rule, of up to four questions a way, that says nearly best who is inside."""
    rows = drawn(len(inside), ENOUGH, 0)
    given = {each.name: each for each in taken(traits, rows) if len(each.levels) <= LEVELS}
    columns = [column for each in given.values() for column in _columns(each)]
    inside = inside[rows]
    if not columns:
        return Rule((), 0.0, 0.0, 0.0)
    found = [_judged(_ways(columns, inside, depth, given), given, inside) for depth in DEPTHS]
    most = max(each.agreement for each in found)
    return next(each for each in found if each.agreement >= most - SHALLOWER)


DEPTHS = range(1, DEEPEST + 1)


def _columns(trait: Trait) -> list[_Column]:
    if not trait.levels:
        known = trait.values[~np.isnan(trait.values)]
        middle = float(np.median(known)) if len(known) else 0.0
        return [_Column(trait.name, "", np.nan_to_num(trait.values, nan=middle))]
    counts = np.bincount(trait.values[~np.isnan(trait.values)].astype(np.int64))
    common: Ints = np.argsort(-counts, kind="stable")[:COMMON]
    return [_Column(trait.name, trait.levels[at], (trait.values == at) * 1.0) for at in common]


def _ways(
    columns: Sequence[_Column], inside: Bools, depth: int, given: Mapping[str, Trait]
) -> list[dict[str, Condition]]:
    """The conditions on the way to each leaf in which most, weighing both sides alike, are in."""
    from sklearn.tree import DecisionTreeClassifier

    least = max(int(LEAST * len(inside)), 3)
    model = DecisionTreeClassifier(
        max_depth=depth, min_samples_leaf=least, random_state=0, criterion="entropy"
    )
    tree = model.fit(np.column_stack([each.values for each in columns]), inside).tree_
    found: list[dict[str, Condition]] = []
    waiting: list[tuple[int, dict[str, Condition]]] = [(0, {})]
    while waiting:
        node, so_far = waiting.pop()
        if tree.children_left[node] >= 0:
            waiting += _branches(tree, node, so_far, columns, given)
        elif bool(model.classes_[int(tree.value[node][0].argmax())]):
            found.append(so_far)
    return found


def _branches(
    tree: Any,
    node: int,
    so_far: dict[str, Condition],
    columns: Sequence[_Column],
    given: Mapping[str, Trait],
) -> list[tuple[int, dict[str, Condition]]]:
    column = columns[tree.feature[node]]
    before = so_far.get(column.trait, Condition(column.trait))
    if column.level:
        others = before.levels or given[column.trait].levels
        below = Condition(column.trait, levels=tuple(x for x in others if x != column.level))
        above = Condition(column.trait, levels=(column.level,))
    else:
        at = _rounded(float(tree.threshold[node]))
        below = Condition(column.trait, before.low, at)
        above = Condition(column.trait, at, before.high)
    return [
        (int(tree.children_left[node]), {**so_far, column.trait: below}),
        (int(tree.children_right[node]), {**so_far, column.trait: above}),
    ]


def _rounded(value: float) -> float:
    """To three digits that count."""
    return float(f"{value:.3g}")


def _judged(ways: list[dict[str, Condition]], given: Mapping[str, Trait], inside: Bools) -> Rule:
    plain = tuple(tuple(way.values()) for way in ways)
    found = Rule(plain, 0.0, 0.0, 0.0).holds(given)
    both = int((found & inside).sum())
    return Rule(
        plain,
        both / max(int(found.sum()), 1),
        both / max(int(inside.sum()), 1),
        both / max(int((found | inside).sum()), 1),
    )
