"""Made-up experiments in which the effect on each person is known."""

from dataclasses import dataclass

import numpy as np

from carpel.stats.yes_no.columns import Column, categories, numbers


@dataclass(frozen=True)
class World:
    """People, what they did, who was treated, and the true effect on each."""

    columns: list[Column]
    outcome: np.ndarray
    treated: np.ndarray
    effect: np.ndarray


def world(
    chance: np.random.Generator, people: int, *, figures: bool = False, moved: bool = True
) -> World:
    """Answers, or figures with giants; a third treated; without `moved` the same effect on all."""
    visits, spend, age = chance.normal(size=(3, people))
    plan = chance.integers(0, 3, people)
    treated = chance.random(people) < 1 / 3
    if figures:
        effect = np.where(moved, 4.0 * (visits > 0) + 2.0 * age - 3.0 * (plan == 2), 1.0)
        outcome = np.exp(1 + spend) + chance.normal(size=people) + treated * effect
    else:
        base = 1 / (1 + np.exp(1 - spend))
        lifted = 1.2 * (visits > 0) + 0.8 * (plan == 1) - 0.8 * (plan == 2) + 0.3 * age
        with_it = 1 / (1 + np.exp(1 - spend - lifted)) if moved else np.minimum(base + 0.05, 1)
        effect = with_it - base
        outcome = (chance.random(people) < np.where(treated, with_it, base)).astype(float)
    columns = [
        numbers("visits", visits),
        numbers("spend", spend),
        numbers("age", np.where(chance.random(people) < 0.1, np.nan, age)),
        categories("plan", [("basic", "plus", "pro")[at] for at in plan]),
    ]
    return World(columns, outcome, treated, effect)
