"""What a campaign brought that would not have come otherwise, in money, for whom and how surely."""

from dataclasses import dataclass
from math import isfinite
from typing import Self

from carpel.evaluation.movements import EVERYBODY
from carpel.specs.metric import REVENUE
from carpel.stages.estimates.tested import Tested
from carpel.stats.experiments.always import always
from carpel.stats.experiments.effect import Effect

UNMEASURED = "no update has measured it yet"
NOBODY = "nobody was kept aside to compare with"
UNEVEN = "the groups came out uneven, so that nothing can be trusted"
UNPAID = "no amounts of orders are known"
TOO_FEW = "too few people are in it, or in the comparison group"


@dataclass(frozen=True)
class Brought:
    """An amount with what is likely (95 %); of `n` people meant to get it, beside `m` kept aside.

    While the campaign runs (not `over`) the ends hold for everybody who looks every day. `a_person`
    is the difference of one person, `error` its standard error.
    """

    value: float
    low: float
    high: float
    n: int
    m: int
    over: bool
    a_person: float
    error: float

    @classmethod
    def of(cls, found: Effect, tested: Tested) -> Self:
        """The difference of a person, of all of them together."""
        looked = found if tested.over else always(found, planned=max(tested.planned, 1))
        n = round(found.n)
        ends = (found.value * n, looked.low * n, looked.high * n)
        return cls(*ends, n, round(found.m), tested.over, found.value, found.error)

    @property
    def sure(self) -> bool:
        """Whether all that is likely lies on one side of nothing."""
        return self.low > 0 or self.high < 0


def brought(tested: Tested | None, segment: str = EVERYBODY) -> Brought | str:
    """What all versions of it brought together among a segment; or why that cannot be said."""
    if tested is None:
        return UNMEASURED
    if REVENUE not in tested.metrics:
        return UNPAID
    if not tested.of(EVERYBODY, REVENUE, tested.comparison).n:
        return NOBODY
    if tested.draw().uneven or tested.draw(segment).uneven:
        return UNEVEN
    found = tested.together(segment, REVENUE)
    known = found.told and isfinite(found.low) and isfinite(found.high)
    return Brought.of(found, tested) if known else TOO_FEW
