"""CDNOW's sample of 2,357 people: repeat purchases by week 39, and what came after."""

import os
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from carpel.stats.buying.histories import Floats, Histories, from_purchases

UNTIL = float((date(1997, 9, 30) - date(1997, 1, 1)).days)


@dataclass(frozen=True)
class Cdnow:
    """Purchases (a person's number, days since 1997-01-01, dollars), and what they come to."""

    people: np.ndarray
    at: Floats
    dollars: Floats
    weeks: Histories

    @property
    def happened(self) -> Floats:
        """Purchases of each person after week 39, those of one day as one."""
        later = self.at > UNTIL
        pairs = np.unique(np.column_stack([self.people[later], self.at[later]]), axis=0)
        return np.bincount(pairs[:, 0].astype(int), minlength=2357).astype(float)

    def repeat_values(self) -> tuple[Floats, Floats]:
        """Number and mean value of the repeat purchases by week 39."""
        first = np.full(2357, np.inf)
        np.minimum.at(first, self.people, self.at)
        some = (self.at > first[self.people]) & (self.at <= UNTIL)
        orders = self.weeks.repeats
        spent = np.bincount(self.people[some], self.dollars[some], minlength=2357)
        return orders, np.divide(spent, orders, out=np.zeros(2357), where=orders > 0)


@cache
def cdnow() -> Cdnow:
    """The sample, or the test is skipped."""
    folder = os.environ.get("CARPEL_DATA")
    if folder is None:
        pytest.skip("CARPEL_DATA names no folder of public data")
    lines = (Path(folder) / "CDNOW_sample.txt").read_text(encoding="ascii").splitlines()
    rows = [line.split() for line in lines if line.strip()]
    people = np.array([int(row[1]) - 1 for row in rows])
    days = [date(int(d[:4]), int(d[4:6]), int(d[6:])) for d in (row[2] for row in rows)]
    at = np.array([float((day - date(1997, 1, 1)).days) for day in days])
    dollars = np.array([float(row[4]) for row in rows])
    return Cdnow(people, at, dollars, from_purchases(people, at, UNTIL).in_units(7))
