"""An experiment as it was drawn: who is in which arm, and from when to when their doings count."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyroaring import BitMap

Keys = NDArray[np.int64]
Moments = NDArray[np.datetime64]
STAMP = "datetime64[us]"


@dataclass(frozen=True)
class Watched:
    """People whose doings count, each from when to when; keys ascending, moments in UTC."""

    metrics: Sequence[str]
    guardrails: Sequence[str]
    customers: Keys
    since: Moments
    until: Moments

    @property
    def people(self) -> pa.Table:
        """The table `assigned`: a row a person."""
        return pa.table(
            {
                "customer": pa.array(self.customers, pa.int64()),
                "place": pa.array(np.arange(len(self.customers)), pa.int64()),
                "since": pa.array(self.since.astype(STAMP)),
                "until": pa.array(self.until.astype(STAMP)),
            }
        )


@dataclass(frozen=True)
class Drawn(Watched):
    """One experiment; arrays have a place a person."""

    name: str
    kind: str
    label: str
    goal: str
    segments: Sequence[str]
    """For whom it is looked at besides; with none, for all segments and sets of them."""
    arms: Sequence[str]
    """The comparison comes first."""
    shares: Mapping[str, float]
    sent: Mapping[str, int]
    within_days: int
    changed: Collection[str]
    """Attributes that the experiment may have changed: segments made of them are not looked at."""
    looked_up: datetime | None
    """When it is looked up who was in which segment; None for now."""
    arm: Keys
    """Places in `arms`."""
    in_several: int
    target: float | None = None
    smallest: float | None = None
    cost: float = 0.0
    fixed_cost: float = 0.0


@dataclass(frozen=True)
class Placed:
    """Everybody who is in one arm alone, ascending, with the arm; and how many are in several."""

    customers: Keys
    arm: Keys
    in_several: int


def placed(arms: Sequence[BitMap]) -> Placed:
    """Of the keys of each arm, those who are in one alone."""
    seen, several = BitMap(), BitMap()
    for each in arms:
        several |= seen & each
        seen |= each
    customers = _keys(seen - several)
    arm = np.empty(len(customers), np.int64)
    for place, each in enumerate(arms):
        arm[np.searchsorted(customers, _keys(each - several))] = place
    return Placed(customers, arm, len(several))


def _keys(members: BitMap) -> Keys:
    return np.frombuffer(members.to_array(), np.uint32).astype(np.int64)
