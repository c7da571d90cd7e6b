"""What a test of a metric can show, by how people were before there is any test."""

from dataclasses import dataclass
from math import sqrt
from typing import Self

from carpel.stats.experiments import design
from carpel.stats.experiments.design import People
from carpel.stats.experiments.sums import Sums


@dataclass(frozen=True)
class Baseline:
    """Of `n` people: a metric's figure, its spread, and how much of that nothing foretells.

    `spread` is the standard deviation over people of what the figure is a mean of (delta method
    for ratios); `left` the share of the variance, above 0 and up to 1, that what people did
    before leaves unexplained (1 less the squared correlation: Deng and others 2013).
    """

    n: int
    base: float
    spread: float
    is_share: bool
    left: float = 1.0

    @classmethod
    def of(cls, group: Sums, *, is_share: bool) -> Self:
        """By the sums of a group of two people or more."""
        explained = group.variance_x * group.variance
        left = 1 - group.covariance**2 / explained if explained > 0 else 1.0
        return cls(round(group.n), group.figure, sqrt(group.variance), is_share, max(left, 1e-6))

    def smallest(self, treated: float, control: float) -> float | None:
        """The least rise that shows 4 times out of 5; None where no rise would."""
        if min(treated, control) < 1 or not self.spread:
            return None
        sizes = {"treated": treated, "control": control, "design_effect": self.left}
        if self.is_share:
            return design.smallest_for_share(self.base, **sizes)
        return design.smallest_for_mean(self.spread, **sizes)

    def power(self, change: float, treated: float, control: float) -> float:
        """The chance of seeing a change, 0 to 1; ValueError for a share that cannot move so."""
        if min(treated, control) < 1:
            return 0.0
        if self.is_share:
            return design.power_for_share(
                self.base, change, treated, control, design_effect=self.left
            )
        return design.power_for_mean(change, self.spread, treated, control, design_effect=self.left)

    def people(self, change: float, treated_share: float) -> People:
        """People who show a change (not 0) 4 times out of 5; ValueError as for `power`."""
        shares = {"treated_share": treated_share, "design_effect": self.left}
        if self.is_share:
            return design.people_for_share(self.base, change, **shares)
        return design.people_for_mean(change, self.spread, **shares)
