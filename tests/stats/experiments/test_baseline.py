"""What a test can show, by how people were: one answer from three sides, and a known one."""

from math import sqrt

import numpy as np
import pytest

from carpel.stats.experiments.baseline import Baseline
from carpel.stats.experiments.effect import effect
from carpel.stats.experiments.sums import Sums

SHARE = Baseline(5_000, 0.08, sqrt(0.08 * 0.92), is_share=True)
MEAN = Baseline(5_000, 12.0, 40.0, is_share=False)


@pytest.mark.parametrize("known", [SHARE, MEAN])
@pytest.mark.parametrize(("treated", "control"), [(900, 100), (4_000, 4_000), (60, 940)])
def test_the_smallest_change_is_seen_four_times_out_of_five(known: Baseline, treated, control):
    least = known.smallest(treated, control)
    assert least is not None
    assert known.power(least, treated, control) == pytest.approx(0.8, abs=0.005)
    people = known.people(least, treated / (treated + control))
    assert (people.treated, people.control) == pytest.approx((treated, control), rel=0.01, abs=1)


def test_what_people_did_before_is_worth_people():
    told = Baseline(5_000, 12.0, 40.0, is_share=False, left=0.25)
    assert told.smallest(900, 100) == pytest.approx(MEAN.smallest(900, 100) / 2)
    assert told.people(5.0, 0.5).treated == pytest.approx(MEAN.people(5.0, 0.5).treated / 4, abs=1)


def test_of_sums_it_is_what_the_verdict_will_find():
    draw = np.random.default_rng(3)
    x = draw.gamma(2, 10, 20_000)
    y = 0.5 * x + draw.normal(0, 8, 20_000)
    known = Baseline.of(Sums.of(y, x), is_share=False)
    assert known.base == pytest.approx(y.mean())
    halves = Sums.of(y[::2], x[::2]), Sums.of(y[1::2], x[1::2])
    error = effect(*halves, cuped=True).error
    assert known.spread * sqrt(known.left * 2 / 10_000) == pytest.approx(error, rel=1e-3)


def test_nobody_who_differs_shows_nothing():
    still = Baseline.of(Sums.of(np.zeros(50)), is_share=True)
    assert still.smallest(25, 25) is None
    assert SHARE.smallest(0, 100) is None
    assert SHARE.power(0.02, 100, 0) == 0


def test_a_share_does_not_leave_its_range():
    with pytest.raises(ValueError, match="cannot move"):
        SHARE.power(0.95, 100, 100)
