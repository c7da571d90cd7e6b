"""The long evidence: false alarms, coverage and daily looks are what they say, on fresh draws."""

from math import sqrt

import numpy as np
import pytest

from carpel.stats.experiments.always import always
from carpel.stats.experiments.design import people_for_mean, people_for_share
from carpel.stats.experiments.effect import effect
from carpel.stats.experiments.ratio_check import ratio_check
from carpel.stats.experiments.sums import Sums
from carpel.stats.proportions import differ

from ..stats.experiments.drawn import WORLDS

pytestmark = pytest.mark.prove

DRAWS = 20_000
MANY = 30_000
"""So that what is right falls outside half a per cent once in 15,000 times, not in 1,000."""
RAISED = 1.1
DAYS, A_DAY = 28, 50


@pytest.mark.parametrize("name", WORLDS)
def test_false_alarms_and_coverage_are_what_they_say(name, rng):
    world, alarms, held, lifts = WORLDS[name], 0, 0, 0
    truth = world.figure * (RAISED - 1)
    for pair in world.pairs(rng, MANY, 1.0):
        alarms += effect(*pair, **world.how).chance < 0.05
    for pair in world.pairs(rng, MANY, RAISED):
        seen = effect(*pair, **world.how)
        held += seen.low <= truth <= seen.high
        lifts += seen.lift_low <= RAISED - 1 <= seen.lift_high
    print(f"{name}: {alarms / MANY:.4f} alarms, {held / MANY:.4f} hold, lift {lifts / MANY:.4f}")
    assert abs(alarms / MANY - 0.05) <= 0.005
    assert abs(held / MANY - 0.95) <= 0.005
    assert abs(lifts / MANY - 0.95) <= 0.005


def test_daily_looks_are_held_by_the_always_valid_interval_alone(rng):
    fell, plain, wider = 0, 0, []
    for treated, control in zip(days(rng), days(rng), strict=True):
        looks = [effect(*pair) for pair in zip(treated, control, strict=True)]
        daily = [always(each, 2 * DAYS * A_DAY) for each in looks]
        fell += any(not each.low <= 0 <= each.high for each in daily)
        plain += any(not each.low <= 0 <= each.high for each in looks)
        wider.append(daily[-1].wider)
    print(
        f"daily looks: {1 - fell / DRAWS:.4f} hold, {1 - plain / DRAWS:.4f} of the fixed; "
        f"{np.mean(wider):.3f} times as wide at the end"
    )
    assert fell / DRAWS <= 0.05 < 0.2 < plain / DRAWS
    assert 1.5 < np.mean(wider) < 1.6


@pytest.mark.parametrize("rho", [0.3, 0.6, 0.9])
def test_cuped_narrows_by_the_theory(rho, rng):
    def group():
        x = rng.gamma(2.0, 1.0, 1000) / sqrt(2)
        return Sums.of(rho * x + sqrt(1 - rho * rho) * rng.normal(0, 1, 1000), x)

    narrowed = np.array([effect(group(), group(), cuped=True).narrowed for _ in range(1000)])
    print(f"rho {rho}: {1 - narrowed.mean():.4f}, theory {sqrt(1 - rho * rho):.4f}")
    assert 1 - narrowed.mean() == pytest.approx(sqrt(1 - rho * rho), abs=0.003)


def test_a_fair_draw_is_called_uneven_as_often_as_stated(rng):
    shares = {"one": 0.45, "two": 0.45, "none": 0.1}
    drawn = rng.multinomial(4000, list(shares.values()), MANY)
    called = sum(ratio_check(dict(zip(shares, row, strict=True)), shares).uneven for row in drawn)
    print(f"uneven: {called / MANY:.4f} of fair draws")
    assert abs(called / MANY - 0.01) <= 0.0025


def test_designs_see_as_often_as_they_promise(rng):
    people = people_for_share(0.08, 0.012, treated_share=0.7)
    having = rng.binomial(people.treated, 0.092, MANY), rng.binomial(people.control, 0.08, MANY)
    seen = sum(
        differ(one, people.treated, two, people.control) < 0.05
        for one, two in zip(*having, strict=True)
    )
    mean = people_for_mean(10.0, 100.0, treated_share=0.7)
    moved = sum(
        effect(*pair).chance < 0.05
        for pair in zip(
            normal(rng, mean.treated, 10.0), normal(rng, mean.control, 0.0), strict=True
        )
    )
    print(f"power: {seen / MANY:.4f} of shares, {moved / DRAWS:.4f} of means, promised 0.8")
    assert abs(seen / MANY - 0.8) <= 0.015
    assert abs(moved / DRAWS - 0.8) <= 0.015


def normal(rng, n, mean):
    """Sums of so many people around a mean with a spread of 100, of many experiments."""
    means = rng.normal(mean, 100 / sqrt(n), DRAWS)
    squares = 100.0**2 * rng.chisquare(n - 1, DRAWS)
    return [Sums(n, n * y, yy + n * y * y) for y, yy in zip(means, squares, strict=True)]


def days(rng):
    """What is known of one group after each day, of many experiments."""
    for _ in range(DRAWS // 1000):
        spent = rng.gamma(2.0, 20.0, (1000, DAYS, A_DAY))
        sums = np.cumsum(spent.sum(2), 1), np.cumsum((spent * spent).sum(2), 1)
        for totals, squares in zip(*(each.tolist() for each in sums), strict=True):
            yield [
                Sums(A_DAY * (day + 1), total, square)
                for day, (total, square) in enumerate(zip(totals, squares, strict=True))
            ]
