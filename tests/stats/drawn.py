"""People drawn from the models' own stories, one purchase after the other."""

from typing import Any

import numpy as np

from carpel.stats.buying.histories import Floats, Histories, histories

BG = (0.6, 8.0, 0.8, 2.5)
PARETO = (0.6, 10.0, 0.6, 12.0)
AHEAD = 39.0


def ages(people: int, chance: np.random.Generator) -> Floats:
    """Ages of 27 to 39 weeks, to the day."""
    return np.round(chance.uniform(27, 39, people) * 7) / 7


def bg_nbd(
    values: Any, age: Floats, ahead: float, chance: np.random.Generator
) -> tuple[Histories, Floats]:
    """Histories, and the orders of each person in the time ahead: leaving after an order."""
    r, alpha, a, b = values
    rate, leave = chance.gamma(r, 1 / alpha, len(age)), chance.beta(a, b, len(age))
    never = np.full(len(age), np.inf)
    return _bought(rate, leave, never, age, ahead, chance)


def pareto_nbd(
    values: Any, age: Floats, ahead: float, chance: np.random.Generator
) -> tuple[Histories, Floats]:
    """Histories, and the orders of each person in the time ahead: leaving at any time."""
    r, alpha, s, beta = values
    rate = chance.gamma(r, 1 / alpha, len(age))
    end = chance.exponential(1 / np.maximum(chance.gamma(s, 1 / beta, len(age)), 1e-300))
    return _bought(rate, np.zeros(len(age)), end, age, ahead, chance)


def _bought(
    rate: Floats,
    leave: Floats,
    end: Floats,
    age: Floats,
    ahead: float,
    chance: np.random.Generator,
) -> tuple[Histories, Floats]:
    x, last, later, now = (np.zeros(len(age)) for _ in range(4))
    left = np.arange(len(age))
    while len(left):
        now[left] += chance.exponential(1 / np.maximum(rate[left], 1e-300))
        left = left[now[left] <= np.minimum(age[left] + ahead, end[left])]
        seen = now[left] <= age[left]
        x[left[seen]] += 1
        last[left[seen]] = now[left[seen]]
        later[left[~seen]] += 1
        left = left[chance.random(len(left)) >= leave[left]]
    return histories(x, last, age), later
