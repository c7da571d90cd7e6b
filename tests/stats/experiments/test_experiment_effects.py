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


def test_means_are_those_of_welch():
    """Means 7 and 3, squared errors 2.5 / 5 and 1 / 3: 4.38 errors apart, 5.88 degrees of freedom.

    The interval from a table of t: 2.571 with 5 degrees, 2.447 with 6.
    """
    found = effect(Sums.of([5, 6, 7, 8, 9]), Sums.of([2, 3, 4]))
    assert (found.value, found.arm, found.base) == pytest.approx((4, 7, 3))
    assert found.error == pytest.approx((5 / 6) ** 0.5)
    assert 2.447 < (found.high - found.value) / found.error < 2.571
    assert found.value - found.low == pytest.approx(found.high - found.value)
    assert found.chance == pytest.approx(0.0048826, abs=1e-7)


def test_what_has_no_spread_tells_nothing():
    for one, two in (([5, 5], [3, 3]), ([1], [2, 3]), ([], [2, 3])):
        found = effect(Sums.of(one), Sums.of(two))
        assert (found.low, found.high, found.chance, found.told) == (-inf, inf, 1.0, False)
    nobody = effect(Sums.of([]), Sums.of([0, 1]), share=True)
    assert isnan(nobody.value) and (nobody.low, nobody.high) == (-1, 1) and not nobody.told


def test_what_is_not_said_is_none():
    assert Sums(4, 2, 2) == Sums(4, 2, 2, *[0.0] * 10)
    one = Sums.of([7], [3], [2])
    assert (one.variance, one.variance_x, one.covariance) == (0, 0, 0)
    assert (one.total, one.denominator, one.figure, one.mean_x) == (7, 2, 3.5, 3)
    assert isnan(Sums(0, 0, 0).figure) and isnan(Sums(0, 0, 0).mean_x)
    pair = Sums.of([0.1, 0.3], [0.2, 0.6])
    assert (pair.variance, pair.variance_x, pair.covariance) == pytest.approx((0.02, 0.08, 0.04))
    three = Sums.of([1, 2, 6], [0, 1, 5])
    assert (three.variance, three.variance_x, three.covariance) == pytest.approx((7, 7, 7))


def test_the_kind_says_what_was_compared():
    several = Sums.of([1, 2, 4], d=[1, 1, 2])
    assert effect(several, several).kind == "ratio"
    assert effect(several, Sums(0, 0, 0)).kind == "ratio"
    assert effect(Sums.of([1, 2]), Sums.of([1, 3])).kind == "mean"
    share = effect(Sums(100, 50, 50), Sums(100, 32, 32), share=True)
    assert (share.kind, share.narrowed, share.confidence) == ("share", 0, 0.95)


def test_rounding_leaves_no_variance_below_nothing():
    for value in np.arange(1, 60) / 7:
        sums = [float(np.full(11, value).sum()), float((np.full(11, value) ** 2).sum())]
        same = Sums(11, *sums, *sums, sums[1])
        assert 0 <= same.variance < 1e-9 and 0 <= same.variance_x < 1e-9


def test_a_share_is_of_yes_and_no():
    for sums in (Sums(10, 11, 11), Sums(10, -1, 1)):
        for pair in ((sums, Sums(10, 5, 5)), (Sums(10, 5, 5), sums)):
            with pytest.raises(ValueError, match="0 or 1"):
                effect(*pair, share=True)
    everybody = effect(Sums(10, 10, 10), Sums(10, 0, 0), share=True)
    assert everybody.value == 1 and everybody.low < 1 and everybody.lift == inf


def test_accounts_without_any_in_a_group_tell_nothing():
    assert not by_account(Sums.of([4, 5], d=[2, 2]), Sums(0, 0, 0)).told


def test_accounts_need_their_people():
    with pytest.raises(ValueError, match="people of each account"):
        by_account(Sums.of([1, 2]), Sums.of([1, 2]))


@given(GROUPS, GROUPS)
def test_the_ends_of_a_lift_are_as_unlikely_as_those_of_the_difference(one, two):
    """Fieller 1954: at either end t, of the treated less (1 + lift) times the others, is t's."""
    first, second = (Sums.of(np.abs(each[:, 0]) + 40) for each in (one, two))
    found = effect(first, second)
    if found.lift_high < inf:
        quantile = (found.high - found.value) / found.error
        for end in (found.lift_low, found.lift_high):
            times = 1 + end
            doubt = first.variance / first.n + times**2 * second.variance / second.n
            gap = abs(first.figure - times * second.figure)
            assert gap == pytest.approx(quantile * doubt**0.5, rel=1e-6, abs=1e-6)
        assert found.lift_low <= found.lift <= found.lift_high
        assert found.lift == pytest.approx(first.figure / second.figure - 1, abs=1e-12)


def test_a_lift_over_what_might_be_nothing_has_no_ends():
    unsure = effect(Sums.of([5, 6, 7, 8]), Sums.of([-9, 0, 5, 8]))
    assert (unsure.lift_low, unsure.lift_high) == (-inf, inf)
    assert unsure.lift == pytest.approx(5.5)
    below = effect(Sums.of([5, 6, 7, 8]), Sums.of([-9, -8, -7, -9]))
    assert isnan(below.lift) and below.lift_high == inf and below.low > 0


def test_the_lift_of_a_share_is_that_of_katz():
    """Katz and others 1978: log 1.5625 +- 1.96 root(1/50 - 1/100 + 1/32 - 1/100)."""
    found = effect(Sums(100, 50, 50), Sums(100, 32, 32), share=True)
    assert found.lift == pytest.approx(0.5625)
    assert (found.lift_low, found.lift_high) == pytest.approx((0.10496, 1.20949), abs=1e-5)
    assert found.error == pytest.approx((0.25 / 100 + 0.32 * 0.68 / 100) ** 0.5)


def test_a_higher_confidence_is_a_wider_interval(rng):
    one, two = Sums.of(rng.normal(1, 1, 50)), Sums.of(rng.normal(0, 1, 50))
    usual, strict = effect(one, two), effect(one, two, confidence=0.99)
    assert strict.low < usual.low < usual.high < strict.high
    assert (strict.confidence, strict.chance) == (0.99, usual.chance)


def test_a_covariate_without_spread_changes_nothing(rng):
    y, z = rng.normal(0, 1, 50), rng.normal(0, 1, 50)
    plain = effect(Sums.of(y), Sums.of(z))
    for flat in (None, np.ones(50)):
        assert effect(Sums.of(y, flat), Sums.of(z, flat), cuped=True) == plain


def test_cuped_is_the_residual_of_a_regression_on_the_covariate(rng):
    x, y = rng.normal(5, 2, 80), rng.normal(0, 1, 80)
    one, two = (x[:40], y[:40] + x[:40] + 1), (x[40:], y[40:] + x[40:])
    found = effect(*(Sums.of(each[1], each[0]) for each in (one, two)), cuped=True)
    slope = np.polyfit(x, np.concatenate([one[1], two[1]]), 1)[0]
    left = [each[1] - slope * (each[0] - x.mean()) for each in (one, two)]
    again = effect(*(Sums.of(each) for each in left))
    assert (found.value, found.low, found.arm, found.base, found.chance) == pytest.approx(
        (again.value, again.low, again.arm, again.base, again.chance)
    )
    plain = effect(Sums.of(one[1]), Sums.of(two[1]))
    assert found.narrowed == pytest.approx(1 - found.error / plain.error) and found.narrowed > 0.3
    shares = [Sums.of(each[1] > 5, each[0]) for each in (one, two)]
    assert effect(*shares, share=True, cuped=True).kind == "share"
