"""A walk with drift: a formula worked out apart, and how often what is likely holds the truth."""

from math import sqrt

import numpy as np
import pytest
from scipy.stats import t

from carpel.stats.drift import ahead


def test_a_small_path_by_hand():
    found = ahead([10, 12, 11, 15, 16], 3)
    changes = np.array([2, -1, 4, 1])
    error = changes.std(ddof=1) * sqrt(3 + 9 / 4)
    assert found.value == pytest.approx(16 + 3 * 1.5)
    assert found.high - found.value == pytest.approx(t.ppf(0.975, 3) * error)
    assert found.value - found.low == pytest.approx(t.ppf(0.975, 3) * error)


def test_what_is_likely_holds_the_truth_in_95_of_100():
    rng = np.random.default_rng(20261123)
    inside = 0
    for _ in range(4_000):
        walk = np.cumsum(rng.normal(0.3, 2.0, 19))
        found = ahead(walk[:13], 6)
        inside += found.low <= walk[18] <= found.high
    assert inside / 4_000 == pytest.approx(0.95, abs=0.012)


def test_few_steps_say_nothing_and_a_straight_line_goes_on():
    assert ahead([1, 2, 3, 4], 2) is None
    found = ahead([1, 2, 3, 4, 5], 2)
    assert (found.value, found.low, found.high) == pytest.approx((7, 7, 7))
    now = ahead([1, 3, 2, 5, 4], 0)
    assert (now.value, now.low, now.high) == (4, 4, 4)
