"""Intervals for those who look every day: right at every look, and at the one they stop at."""

from dataclasses import dataclass
from math import exp, inf, log, sqrt

from carpel.stats.experiments.effect import Effect


@dataclass(frozen=True)
class Always:
    """An interval that holds at all looks together, the chance for it, and what that costs.

    `wider` is its width beside that of the fixed interval, which holds for one look agreed before.
    """

    low: float
    high: float
    chance: float
    wider: float


def always(effect: Effect, planned: float) -> Always:
    """An effect's always-valid interval, narrowest when `planned` people are in both arms together.

    The asymptotic confidence sequence of Waudby-Smith and others 2021 (theorem 2.2), tuned as in
    their appendix; it rests on the standard error being known well, so on some hundred people an
    arm at the first look. The plan is made once, before the first look: a plan that follows what
    is seen makes it void. Without an interval to begin with there is none here.
    """
    if planned <= 0:
        raise ValueError("the people planned for must be more than 0")
    if not effect.told or effect.error == 0:
        return Always(-inf, inf, 1.0, 1.0)
    level = 1 - effect.confidence
    tuning = (-2 * log(level) + log(-2 * log(level) + 1)) / planned
    grown = (effect.n + effect.m) * tuning
    quantile = sqrt(2 * (grown + 1) / grown * log(sqrt(grown + 1) / level))
    reach = quantile * effect.error
    against = (effect.value / effect.error) ** 2 * grown / (2 * (grown + 1))
    chance = min(1.0, sqrt(grown + 1) * exp(-against))
    wider = 2 * reach / (effect.high - effect.low)
    return Always(effect.value - reach, effect.value + reach, chance, wider)
