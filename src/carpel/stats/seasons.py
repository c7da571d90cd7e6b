"""Whether people do something before certain days more often than time alone gives."""

import numpy as np
from numpy.typing import NDArray

from carpel.stats.multiplicity import expected_false

Floats = NDArray[np.float64]


def beyond_time(inside: Floats, of: Floats, share: Floats) -> Floats:
    """By pair of person and season, how often it would be told falsely (q), 0 to 1.

    `inside` of `of` days on which they did it lie in the season, which is `share` of their time: by
    the binomial distribution as often or more often by chance (one-sided), and over all pairs the
    share of false ones (Benjamini and Hochberg 1995). Missing where they have no days at all.
    """
    from scipy.stats import binom

    chance = binom.sf(inside - 1, of, np.clip(share, 0.0, 1.0))
    return expected_false(np.where((of > 0) & (share > 0), chance, np.nan))
