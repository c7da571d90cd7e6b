"""What is to come of plans that run: the next renewal, leaving, months."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from carpel.stats.contracts.shifted_beta_geometric import ShiftedBetaGeometric
from carpel.stats.contracts.spells import EARLY, Spells
from carpel.stats.contracts.survival import Weibull
from carpel.stats.likelihood import Estimate
from carpel.stats.tails import Floats


@dataclass(frozen=True)
class Ahead:
    """Of each: the chance of a yes at the next renewal, to leave in time, and expected months."""

    renewal: Floats
    leaving: Floats
    months: Floats


class Staying(Protocol):
    """A fitted model of how long plans are held."""

    @property
    def name(self) -> str:
        """What people call it."""

    def ahead(self, age: Floats, months: float) -> Ahead:
        """Of plans that run and are so many months old; `months` is how far ahead is looked."""

    def of(self, values: Floats) -> "Staying":
        """The same model with other parameters."""


@dataclass(frozen=True)
class Renewing:
    """Shifted beta-geometric: nothing happens between renewals, `lasts` months apart."""

    model: ShiftedBetaGeometric
    lasts: float
    name: str = "shifted beta-geometric"

    @staticmethod
    def fitted(spells: Spells) -> "tuple[Renewing, Estimate]":
        """The most likely; raises Refused where there is too little to learn from."""
        model, estimate = ShiftedBetaGeometric.fitted(spells.renewals())
        return Renewing(model, float(spells.lasts or 1)), estimate

    def of(self, values: Floats) -> "Renewing":
        """The same model with other parameters."""
        return Renewing(ShiftedBetaGeometric(*(float(each) for each in values)), self.lasts)

    def ahead(self, age: Floats, months: float) -> Ahead:
        """A plan runs to its next renewal for certain, then an interval for each yes."""
        renewed = np.floor(age / self.lasts + EARLY)
        first = self.model.renewing(renewed)
        until = np.clip((renewed + 1) * self.lasts - age, 0.0, None)
        chance, time = np.ones_like(age), np.minimum(until, months)
        for more in range(int(np.ceil(months / self.lasts)) + 1):
            comes = until < months
            chance = np.where(comes, chance * self.model.renewing(renewed + more), chance)
            time = time + np.where(comes, chance * np.clip(months - until, 0.0, self.lasts), 0.0)
            until = until + self.lasts
        return Ahead(first, 1 - chance, time)


@dataclass(frozen=True)
class Running:
    """Weibull: people leave at any time; with `lasts` the next renewal is one such time."""

    model: Weibull
    lasts: float | None
    name: str = "Weibull"

    @staticmethod
    def fitted(spells: Spells) -> "tuple[Running, Estimate]":
        """The most likely; raises Refused where there is too little to learn from."""
        model, estimate = Weibull.fitted(spells.age, spells.ended)
        return Running(model, spells.lasts), estimate

    def of(self, values: Floats) -> "Running":
        """The same model with other parameters."""
        return Running(Weibull(*(float(each) for each in values)), self.lasts)

    def ahead(self, age: Floats, months: float) -> Ahead:
        """By the risk at each age; without an interval there is no next renewal."""
        renewal = np.full_like(age, np.nan)
        if self.lasts is not None:
            due = (np.floor(age / self.lasts + EARLY) + 1) * self.lasts
            renewal = self.model.survival(due) / self.model.survival(age)
        leaving = 1 - self.model.staying(age, months)
        return Ahead(renewal, leaving, self.model.expected_time(age, months))


def around(model: Staying, estimate: Estimate) -> Sequence[Staying]:
    """Models that stand for what is uncertain of the parameters."""
    return [model.of(values) for values in estimate.around()]
