"""People, power and what can be seen: published answers, and each the other's reverse."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.stats.experiments.design import (
    People,
    design_effect,
    people_for_mean,
    people_for_share,
    power_for_mean,
    power_for_share,
    smallest_for_mean,
    smallest_for_share,
)

SPLIT = st.floats(0.05, 0.95)


def test_sizes_are_as_published():
    """R's power.prop.test(p1 = .50, p2 = .75, power = .90): n = 76.7; Cohen's d of .5: 63."""
    assert people_for_share(0.5, 0.25, power=0.9) == People(77, 77)
    assert people_for_share(0.75, -0.25, power=0.9) == People(77, 77)
    assert people_for_mean(0.5, 1.0) == People(63, 63)
    assert people_for_mean(-5.0, 10.0) == People(63, 63)


def test_accounts_and_days():
    """20 people an account, alike by .05: 1.95 for one; with sizes varying by half of it 2.2."""
    assert design_effect(20, 0.05) == pytest.approx(1.95)
    assert design_effect(20, 0.05, variation=0.5) == pytest.approx(2.2)
    assert design_effect(1, 0.3) == 1
    assert people_for_mean(0.5, 1.0, design_effect=2) == People(126, 126)
    assert [People(60, 41).days(each) for each in (101, 100, 3.5)] == [1, 2, 29]


@given(st.floats(0.01, 2), SPLIT, st.floats(0.5, 0.99), st.floats(1, 5))
def test_the_people_of_a_mean_give_its_power_and_show_its_lift(lift, split, power, clustered):
    people = people_for_mean(lift, 1.0, treated_share=split, power=power, design_effect=clustered)
    arms = (people.treated, people.control)
    reached = power_for_mean(lift, 1.0, *arms, design_effect=clustered)
    assert power <= reached
    few = (people.treated - 1, people.control - 1)
    if min(few) > 20:
        assert power_for_mean(lift, 1.0, *few, design_effect=clustered) <= power + 1e-3
    assert smallest_for_mean(1.0, *arms, power=power, design_effect=clustered) <= lift * 1.000001


@given(st.floats(0.05, 0.6), st.floats(0.02, 0.3), SPLIT, st.floats(1, 5))
def test_the_people_of_a_share_give_its_power_and_show_its_lift(base, lift, split, clustered):
    people = people_for_share(base, lift, treated_share=split, design_effect=clustered)
    arms = (people.treated + clustered, people.control + clustered)
    assert 0.8 <= power_for_share(base, lift, *arms, design_effect=clustered) < 0.95
    assert smallest_for_share(base, *arms, design_effect=clustered) <= lift * 1.000001
    fewer = [0.8 * each for each in arms]
    if min(fewer) > 50 * clustered:
        assert smallest_for_share(base, *fewer, design_effect=clustered) > lift


def test_what_nobody_can_see():
    assert smallest_for_mean(1.0, 0, 100) == float("inf")
    assert smallest_for_share(0.5, 2, 2) is None
    assert people_for_share(0.5, 0.5).treated == people_for_share(0.5, -0.5).treated == 11
    with pytest.raises(ValueError, match=r"0\.9 cannot move by 0\.2"):
        people_for_share(0.9, 0.2)
    with pytest.raises(ValueError, match="cannot move"):
        power_for_share(0.1, -0.2, 10, 10)
