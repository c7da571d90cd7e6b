"""Differences between two groups from sums: against scipy, and what must not change them."""

from math import inf, isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from carpel.stats.experiments.effect import by_account, effect
from carpel.stats.experiments.sums import Sums

WHOLE = st.integers(-50, 50)
GROUPS = arrays(np.float64, st.tuples(st.integers(2, 30), st.just(3)), elements=WHOLE)
FIELDS = ("n", "total", "figure", "variance", "variance_x", "covariance", "mean_x", "denominator")


def sums(group):
    """Outcome, covariate and a denominator of 1 and more."""
    return Sums.of(group[:, 0], group[:, 1], np.abs(group[:, 2]) + 1)


@given(GROUPS, GROUPS)
def test_merged_sums_are_the_sums_of_all(one, two):
    together, merged = sums(np.concatenate([one, two])), sums(one) + sums(two)
    for field in FIELDS:
        assert getattr(merged, field) == pytest.approx(getattr(together, field), abs=1e-9)
        left = getattr(merged - sums(two), field)
        assert left == pytest.approx(getattr(sums(one), field), abs=1e-7), field


@given(GROUPS, GROUPS, st.sampled_from([1e3, -1e6, 1e9]))
def test_a_constant_given_to_everybody_changes_no_difference(one, two, constant):
    plain = effect(Sums.of(one[:, 0], one[:, 1]), Sums.of(two[:, 0], two[:, 1]), cuped=True)
    ones, twos = (Sums.of(each[:, 0] + constant, each[:, 1] - constant) for each in (one, two))
    moved = effect(ones, twos, cuped=True)
    assert (moved.value, moved.low, moved.high, moved.chance, moved.narrowed) == pytest.approx(
        (plain.value, plain.low, plain.high, plain.chance, plain.narrowed), rel=1e-5, abs=1e-5
    )


@given(GROUPS, GROUPS, st.sampled_from(["mean", "share", "ratio", "cuped"]))
def test_arms_swapped_mirror_the_effect(one, two, kind):
    if kind == "share":
        first, second = (Sums.of(each[:, 0] > 0) for each in (one, two))
    elif kind == "ratio":
        first, second = sums(one), sums(two)
    else:
        first, second = (Sums.of(each[:, 0], each[:, 1]) for each in (one, two))
    how = {"share": kind == "share", "cuped": kind == "cuped"}
    there, back = effect(first, second, **how), effect(second, first, **how)
    assert (there.value, there.low, there.high) == pytest.approx(
        (-back.value, -back.high, -back.low)
    )
    assert (there.chance, there.error) == pytest.approx((back.chance, back.error))
    assert (there.n, there.arm) == pytest.approx((back.m, back.base))


def test_means_are_those_of_welch(rng):
    stats = pytest.importorskip("scipy.stats")
    one, two = rng.normal(3, 2, 12), rng.normal(2, 5, 9)
    found, theirs = effect(Sums.of(one), Sums.of(two)), stats.ttest_ind(one, two, equal_var=False)
    interval = theirs.confidence_interval()
    assert found.chance == pytest.approx(theirs.pvalue, rel=1e-8)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high), rel=1e-8)
    assert (found.value, found.arm, found.base) == pytest.approx(
        (one.mean() - two.mean(), one.mean(), two.mean())
    )


def test_what_has_no_spread_tells_nothing():
    for one, two in (([5, 5], [3, 3]), ([1], [2, 3]), ([], [2, 3])):
        found = effect(Sums.of(one), Sums.of(two))
        assert (found.low, found.high, found.chance, found.told) == (-inf, inf, 1.0, False)
    nobody = effect(Sums.of([]), Sums.of([0, 1]), share=True)
    assert isnan(nobody.value) and (nobody.low, nobody.high) == (-1, 1) and not nobody.told


def test_accounts_need_their_people():
    with pytest.raises(ValueError, match="people of each account"):
        by_account(Sums.of([1, 2]), Sums.of([1, 2]))
