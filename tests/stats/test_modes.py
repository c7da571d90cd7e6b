"""Two groups in one figure: found where they are, and hardly ever where they are not."""

from itertools import pairwise

import numpy as np
import pytest

from carpel.stats.dips import chance_of, dips
from carpel.stats.modes import two_groups


def dip(values):
    (found,) = dips([values])
    return found


def test_dips_as_others_have_them():
    """The package diptest 0.12: dipstat of these values."""
    assert dip(np.array([1, 2, 3, 4, 10, 11, 12, 13, 14, 15.5])) == pytest.approx(2 / 15)
    geyser = [3.6, 1.8, 3.333, 2.283, 4.533, 2.883, 4.7, 1.95, 4.35, 1.833, 3.917, 4.2, 2.167, 4.8]
    assert dip(np.sort(np.array(geyser))) == pytest.approx(0.10194959986378348)


def test_the_dip_of_evenly_placed_values_is_the_least_there_is():
    for n in (4, 25, 100):
        assert dip(np.arange(float(n))) == pytest.approx(1 / (2 * n))


def test_the_dip_does_not_depend_on_scale_or_sign():
    values = np.sort(np.random.default_rng(1).normal(size=80))
    assert dip(values * 7 + 3) == pytest.approx(dip(values))
    assert dip(-values[::-1]) == pytest.approx(dip(values))


def test_chances_fall_and_end_well():
    chances = [chance_of(each, 1000) for each in np.linspace(0, 0.1, 40)]
    assert chances[0] == 1
    assert all(a >= b > 0 for a, b in pairwise(chances))


NOISE = {
    "bell": lambda dice, n: dice.normal(size=n),
    "long tail": lambda dice, n: dice.lognormal(2, 1.2, n),
    "falling": lambda dice, n: dice.exponential(5, n),
    "even": lambda dice, n: dice.random(n),
    "counts": lambda dice, n: dice.poisson(3, n).astype(float),
    "rare counts": lambda dice, n: dice.geometric(0.3, n) - 1.0,
    "steep": lambda dice, n: dice.gamma(0.3, 10, n),
    "wild": lambda dice, n: dice.standard_t(2, n),
    "lopsided": lambda dice, n: dice.beta(2, 0.8, n),
    "yes and no": lambda dice, n: dice.integers(0, 2, n).astype(float),
}


@pytest.mark.parametrize("name", NOISE)
def test_one_group_stays_one(name):
    """At the level that a single figure is told at, at most 1 in 100 is a false alarm."""
    seed = int(np.random.SeedSequence().entropy % 2**32)
    print(f"seed {seed}")
    dice = np.random.default_rng(seed)
    found = two_groups(NOISE[name](dice, int(dice.integers(60, 900))) for _ in range(60))
    alarms = sum(each is not None and each.chance < 0.01 for each in found)
    assert alarms <= 4


@pytest.mark.prove
@pytest.mark.parametrize("name", NOISE)
def test_one_group_stays_one_in_99_of_100(name):
    dice = np.random.default_rng(int(np.random.SeedSequence().entropy % 2**32))
    found = two_groups(NOISE[name](dice, int(dice.integers(60, 900))) for _ in range(2000))
    alarms = sum(each is not None and each.chance < 0.01 for each in found)
    assert alarms <= 30  # 20 expected at most; 30 lie beyond 2 standard deviations


def test_two_bells_are_found_with_the_cut_between():
    dice = np.random.default_rng(3)
    values = np.concatenate([dice.normal(10, 1, 300), dice.normal(16, 1, 200)])
    (found,) = two_groups([values])
    assert found is not None
    assert 12 < found.cut < 14
    assert found.chance < 1e-4
    assert abs(found.below - 300) <= 5
    assert found.below + found.above == 500


def test_those_who_never_do_are_a_group():
    dice = np.random.default_rng(5)
    (found,) = two_groups([np.concatenate([np.zeros(200), dice.lognormal(4, 0.4, 200)])])
    assert found is not None
    assert found.below == found.above == 200
    assert found.chance < 1e-3


@pytest.mark.parametrize(
    "values",
    [
        np.array([]),
        np.array([1.0, 2.0, 50.0]),
        np.full(500, 7.0),
        np.full(500, np.nan),
        np.append(np.random.default_rng(0).normal(size=400), 1e12),
        np.append(np.zeros(400), 1.0),
    ],
    ids=["none", "three", "constant", "unknown", "giant", "one other"],
)
def test_nothing_to_split(values):
    assert two_groups([values]) == [None]
