"""How far two groups are apart: standardised differences."""

from dataclasses import dataclass
from math import isfinite, sqrt

CLEAR = 10.0
"""Largest standardised difference told: groups without any spread are apart by as many as these."""


@dataclass(frozen=True)
class Moments:
    """A group's size, mean and variance (of the population: divided by n)."""

    n: int
    mean: float
    variance: float

    @classmethod
    def of_share(cls, n: int, having: int) -> "Moments":
        """The moments of yes and no, counted as 1 and 0."""
        share = having / n if n else 0.0
        return cls(n, share, share * (1 - share))

    def without(self, part: "Moments") -> "Moments":
        """The moments of everybody else, once a part is taken out of the whole.

        From the parallel update of sums of squares (Chan, Golub and LeVeque 1979), solved for
        the second group. A part as large as the whole leaves nobody: n 0, mean 0, variance 0.
        """
        n = self.n - part.n
        if n <= 0:
            return Moments(0, 0.0, 0.0)
        mean = self.mean + part.n * (self.mean - part.mean) / n
        squares = (
            self.n * self.variance
            - part.n * part.variance
            - part.n * _square(part.mean - self.mean)
            - n * _square(mean - self.mean)
        )
        return Moments(n, mean, max(squares, 0.0) / n)


def _square(value: float) -> float:
    return value * value  # infinite where a power would raise


def standardised(inside: Moments, outside: Moments) -> float:
    """Difference of means over the root of the mean variance (Austin 2009), -10 to 10.

    For shares this is the standardised difference of proportions. 0 where a group is empty.
    """
    if not inside.n or not outside.n:
        return 0.0
    apart = inside.mean - outside.mean
    spread = sqrt((inside.variance + outside.variance) / 2)
    if not isfinite(apart) or not isfinite(spread) or apart == 0:
        return 0.0
    return max(-CLEAR, min(CLEAR, apart / spread)) if spread else (CLEAR if apart > 0 else -CLEAR)
