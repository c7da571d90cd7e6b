"""Whether the better of two figures is known to be the better, and what knowing it is worth."""

from dataclasses import dataclass
from math import ceil, inf, isfinite, sqrt
from statistics import NormalDist

from carpel.stats.proportions import CONFIDENCE

NORMAL = NormalDist()


@dataclass(frozen=True)
class FirstPlace:
    """The first of two figures beside the second; both are taken to be independent and normal.

    `sure` is the chance that the first is the better; `worth` what is lost on average by taking it
    where the second is better (the value of perfect information: Raiffa and Schlaifer 1961), in
    the units of the figures. `times` is how many times as many people would settle it, if what is
    seen is true; infinite where both are alike, 1 or less where it is settled.
    """

    sure: float
    worth: float
    times: float

    @property
    def settled(self) -> bool:
        """Whether what is likely of the difference lies on one side of nothing."""
        return self.times <= 1

    def more(self, people: int) -> int | None:
        """How many people more than these; None where no number would settle it."""
        return max(0, ceil(people * (self.times - 1))) if isfinite(self.times) else None


def first_place(
    first: float, error: float, second: float, its_error: float, confidence: float = CONFIDENCE
) -> FirstPlace:
    """Of two figures with their standard errors; `first` is the one that would be taken."""
    apart, spread = first - second, sqrt(error**2 + its_error**2)
    if spread <= 0:
        return FirstPlace(float(apart >= 0), max(0.0, -apart), 0.0 if apart else inf)
    z = apart / spread
    worth = spread * (NORMAL.pdf(z) - z * (1 - NORMAL.cdf(z)))
    quantile = NORMAL.inv_cdf(0.5 + confidence / 2)
    return FirstPlace(NORMAL.cdf(z), worth, (quantile / z) ** 2 if z > 0 else inf)
