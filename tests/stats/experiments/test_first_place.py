"""The first of two figures against draws of both, and against what settles a difference."""

from math import inf, sqrt

import numpy as np
import pytest

from carpel.stats.experiments.first_place import first_place


@pytest.mark.parametrize(("one", "two"), [(3.0, 2.5), (1.2, 1.4), (0.0, 0.0)])
def test_what_knowing_is_worth_is_the_mean_regret_of_draws(one, two):
    rng = np.random.default_rng(11)
    a, b = rng.normal(one, 0.8, 400_000), rng.normal(two, 0.6, 400_000)
    found = first_place(one, 0.8, two, 0.6)
    assert found.worth == pytest.approx((np.maximum(a, b) - a).mean(), abs=0.005)
    assert found.sure == pytest.approx((a > b).mean(), abs=0.005)


def test_so_many_people_more_settle_it():
    found = first_place(3.0, 0.8, 2.5, 0.6)
    shrunk = sqrt(found.times)
    then = first_place(3.0, 0.8 / shrunk, 2.5, 0.6 / shrunk)
    assert then.times == pytest.approx(1)
    assert not found.settled and first_place(3.0, 0.1, 2.0, 0.1).settled
    assert found.times == pytest.approx((1.959964 * 1.0 / 0.5) ** 2, rel=1e-5)
    assert found.more(100) == pytest.approx(100 * (found.times - 1), abs=1)


def test_alike_is_settled_by_nobody():
    assert first_place(1.0, 0.1, 1.0, 0.1).more(50) is None
    assert first_place(1.0, 0.0, 1.0, 0.0).times == inf
    assert first_place(2.0, 0.0, 1.0, 0.0).settled
