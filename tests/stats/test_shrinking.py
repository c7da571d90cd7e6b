"""Many uncertain figures drawn together: nearer to the truth, and honest about it."""

import numpy as np
import pytest

from carpel.stats.shrinking import shrunk


def test_the_unsure_are_drawn_far_and_the_sure_hardly() -> None:
    value = np.array([-3.0, -3.0, -1.0, -1.1, -0.9, -1.2, -0.8, 0.5])
    error = np.array([0.01, 2.0, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1])
    found = shrunk(value, error)
    assert found.value[0] == pytest.approx(-3.0, abs=0.01)
    assert abs(found.value[1] - found.middle) < 1.2
    assert (found.low < found.value).all() and (found.value < found.high).all()


def test_few_figures_stay_as_they_are() -> None:
    found = shrunk(np.array([1.0, 2.0]), np.array([0.5, 0.5]))
    assert found.value.tolist() == [1.0, 2.0] and np.isnan(found.spread)
    assert shrunk(np.zeros(0), np.zeros(0)).value.tolist() == []


def test_equal_figures_have_no_spread() -> None:
    assert shrunk(np.full(6, 2.0), np.full(6, 0.3)).spread == 0


@pytest.mark.parametrize("spread", [0.0, 0.3, 2.0])
def test_intervals_cover_and_errors_shrink(spread: float, rng: np.random.Generator) -> None:
    inside, before, after = [], 0.0, 0.0
    for _ in range(300):
        true = rng.normal(-1.5, spread, 12)
        error = rng.uniform(0.1, 0.8, 12)
        seen = true + error * rng.normal(size=12)
        found = shrunk(seen, error)
        inside.append(((found.low <= true) & (true <= found.high)).mean())
        before, after = (
            before + ((seen - true) ** 2).sum(),
            after + ((found.value - true) ** 2).sum(),
        )
    assert 0.93 <= np.mean(inside) <= 0.995
    assert after < before
