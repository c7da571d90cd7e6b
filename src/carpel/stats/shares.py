"""Whether people do one thing more often than a share says that chance gives."""

import numpy as np
from numpy.typing import NDArray

from carpel.stats.multiplicity import expected_false

Floats = NDArray[np.float64]


def beyond_share(inside: Floats, of: Floats, share: Floats, pairs: int | None = None) -> Floats:
    """By pair of a person and a thing, how often it would be told falsely (q), 0 to 1.

    `inside` of their `of` times are of the thing, whose `share` chance gives: by the binomial
    distribution as often or more often (one-sided), and over all pairs the share of false ones
    (Benjamini and Hochberg 1995). `pairs` is how many there are where those never met are not
    listed. Missing where there are no times at all.
    """
    from scipy.stats import binom

    chance = binom.sf(inside - 1, of, np.clip(share, 0.0, 1.0))
    known = np.where((of > 0) & (share > 0), chance, np.nan)
    listed = max(int((~np.isnan(known)).sum()), 1)
    found: Floats = np.minimum(expected_false(known) * max((pairs or listed) / listed, 1.0), 1.0)
    return found
