"""Experiments drawn at random with a known truth, as sums: many at once, people never kept."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from carpel.stats.experiments.sums import Sums

BATCH = 500


@dataclass(frozen=True)
class World:
    """What people do: `people(chance, shape, raised)` gives outcome, covariate and denominator.

    `raised` multiplies the outcome of the treated; `figure` is the truth without it.
    """

    people: Callable[[np.random.Generator, tuple[int, int], float], tuple[Any, Any, Any]]
    figure: float
    n: int
    m: int
    how: dict[str, bool] = field(default_factory=dict)

    def pairs(
        self, chance: np.random.Generator, count: int, raised: float
    ) -> Iterator[tuple[Sums, Sums]]:
        """So many experiments, the treated and the others of each."""
        for _ in range(count // BATCH):
            yield from zip(
                _sums(*self.people(chance, (BATCH, self.n), raised)),
                _sums(*self.people(chance, (BATCH, self.m), 1.0)),
                strict=True,
            )


def _sums(y, x, d):
    """Of rows of people; what is None is absent."""
    nothing = np.zeros_like(y)
    x, d = (nothing if each is None else each for each in (x, d))
    pairs = ((y, y), (x, x), (x, y), (d, d), (y, d), (x, d))
    yy, xx, xy, dd, yd, xd = (np.einsum("ij,ij->i", *pair) for pair in pairs)
    columns = (y.sum(1), yy, x.sum(1), xx, xy, d.sum(1), dd, yd, xd)
    return [Sums(y.shape[1], *row) for row in np.column_stack(columns).tolist()]


def bought(chance, shape, raised):
    return (chance.random(shape) < 0.08 * raised).astype(float), None, None


def spent(chance, shape, raised):
    """Three of ten buy, for 40 on average."""
    buys = chance.random(shape) < 0.3
    return buys * raised * chance.gamma(2.0, 20.0, shape), None, None


def spent_as_before(chance, shape, raised):
    before = chance.gamma(2.0, 20.0, shape)
    return raised * (0.5 * before + chance.gamma(2.0, 10.0, shape)), before, None


def an_order(chance, shape, raised):
    """20 an order of one person in the mean, of another more or less; some order often."""
    orders = 1.0 + chance.poisson(1.5, shape)
    return raised * orders * chance.gamma(4.0, 5.0, shape), None, orders


def an_order_as_before(chance, shape, raised):
    usual = chance.gamma(4.0, 5.0, shape)
    orders = 1.0 + chance.poisson(1.5, shape)
    seen = usual * chance.gamma(20.0, 1 / 20, shape)
    return raised * orders * usual, seen, orders


def in_accounts(chance, shape, raised):
    """Accounts of 9 people in the mean, whose people are alike."""
    people = 1.0 + chance.poisson(8.0, shape)
    return raised * people * chance.normal(10.0, 2.0, shape), None, people


WORLDS = {
    "share": World(bought, 0.08, 1500, 500, {"share": True}),
    "mean": World(spent, 12.0, 1000, 500),
    "ratio": World(an_order, 20.0, 800, 400),
    "CUPED": World(spent_as_before, 40.0, 600, 300, {"cuped": True}),
    "CUPED of a ratio": World(an_order_as_before, 20.0, 1200, 800, {"cuped": True}),
    "accounts": World(in_accounts, 10.0, 60, 40),
}
