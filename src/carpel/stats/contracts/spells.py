"""Plans held without a break, as they are now and as they were some months ago."""

from dataclasses import dataclass

import numpy as np

from carpel.stats.contracts.shifted_beta_geometric import Renewals
from carpel.stats.tails import Floats

EARLY, LATE = 0.05, 0.15
"""Shares of an interval by which a renewal may come before, or an end after, its average month."""


@dataclass(frozen=True)
class Spells:
    """A row a spell: months ago that it began to be paid, and that it was over; NaN if it runs.

    `lasts` is how many months one interval is; None for plans that run on until somebody leaves.
    """

    begun: Floats
    over: Floats
    lasts: float | None

    @property
    def ended(self) -> np.ndarray:
        """Which are over."""
        return ~np.isnan(self.over)

    @property
    def age(self) -> Floats:
        """Months that each has lasted so far."""
        return self.begun - np.where(self.ended, self.over, 0.0)

    def then(self, ago: float) -> tuple["Spells", np.ndarray]:
        """Those that had begun so many months ago, as they were then; and their places here."""
        there = np.flatnonzero(self.begun > ago)
        over = self.over[there]
        known = np.where(over >= ago, over - ago, np.nan)
        return Spells(self.begun[there] - ago, known, self.lasts), there

    def decided(self) -> Floats:
        """Renewals that each has come to; of one that is over the last was a no."""
        if self.lasts is None:
            raise ValueError("plans that run on have no renewals")
        count = self.age / self.lasts
        no = np.maximum(np.ceil(count - LATE), 1.0)
        found: Floats = np.where(self.ended, no, np.floor(count + EARLY))
        return found

    def renewals(self) -> Renewals:
        """The same, as the shifted beta-geometric model takes it."""
        return Renewals(
            self.decided(), self.ended.astype(np.float64), np.ones(len(self.begun))
        ).some()
