"""Uneven groups, giants and many segments: published cases and what must not change."""

from math import inf, isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.stats.experiments.by_segment import by_segment
from carpel.stats.experiments.effect import effect
from carpel.stats.experiments.giants import giants
from carpel.stats.experiments.ratio_check import ratio_check
from carpel.stats.experiments.sums import Sums
from carpel.stats.shrinking import shrunk

HALVES = {"control": 0.5, "treated": 0.5}


def test_an_uneven_draw_is_found_as_published():
    """Kohavi, Tang and Xu 2020, chapter 3: 821,588 against 815,482, p 1.8e-6."""
    found = ratio_check({"control": 821_588, "treated": 815_482}, HALVES)
    assert f"{found.chance:.1e}" == "1.8e-06" and found.uneven
    assert found.expected == {"control": 818_535, "treated": 818_535}


def test_an_uneven_draw_needs_a_chance_below_one_in_a_hundred():
    """Chi-squared with one degree of freedom is 6.635 at .01."""
    assert ratio_check({"control": 5000 + 129, "treated": 5000 - 129}, HALVES).uneven
    assert not ratio_check({"control": 5000 + 128, "treated": 5000 - 128}, HALVES).uneven


@given(st.lists(st.integers(1, 2000), min_size=2, max_size=5), st.floats(0.1, 90))
def test_shares_may_add_up_to_anything(counts, factor):
    names = [str(at) for at in range(len(counts))]
    shares = {name: 1.0 + at for at, name in enumerate(names)}
    scaled = {name: factor * share for name, share in shares.items()}
    people = dict(zip(names, counts, strict=True))
    one, two = ratio_check(people, shares), ratio_check(people, scaled)
    assert one.chance == pytest.approx(two.chance) and one.statistic == pytest.approx(two.statistic)


def test_what_cannot_be_uneven_and_what_has_no_design():
    assert ratio_check({"all": 10}, {"all": 1}).chance == 1
    assert ratio_check({}, HALVES).chance == 1
    assert ratio_check({"control": 900}, HALVES).uneven
    for shares in ({"control": 1}, {"control": 1, "treated": 0}):
        with pytest.raises(ValueError, match="designed share: treated"):
            ratio_check({"control": 5, "treated": 5}, shares)


def test_giants_are_named_and_drawn_in_to_one_threshold():
    usual, others = np.arange(0.0, 100.0), np.arange(1.0, 101.0)
    usual[7], others[3] = 5000.0, -300.0
    found = giants({"one": usual, "two": others}, 0.985)
    assert (found.threshold, found.count) == (100.0, 2)
    assert found.arms["one"].where.tolist() == [7] and found.arms["one"].were.tolist() == [5000.0]
    assert found.arms["one"].values[7] == 100 and found.arms["two"].values[3] == -100
    assert found.arms["two"].where.tolist() == [3]
    assert {arm: each.were.tolist() for arm, each in found.alone.items()} == {"one": [5000.0]}
    untouched = np.delete(np.arange(100), 7)
    assert (found.arms["one"].values[untouched] == usual[untouched]).all()


def test_the_largest_giant_comes_first_and_zeros_do_not_count():
    found = giants({"one": [0, 0, 0, 0, 1, 9, 2, 30]}, 0.5)
    assert found.threshold == 2 and found.arms["one"].were.tolist() == [30, 9]
    assert found.arms["one"].where.tolist() == [7, 5]
    assert giants({"one": [0, 0], "two": []}).threshold == inf
    assert giants({"one": [1, 2]}, 1).count == 0
    for share in (0, 1.1):
        with pytest.raises(ValueError, match="above 0 and up to 1"):
            giants({"one": [1]}, share)


def test_a_giant_stands_alone_beyond_ten_times_the_threshold():
    for largest, found in ((1000.0, {}), (1000.5, {"one": [1000.5]})):
        seen = giants({"one": [*[100.0] * 9, largest], "two": [0.0]}, 0.9)
        assert seen.threshold == 100
        assert {arm: each.were.tolist() for arm, each in seen.alone.items()} == found


def test_the_statistic_counts_arms_where_less_than_one_was_due():
    """(3 - 3.6)^2 / 3.6 + (1 - .4)^2 / .4 = 1."""
    assert ratio_check({"a": 3, "b": 1}, {"a": 0.9, "b": 0.1}).statistic == pytest.approx(1)


def of(mean, spread, n=200):
    """A group of a mean and a spread, exactly."""
    at = np.tile([-1.0, 1.0], n // 2)
    return Sums.of(mean + spread * at)


def test_segments_keep_what_was_measured_beside_what_is_drawn_in():
    lifts = {"a": 1.0, "b": 1.2, "c": 0.9, "d": 1.1, "e": 3.0}
    effects = {
        name: effect(of(lift, 30.0 if name == "e" else 1.0), of(0.0, 1.0))
        for name, lift in lifts.items()
    }
    found = by_segment(effects)
    assert {name: each.raw for name, each in found.segments.items()} == effects
    loud = found.segments["e"]
    assert loud.raw.value == pytest.approx(3) and 1 < loud.value < 2.1
    assert loud.high - loud.low < loud.raw.high - loud.raw.low
    values = np.array([each.value for each in effects.values()])
    errors = np.array([(each.high - each.low) / 2 / 1.959963984540054 for each in effects.values()])
    plain = shrunk(values, errors)
    assert [each.value for each in found.segments.values()] == pytest.approx(list(plain.value))
    assert (found.middle, found.spread) == pytest.approx((plain.middle, plain.spread))
    assert loud.likely_false == pytest.approx(loud.raw.chance)
    assert all(each.likely_false >= each.raw.chance for each in found.segments.values())


def test_fewer_than_four_segments_stay_as_measured():
    """Newcombe's intervals are not symmetric, and stay so."""
    rare = effect(Sums(100, 1, 1), Sums(100, 0, 0), share=True)
    found = by_segment({"a": rare, "b": rare, "c": rare}).segments["a"]
    assert (found.value, found.low, found.high) == (rare.value, rare.low, rare.high)
    four = by_segment(dict.fromkeys("abcd", rare)).segments["a"]
    assert four.value == pytest.approx(rare.value) and four.high < rare.high


def test_segments_that_tell_nothing_stand_aside():
    flat = effect(of(1.0, 0.0), of(0.0, 0.0))
    some = effect(of(1.0, 1.0), of(0.0, 1.0))
    found = by_segment({"flat": flat, "some": some})
    aside = found.segments["flat"]
    assert (aside.low, aside.high) == (-inf, inf) and isnan(aside.likely_false)
    assert found.segments["some"].value == some.value and found.middle == some.value
    assert found.alike == 1 and isnan(found.spread)
    nobody = by_segment({"flat": flat})
    assert isnan(nobody.middle) and by_segment({}).segments == {}


def test_whether_segments_differ_is_cochrans_q():
    """Two segments 1.96 errors of their difference apart: one time in twenty by luck."""
    error = effect(of(0.0, 1.0, 100_000), of(0.0, 1.0, 100_000)).error
    effects = {
        name: effect(of(mean, 1.0, 100_000), of(0.0, 1.0, 100_000))
        for name, mean in (("a", 1.959963984540054 * 2**0.5 * error), ("b", 0.0))
    }
    assert by_segment(effects).alike == pytest.approx(0.05, abs=2e-5)
