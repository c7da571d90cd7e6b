"""Moments taken out of a whole, and standardised differences, against NumPy and by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.stats.difference import CLEAR, Moments, standardised

VALUES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40)


def moments(values: list[float]) -> Moments:
    return Moments(len(values), float(np.mean(values)), float(np.var(values)))


@given(VALUES, VALUES)
def test_everybody_else_is_what_numpy_says(inside: list[float], outside: list[float]) -> None:
    rest = moments(inside + outside).without(moments(inside))
    scale = float(np.max(np.abs(inside + outside))) + 1
    assert rest.n == len(outside)
    assert rest.mean == pytest.approx(np.mean(outside), abs=1e-9 * scale * 40)
    assert rest.variance == pytest.approx(np.var(outside), abs=1e-8 * scale**2 * 40)


def test_known_differences() -> None:
    """Means 10 and 7, standard deviations 4 and 3: 3 / sqrt((16 + 9) / 2)."""
    assert standardised(Moments(9, 10, 16), Moments(5, 7, 9)) == pytest.approx(3 / 12.5**0.5)
    shares = standardised(Moments.of_share(10, 5), Moments.of_share(100, 20))
    assert shares == pytest.approx(0.3 / ((0.25 + 0.16) / 2) ** 0.5)


@pytest.mark.parametrize(
    ("inside", "outside", "expected"),
    [
        (Moments(3, 1, 0), Moments(3, 1, 0), 0),
        (Moments(3, 2, 0), Moments(3, 1, 0), CLEAR),
        (Moments(3, 0, 0), Moments(3, 1, 0), -CLEAR),
        (Moments(0, 0, 0), Moments(3, 1, 1), 0),
        (Moments(3, float("inf"), float("nan")), Moments(3, 1, 1), 0),
    ],
)
def test_edges(inside: Moments, outside: Moments, expected: float) -> None:
    assert standardised(inside, outside) == expected
