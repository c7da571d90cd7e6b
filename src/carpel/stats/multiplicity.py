"""Looking at many differences at once: how many of those told would be false."""

import numpy as np
from numpy.typing import ArrayLike

from carpel.stats.tails import Floats


def expected_false(chances: ArrayLike) -> Floats:
    """For each chance (p), the least share of false findings if all as rare were told (q).

    Benjamini and Hochberg 1995; it holds for independent statistics and for those that rise
    together (Benjamini and Yekutieli 2001). Missing chances (NaN) stay missing and do not count.
    """
    p = np.asarray(chances, np.float64)
    found = np.full(p.shape, np.nan)
    known = np.flatnonzero(~np.isnan(p))
    if not len(known):
        return found
    order = known[np.argsort(p[known], kind="stable")]
    ranked = p[order] * len(order) / np.arange(1, len(order) + 1)
    found[order] = np.minimum.accumulate(ranked[::-1])[::-1].clip(max=1.0)
    return found
