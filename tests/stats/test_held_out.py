"""A model is used only if it beats every naive guess on held-out time, beyond chance."""

import numpy as np
import pytest

pytest.importorskip("scipy")

from carpel.stats.buying.bg_nbd import BgNbd
from carpel.stats.buying.choosing import choose
from carpel.stats.held_out import errors, verdict
from carpel.stats.likelihood import Refused


def test_errors_by_hand():
    found = errors("guess", np.array([1.0, 2.0, 0.0]), np.array([1.0, 0.0, 1.0]))
    assert (found.total, found.mean_absolute) == (3, 1)
    assert found.root_mean_square == pytest.approx((5 / 3) ** 0.5)


def test_a_better_guess_is_used_and_an_equal_one_is_not(rng):
    rate = rng.gamma(1.0, 2.0, 3000)
    happened = rng.poisson(rate).astype(float)
    mean = np.full(3000, happened.mean())
    good = verdict("rates", rate, {"mean": mean}, happened)
    assert good.used and "for the best naive guess (mean)" in good.sentence()
    noise = verdict("noise", mean + rng.normal(0, 0.1, 3000), {"mean": mean}, happened)
    assert not noise.used and noise.sentence().endswith("not used")
    assert not verdict("same", mean, {"mean": mean}, happened).used


def test_the_shortfall_is_signed():
    happened = np.array([2.0, 2.0])
    short = verdict("m", np.array([1.0, 2.0]), {"nothing": happened * 0}, happened)
    over = verdict("m", np.array([3.0, 3.0]), {"nothing": happened * 0}, happened)
    assert short.shortfall == 0.25 and "(25.0% short)" in short.sentence()
    assert over.shortfall == -0.5 and "(50.0% over)" in over.sentence()


def test_a_model_of_people_whose_future_is_shuffled_is_not_used(rng):
    """The past says nothing of what each does next: the mean of all is as good."""
    n, until, ahead = 600, 400.0, 150.0
    rate = rng.gamma(0.8, 1 / 60, n)
    known = [rng.uniform(0, 250, 1 + rng.poisson(one * 150)) for one in rate]
    later = [rng.uniform(250, until, rng.poisson(one * ahead)) for one in rate]
    rng.shuffle(later)
    people = np.repeat(np.arange(n), [len(a) + len(b) for a, b in zip(known, later, strict=True)])
    at = np.concatenate([np.append(a, b) for a, b in zip(known, later, strict=True)])
    choice = choose(people, at, until, ahead, [BgNbd])
    assert choice.model is None and "not used" in choice.reason


def test_thin_histories_are_refused_with_the_reason(rng):
    people = np.repeat(np.arange(60), 4)
    at = rng.uniform(0, 300, 240)
    known = len(set(people[at <= 240]))
    with pytest.raises(Refused, match=f"^{known} people had bought before the held-out time"):
        choose(people, at, 300.0, 60.0)
    people = np.repeat(np.arange(400), 4)
    with pytest.raises(Refused, match=r"the longest history is .* at least half as long"):
        choose(people, rng.uniform(200, 300, 1600), 300.0, 80.0)


def test_purchases_that_follow_a_model_choose_one(rng):
    rows = []
    for person in range(700):
        rate, leave, at = rng.gamma(0.8, 1 / 40), rng.beta(0.8, 4), rng.uniform(0, 200)
        while at < 400:
            rows.append((person, at))
            if rng.random() < leave:
                break
            at += rng.exponential(1 / rate)
    people, at = np.array(rows).T
    choice = choose(people.astype(int), at, 400.0, 120.0)
    assert choice.model is not None and choice.reason.startswith(choice.model.name)
