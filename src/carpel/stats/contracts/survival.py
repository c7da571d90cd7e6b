"""How long contracts last when some still run: Kaplan-Meier, and a Weibull to look further."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from carpel.stats.likelihood import Estimate, Refused, most_likely
from carpel.stats.tails import NORMAL_95, Floats

STARTS = ((1.0, 1.0), (0.5, 2.0), (2.0, 0.7))
FEWEST, FEWEST_ENDED = 50, 10


@dataclass(frozen=True)
class Curve:
    """Share still there after each time at which one ended, with its interval."""

    time: Floats
    left: Floats
    low: Floats
    high: Floats
    at_risk: Floats
    ended: Floats

    def at(self, when: float) -> float:
        """Share still there at a time; 1 before the first end."""
        place = int(np.searchsorted(self.time, when, side="right"))
        return float(self.left[place - 1]) if place else 1.0

    @property
    def median(self) -> float:
        """When half have ended; infinite if that was not reached."""
        half = np.flatnonzero(self.left <= 0.5)
        return float(self.time[half[0]]) if len(half) else np.inf


def kaplan_meier(duration: Floats, ended: Floats, z: float = NORMAL_95) -> Curve:
    """The product-limit curve (Kaplan and Meier 1958); who has not ended was seen until then.

    Intervals are Greenwood's on the scale of log(-log), which keeps them between 0 and 1.
    """
    time, which = np.unique(duration, return_inverse=True)
    gone = np.bincount(which, ended).astype(np.float64)
    seen = np.bincount(which)
    at_risk = seen[::-1].cumsum()[::-1].astype(np.float64)
    some = gone > 0
    time, gone, at_risk = time[some], gone[some], at_risk[some]
    left = np.cumprod(1 - gone / at_risk).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(np.cumsum(gone / (at_risk * (at_risk - gone)))) / np.abs(np.log(left))
        low, high = (left ** np.exp(side * z * error) for side in (1, -1))
    none = left <= 0
    return Curve(time, left, np.where(none, 0, low), np.where(none, 0, high), at_risk, gone)


def log_likelihood(values: Floats, duration: Floats, ended: Floats) -> tuple[float, Floats]:
    """Log-likelihood of a Weibull's (shape, scale) with censoring, and its gradient."""
    shape, scale = values
    log = np.log(duration / scale)
    hazard = np.exp(np.minimum(shape * log, 700.0))
    value = (ended * (np.log(shape) - np.log(scale) + (shape - 1) * log) - hazard).sum()
    slope = [
        (ended * (1 / shape + log) - hazard * log).sum(),
        ((hazard - ended) * shape / scale).sum(),
    ]
    return float(value), np.array(slope)


@dataclass(frozen=True)
class Weibull:
    """How long contracts last; with a shape below 1 the longer they ran, the safer they are."""

    shape: float
    scale: float
    parameters: ClassVar[tuple[str, ...]] = ("shape", "scale")

    @classmethod
    def fitted(cls, duration: Floats, ended: Floats) -> "tuple[Weibull, Estimate]":
        """The most likely model and its estimate; Refused below 50 contracts or 10 that ended."""
        time, gone = np.asarray(duration, dtype=np.float64), np.asarray(ended, dtype=np.float64)
        if not (np.isfinite(time) & (time > 0)).all():
            raise ValueError("a duration is missing, infinite or not above 0")
        if len(time) < FEWEST:
            raise Refused(f"{len(time)} contracts are too few to learn from: at least {FEWEST}")
        if gone.sum() < FEWEST_ENDED:
            raise Refused(f"only {gone.sum():.0f} contracts ended: at least {FEWEST_ENDED}")
        unit = float(time.mean())
        found = most_likely(
            cls.parameters, lambda at: log_likelihood(at, time / unit, gone), STARTS, len(time)
        )
        values = found.values * np.array([1.0, unit])
        likely = found.log_likelihood - float(gone.sum() * np.log(unit))
        estimate = Estimate(cls.parameters, values, found.covariance, likely, len(time))
        return cls(float(values[0]), float(values[1])), estimate

    def survival(self, time: Floats) -> Floats:
        """Share still there at each time."""
        left: Floats = np.exp(-((np.asarray(time) / self.scale) ** self.shape))
        return left

    def staying(self, age: Floats, ahead: float) -> Floats:
        """Probability that who has been there for `age` is still there `ahead` later."""
        start = (np.asarray(age) / self.scale) ** self.shape
        left: Floats = np.exp(start - ((np.asarray(age) + ahead) / self.scale) ** self.shape)
        return left

    def expected_time(self, age: Floats, ahead: float) -> Floats:
        """Expected further time within `ahead` of who has been there for `age`.

        The integral of `staying`, by Gauss-Legendre nodes on the square of a share of `ahead`,
        which is smooth at an age of 0 also for shapes below 1.
        """
        nodes, weights = np.polynomial.legendre.leggauss(24)
        share = (1 + nodes) / 2
        time: Floats = np.zeros_like(np.asarray(age, dtype=np.float64))
        for u, weight in zip(share, weights, strict=True):
            time = time + ahead * weight * u * self.staying(age, ahead * u**2)
        return time
