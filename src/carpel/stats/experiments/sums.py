"""What has to be known of a group of people to say what was changed in it: sums, nothing else."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from carpel.stats.tails import Floats


@dataclass(frozen=True)
class Sums:
    """A group's size, and the sums, squares and cross products of what was measured.

    `y` is the outcome; `x` a covariate known before anything was sent (all 0 without one); `d` the
    denominator where the outcome is a ratio (all 0 where it is a mean). Values are taken less an
    origin (`y0`, `x0`, `d0`), the same for everybody in the group. 0 serves figures up to about
    10,000 times their own spread; beyond that squares lose the spread, and a caller who counts in
    a query subtracts a rough mean there and names it here. Groups of different origins add up.

    A group of clusters (companies, households) has a cluster for a person: `y` is a cluster's
    total and `d` its people.
    """

    n: float
    y: float
    yy: float
    x: float = 0.0
    xx: float = 0.0
    xy: float = 0.0
    d: float = 0.0
    dd: float = 0.0
    yd: float = 0.0
    xd: float = 0.0
    y0: float = 0.0
    x0: float = 0.0
    d0: float = 0.0

    @classmethod
    def of(cls, y: ArrayLike, x: ArrayLike | None = None, d: ArrayLike | None = None) -> Self:
        """The sums of values, one a person, around a whole number near their means."""
        values = np.asarray(y, np.float64)
        (ys, y0), (xs, x0), (ds, d0) = (
            _around(values if each is None else np.asarray(each, np.float64), each is None)
            for each in (values, x, d)
        )
        firsts = [float(each.sum()) for each in (ys, xs, ds)]
        yy, xx, dd = (float(each @ each) for each in (ys, xs, ds))
        crosses = [float(one @ two) for one, two in ((xs, ys), (ys, ds), (xs, ds))]
        (y1, x1, d1), (xy, yd, xd) = firsts, crosses
        return cls(float(len(ys)), y1, yy, x1, xx, xy, d1, dd, yd, xd, y0, x0, d0)

    def __add__(self, other: "Sums") -> "Sums":
        """Both groups as one; nobody may be in both."""
        return self._with(other, 1)

    def __sub__(self, other: "Sums") -> "Sums":
        """Everybody but a part of the group."""
        return self._with(other, -1)

    @property
    def total(self) -> float:
        """The sum of the outcome."""
        return self.y + self.n * self.y0

    @property
    def denominator(self) -> float:
        """The sum of the denominator; 0 where the outcome is a mean."""
        return self.d + self.n * self.d0

    @property
    def is_ratio(self) -> bool:
        """Whether the outcome is a ratio of two sums."""
        return bool(self.d or self.dd or self.d0)

    @property
    def figure(self) -> float:
        """The mean of the outcome, or the ratio of its sum to that of the denominator."""
        below = self.denominator if self.is_ratio else self.n
        return self.total / below if below else float("nan")

    @property
    def mean_x(self) -> float:
        """The mean of the covariate."""
        return self.x0 + self.x / self.n if self.n else float("nan")

    @property
    def variance(self) -> float:
        """The sample variance of what `figure` is a mean of, 0 or more.

        A ratio R is, in large groups, the mean of (y - R d) / mean of d (delta method).
        """
        found = self._spread(self.yy, self.y, self.y)
        if self.is_ratio:
            ratio = self.figure
            found += ratio * ratio * self._spread(self.dd, self.d, self.d)
            found -= 2 * ratio * self._spread(self.yd, self.y, self.d)
            found /= (self.denominator / self.n) ** 2
        return max(0.0, found)

    @property
    def variance_x(self) -> float:
        """The sample variance of the covariate."""
        return max(0.0, self._spread(self.xx, self.x, self.x))

    @property
    def covariance(self) -> float:
        """The sample covariance of the covariate with what `figure` is a mean of."""
        found = self._spread(self.xy, self.x, self.y)
        if self.is_ratio:
            found -= self.figure * self._spread(self.xd, self.x, self.d)
            found /= self.denominator / self.n
        return found

    def _spread(self, product: float, one: float, two: float) -> float:
        return (product - one * two / self.n) / (self.n - 1) if self.n > 1 else 0.0

    def _with(self, other: "Sums", sign: int) -> "Sums":
        origin = self if self.n else other
        mine, theirs = (each._moved(origin.y0, origin.x0, origin.d0) for each in (self, other))
        merged = {
            name: getattr(mine, name) + sign * getattr(theirs, name)
            for name in ("n", "y", "yy", "x", "xx", "xy", "d", "dd", "yd", "xd")
        }
        return replace(mine, **merged)

    def _moved(self, y0: float, x0: float, d0: float) -> "Sums":
        """The same group around another origin."""
        n, v, u, w = self.n, self.y0 - y0, self.x0 - x0, self.d0 - d0
        return Sums(
            n,
            self.y + n * v,
            self.yy + 2 * v * self.y + n * v * v,
            self.x + n * u,
            self.xx + 2 * u * self.x + n * u * u,
            self.xy + u * self.y + v * self.x + n * u * v,
            self.d + n * w,
            self.dd + 2 * w * self.d + n * w * w,
            self.yd + w * self.y + v * self.d + n * v * w,
            self.xd + w * self.x + u * self.d + n * u * w,
            y0,
            x0,
            d0,
        )


def _around(values: Floats, absent: bool) -> tuple[Floats, float]:
    """Values less a whole number near their mean, and that number; zeros for what is absent."""
    if absent or not len(values):
        return np.zeros_like(values), 0.0
    origin = float(np.round(values.mean()))
    return values - origin, origin
