"""How two figures of people go together."""

from dataclasses import dataclass

import numpy as np

from carpel.errors import CarpelError
from carpel.stats.relation import correlations, rank_correlation
from carpel.stats.tails import NORMAL_95
from carpel.verbs.plain_traits import plain_trait, values_of
from carpel.verbs.reader import reading
from carpel.verbs.session import Session

FEWEST_PAIRS = 10
"""People of whom both figures are known, for a correlation."""
GRID = (12, 40)
"""Cells upwards and across of a scatter of people."""


@dataclass(frozen=True)
class Correlated:
    """Two figures of the people of whom both are known."""

    trait: str
    other: str
    n: int
    correlation: float
    """Pearson's, -1 to 1, with its 95 % interval by Fisher's transformation (1921)."""
    low: float
    high: float
    ranks: float
    """Spearman's: of the order only, whatever the scale."""
    grid: list[list[int]]
    """People by cells, the highest values of `other` first; the middle 98 % of both spans it."""
    across: tuple[float, float]
    upwards: tuple[float, float]


def correlate(session: Session, trait: str, other: str) -> Correlated:
    """How two figures go together; raises NotFound, or CarpelError where that cannot be told."""
    with reading(session) as reader:
        for each in (trait, other):
            plain_trait(reader, each)
        found = values_of(reader, [trait, other])
        if object in (found[trait].dtype, found[other].dtype):
            raise CarpelError(
                "A category has no order: name two figures.", action="carpel ls traits"
            )
        both = ~np.isnan(found[trait]) & ~np.isnan(found[other])
        x, y = found[trait][both], found[other][both]
        if len(x) < FEWEST_PAIRS or np.ptp(x) == 0 or np.ptp(y) == 0:
            raise CarpelError(
                f"{trait} and {other} cannot be held together: {len(x)} people have both, or one "
                "of them is the same for everybody.",
                action="carpel describe TRAIT",
            )
        plain = float(correlations(x[:, None], y[:, None])[0, 0])
        order = rank_correlation(x, y)
        reach = NORMAL_95 / np.sqrt(len(x) - 3)
        at = np.arctanh(np.clip(plain, -1 + 1e-12, 1 - 1e-12))
        low, high = float(np.tanh(at - reach)), float(np.tanh(at + reach))
        (left, right), (bottom, top) = (np.quantile(each, [0.01, 0.99]) for each in (x, y))
        counts, _, _ = np.histogram2d(np.clip(y, bottom, top), np.clip(x, left, right), bins=GRID)
        return Correlated(
            trait,
            other,
            len(x),
            plain,
            low,
            high,
            order,
            counts[::-1].astype(int).tolist(),
            (float(left), float(right)),
            (float(bottom), float(top)),
        )
