"""The hour of the day at which somebody does most, out of how often they did it at each."""

import numpy as np

from carpel.stats.tails import Floats

HOURS = 24
LEAST = 5
"""Things somebody has to have done for an hour to be theirs."""
WEIGHT = 5.0
"""Things of all people together that each person's own are mixed with."""


def best_hours(counts: Floats, allowed: Floats) -> tuple[Floats, Floats]:
    """A row a person: the hour, 0 to 23, and whether it is known, having done `LEAST` things.

    `counts` has a row a person and a column an hour; `allowed` is 1 for hours that may be chosen.
    Each row is mixed with the hours of all, as if `WEIGHT` more things had been done as they do
    (the mean of a Dirichlet prior), and an hour counts half with those beside it, a quarter each,
    around midnight too. Of equal hours it is the first.
    """
    total = counts.sum(axis=0)
    share = total / max(total.sum(), 1.0)
    mixed = counts + WEIGHT * share
    around = mixed / 2 + np.roll(mixed, 1, axis=1) / 4 + np.roll(mixed, -1, axis=1) / 4
    best = np.argmax(np.where(allowed > 0, around, -1.0), axis=1)
    return best.astype(np.float64), (counts.sum(axis=1) >= LEAST).astype(np.float64)
