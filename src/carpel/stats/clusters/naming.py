"""What sets each group apart: the traits to name it by."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from carpel.stats.clusters.preparation import Preparation
from carpel.stats.clusters.scaling import Category, Number
from carpel.stats.clusters.traits import Floats, Ints

CLEAR = 0.5
"""Standardised difference from which on a trait is worth a word."""
WORDS = 2


@dataclass(frozen=True)
class Mark:
    """A trait that is higher or lower in a group than among everybody else, or a level of one.

    `effect` is the difference of means over the root of the mean variance, of the prepared trait.
    """

    trait: str
    level: str
    effect: float


def marks(preparation: Preparation, scaled: Floats, labels: Ints) -> tuple[tuple[Mark, ...], ...]:
    """By group, what sets it apart from everybody else, the clearest first."""
    columns = [_compared(part, scaled[:, at]) for at, part in enumerate(preparation.parts)]
    names = [name for found, _ in columns for name in found]
    values = np.hstack([found for _, found in columns])
    return tuple(_marks(names, values, labels == group) for group in range(int(labels.max()) + 1))


def names(found: Sequence[Sequence[Mark]]) -> tuple[tuple[Mark, ...], ...]:
    """By group the marks that name it: the two clearest, more where that tells none apart.

    Empty for a group that nothing sets apart.
    """
    lengths = [min(WORDS, _clear(each)) for each in found]
    for _ in range(max(map(len, found), default=0)):
        said = [_said(each[:length]) for each, length in zip(found, lengths, strict=True)]
        for at, mine in enumerate(said):
            if said.count(mine) > 1 and lengths[at] < len(found[at]):
                lengths[at] += 1
    return tuple(tuple(each[:length]) for each, length in zip(found, lengths, strict=True))


def _said(some: Sequence[Mark]) -> tuple[tuple[str, str, bool], ...]:
    return tuple((each.trait, each.level, each.effect > 0) for each in some)


def _clear(found: Sequence[Mark]) -> int:
    return sum(abs(each.effect) >= CLEAR for each in found)


def _compared(part: Number | Category, scaled: Floats) -> tuple[list[tuple[str, str]], Floats]:
    if isinstance(part, Number):
        return [(part.name, "")], scaled[:, None]
    here = (scaled[:, None] == np.arange(part.width)).astype(np.float64)
    return [(part.name, label) for label in part.labels], here


def _marks(
    names: Sequence[tuple[str, str]],
    values: Floats,
    inside: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
) -> tuple[Mark, ...]:
    here, there = values[inside], values[~inside]
    spread = np.sqrt((_variance(here) + _variance(there)) / 2)
    apart = _mean(here) - _mean(there)
    effects = np.where(spread > 0, apart / np.where(spread > 0, spread, 1), np.sign(apart) * 10)
    order = np.argsort(-np.abs(effects), kind="stable")
    return tuple(
        Mark(names[at][0], names[at][1], float(np.clip(effects[at], -10, 10))) for at in order
    )


def _mean(values: Floats) -> Floats:
    known = ~np.isnan(values)
    return np.asarray(np.where(known, values, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1))


def _variance(values: Floats) -> Floats:
    return _mean((values - _mean(values)) ** 2)
