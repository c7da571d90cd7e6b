"""What every counting model can be asked, and how its parameters are found."""

from collections.abc import Callable, Sequence
from typing import ClassVar, Protocol, Self

import numpy as np

from carpel.stats.buying.histories import Floats, Histories
from carpel.stats.likelihood import Estimate, Refused, most_likely

Likelihood = Callable[[Floats, Histories], tuple[float, Floats]]
"""Log-likelihood and its gradient, of parameters and histories."""

PART = 2_000
"""Groups that the starts are tried on; the best is then climbed on all."""
FEWEST = 50
"""People below which a model of four parameters is not fitted."""


class Chances(Protocol):
    """P(Y = 0), P(Y = 1), ... of people, given one after the other."""

    def first(self) -> Floats:
        """P(Y = 0)."""

    def next(self) -> Floats:
        """P(Y = k + 1) after P(Y = k)."""

    def keep(self, still: Floats) -> None:
        """Go on with those people only that a mask picks."""


class Model(Protocol):
    """A counting model with its parameters."""

    name: ClassVar[str]
    parameters: ClassVar[tuple[str, ...]]

    @property
    def values(self) -> tuple[float, ...]:
        """The parameters, in the order of their names."""

    @classmethod
    def fitted(cls, each: Histories) -> tuple[Self, Estimate]:
        """The most likely model of histories and its estimate; raises Refused."""

    @classmethod
    def of(cls, values: Floats) -> Self:
        """The model with these parameters."""

    def alive(self, each: Histories) -> Floats:
        """Probability, 0 to 1, that a person still buys at all."""

    def moments(self, each: Histories, ahead: float) -> tuple[Floats, Floats]:
        """Mean and variance of the orders in the time `ahead`, given the history."""

    def unconditional(self, ages: Floats) -> Floats:
        """Expected repeat purchases of somebody new by each age."""

    def next_order(self, each: Histories, share: float) -> Floats:
        """Time from now by which who orders again has done so with probability `share`."""

    def chances(self, each: Histories, ahead: float) -> Chances:
        """The distribution of the number of orders in the time `ahead`, count by count."""


def fit(
    likelihood: Likelihood,
    each: Histories,
    names: tuple[str, ...],
    starts: Sequence[Sequence[float]],
    times: Sequence[bool],
) -> Estimate:
    """The most likely parameters of histories; `times` says which of them are times.

    Raises Refused for fewer people than 50 or fewer than 10 who bought again.
    """
    _enough(each)
    unit = float(np.average(each.age, weights=each.weight))
    scaled = each.in_units(unit)
    part = _part(scaled)
    found = most_likely(
        names,
        lambda values: likelihood(values, scaled),
        starts,
        each.people,
        (lambda values: likelihood(values, part), part.people),
    )
    # every repeat purchase has a density in time, which a change of unit divides
    change = float((each.repeats * each.weight).sum() * np.log(unit))
    values = found.values * np.where(times, unit, 1.0)
    return Estimate(names, values, found.covariance, found.log_likelihood - change, each.people)


def _enough(each: Histories) -> None:
    if each.people < FEWEST:
        raise Refused(f"{each.people:.0f} people are too few to learn from: at least {FEWEST}")
    again = float(each.weight[each.repeats > 0].sum())
    if again < FEWEST / 5:
        raise Refused(f"only {again:.0f} people ever bought again: at least {FEWEST // 5}")


def _part(each: Histories) -> Histories:
    """Evenly taken groups: quick to climb on, of the same shape as all."""
    if len(each.repeats) <= PART:
        return each
    return each.where(np.linspace(0, len(each.repeats) - 1, PART).astype(int))
