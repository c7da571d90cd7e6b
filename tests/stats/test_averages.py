"""Intervals of averages and medians: known answers, and the coverage that they promise."""

import numpy as np
import pytest

from carpel.stats.averages import (
    combined,
    gap_interval,
    mean_interval,
    median_ranks,
    share_of_total,
)
from carpel.stats.difference import Moments
from carpel.stats.proportions import wilson
from carpel.stats.tails import NORMAL_95, t_about


@pytest.mark.parametrize(
    ("freedom", "published"),
    [(5, 2.5706), (10, 2.2281), (19, 2.0930), (30, 2.0423), (100, 1.9840), (10_000, 1.9602)],
)
def test_t_is_that_of_the_tables(freedom, published):
    assert t_about(NORMAL_95, freedom) == pytest.approx(published, abs=6e-4)


def test_intervals_agree_with_scipy(rng):
    stats = pytest.importorskip("scipy.stats")
    one, two = rng.normal(3, 2, 40), rng.normal(2, 5, 90)
    own = stats.ttest_1samp(one, 0).confidence_interval()
    assert mean_interval(_moments(one)) == pytest.approx((own.low, own.high), abs=1e-4)
    welch = stats.ttest_ind(one, two, equal_var=False).confidence_interval()
    assert gap_interval(_moments(one), _moments(two)) == pytest.approx(
        (welch.low, welch.high), abs=1e-4
    )


def test_the_interval_of_a_median_holds_what_it_promises(rng):
    for n in (51, 200):
        low, high = median_ranks(n)
        drawn = np.sort(rng.lognormal(0, 2, (4000, n)), axis=1)
        held = np.mean((drawn[:, low - 1] <= 1) & (drawn[:, high - 1] >= 1))
        assert 0.94 <= held <= 0.985


def test_the_share_of_a_sum_holds_what_it_promises(rng):
    mine, others = rng.gamma(2, 50, (2000, 100)), rng.gamma(2, 10, (2000, 300))
    truth = 100 * 100 / (100 * 100 + 300 * 20)
    held = 0
    for one, two in zip(mine, others, strict=True):
        share, low, high = share_of_total(_moments(one), _moments(two))
        assert share == pytest.approx(one.sum() / (one.sum() + two.sum()))
        held += low <= truth <= high
    assert 0.93 <= held / 2000 <= 0.97


def test_sides_are_combined_as_shares_are():
    """Of two shares by Wilson it is what Newcombe gives: 56/70 less 48/80, .0524 to .3339."""
    low, high = combined(56 / 70, wilson(56, 70), 48 / 80, wilson(48, 80))
    assert (low, high) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def _moments(values):
    return Moments(len(values), float(values.mean()), float(values.var()))
