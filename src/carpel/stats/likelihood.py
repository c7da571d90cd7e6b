"""Maximum likelihood on the log scale: several starts on a part, the best one climbed on all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from carpel.stats.tails import NORMAL_95, Floats

Likelihood = Callable[[Floats], tuple[float, Floats]]
"""Log-likelihood and its gradient by the parameters, all of which are positive."""

FURTHEST = 16.0
"""How far a log parameter may go from the scale of the data: beyond, a model is degenerate."""
WIDEST = 3.0
"""Standard error of a log parameter beyond which it makes no difference: it is not known."""
ROUGH = {"maxiter": 60, "ftol": 1e-9, "gtol": 1e-5}
FINE = {"maxiter": 500, "ftol": 1e-13, "gtol": 1e-7}


class Refused(ValueError):  # noqa: N818 - a refusal is an answer
    """The data cannot bear the question that was asked; the message is the reason."""


@dataclass(frozen=True)
class Estimate:
    """Parameters with what is known of their uncertainty, on the log scale."""

    names: tuple[str, ...]
    values: Floats
    covariance: Floats
    """Of the logs of the values."""
    log_likelihood: float
    people: float

    def intervals(self, z: float = NORMAL_95) -> dict[str, tuple[float, float, float]]:
        """Each parameter with the ends of its interval, symmetric on the log scale."""
        spread = np.exp(np.minimum(z * np.sqrt(np.diag(self.covariance)), 700.0))
        return {
            name: (float(value), float(value / wide), float(value * wide))
            for name, value, wide in zip(self.names, self.values, spread, strict=True)
        }

    def around(self) -> list[Floats]:
        """Sets of parameters that stand for the uncertainty, each with the same weight.

        The 2d sigma points of Julier and Uhlmann (1997): their logs have the estimate's mean and
        covariance, so a mean over them is a mean over the parameters to the third order.
        """
        values, vectors = np.linalg.eigh(self.covariance)
        reach = np.sqrt(np.clip(values, 0, WIDEST**2) * len(self.values))
        steps = (vectors * reach).T
        logs = np.log(self.values)
        return [np.exp(logs + sign * step) for step in steps for sign in (1, -1)]


def most_likely(
    names: tuple[str, ...],
    likelihood: Likelihood,
    starts: Sequence[Sequence[float]],
    people: float,
    part: tuple[Likelihood, float] | None = None,
) -> Estimate:
    """The maximum and the observed information there.

    `part` is the likelihood of some of the people and their number: the starts are tried on it.
    Raises Refused where no start leads to a finite maximum.
    """
    rough, fewer = part or (likelihood, people)
    flat = np.eye(len(names))
    tried = [_climb(rough, np.log(start), flat, fewer, ROUGH) for start in starts]
    best = min(tried, key=lambda one: one[1])[0]
    axes = _axes(_covariance(rough, best) * fewer)
    logs, value = _climb(likelihood, best, axes, people, FINE)
    if not np.isfinite(value):
        raise Refused("the likelihood of these data has no maximum")
    covariance = _covariance(likelihood, logs)
    return Estimate(names, np.exp(logs), covariance, -value * people, people)


def _axes(covariance: Floats) -> Floats:
    """Directions in which the likelihood is about equally curved: few steps lead up a hill."""
    values, vectors = np.linalg.eigh(covariance)
    axes: Floats = vectors * np.sqrt(np.clip(values, 1e-3, 1e3))
    return axes


def _climb(
    likelihood: Likelihood, start: Floats, axes: Floats, people: float, how: Mapping[str, float]
) -> tuple[Floats, float]:
    """Log parameters at the maximum and minus the mean log-likelihood there."""
    from scipy.optimize import minimize

    def down(steps: Floats) -> tuple[float, Floats]:
        logs = start + axes @ steps
        values = np.exp(np.clip(logs, -FURTHEST, FURTHEST))
        value, slope = likelihood(values)
        inside = np.abs(logs) < FURTHEST
        return -value / people, -(slope * values * inside) @ axes / people

    found = minimize(down, np.zeros(len(start)), jac=True, method="L-BFGS-B", options=how)
    logs = np.clip(start + axes @ found.x, -FURTHEST, FURTHEST)
    return logs, float(found.fun) if np.isfinite(found.fun) else np.inf


def _covariance(likelihood: Likelihood, logs: Floats, step: float = 1e-4) -> Floats:
    """Inverse of the observed information, by central differences of the gradient in the logs."""

    def slope(at: Floats) -> Floats:
        values = np.exp(at)
        return likelihood(values)[1] * values

    shifts = np.eye(len(logs)) * step
    rows = np.array([(slope(logs - each) - slope(logs + each)) / (2 * step) for each in shifts])
    values, vectors = np.linalg.eigh((rows + rows.T) / 2)
    least = 1e-8 * max(float(values.max()), 1e-300)  # a direction of which the data say nothing
    covariance: Floats = (vectors / np.maximum(values, least)) @ vectors.T
    return covariance
