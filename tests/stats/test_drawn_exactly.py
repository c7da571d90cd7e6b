"""Drawn by lot within strata: exact in each and in all, and every person with the same chance."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from carpel.stats.assignment import drawn_exactly


@given(
    sizes=st.lists(st.integers(1, 60), min_size=1, max_size=30),
    share=st.floats(0, 1),
    salt=st.text(max_size=5),
)
def test_each_stratum_and_all_are_exact_to_one_person(sizes, share, salt):
    strata = np.repeat(np.arange(len(sizes)), sizes)
    keys = np.arange(len(strata), dtype=np.uint32)
    found = drawn_exactly(keys, strata, salt, share)
    assert abs(found.sum() - share * len(keys)) <= 1
    for number, size in enumerate(sizes):
        assert abs(found[strata == number].sum() - share * size) <= 1 + 1e-6


def test_everybody_has_the_same_chance_also_where_strata_are_single_people():
    keys = np.arange(40, dtype=np.uint32)
    for strata in (np.arange(40), np.repeat(np.arange(13), [4] * 10 + [0, 0, 0])[:40]):
        times = sum(drawn_exactly(keys, strata, f"s{n}", 0.25).astype(int) for n in range(4_000))
        assert np.abs(times / 4_000 - 0.25).max() < 0.035


def test_order_of_rows_does_not_matter_and_salts_are_independent():
    draw = np.random.default_rng(1)
    keys, strata = np.arange(2_000, dtype=np.uint32), draw.integers(0, 7, 2_000)
    found = drawn_exactly(keys, strata, "a", 0.3)
    mixed = draw.permutation(2_000)
    assert (drawn_exactly(keys[mixed], strata[mixed], "a", 0.3) == found[mixed]).all()
    other = drawn_exactly(keys, strata, "b", 0.3)
    assert abs(other[found].mean() - 0.3) < 0.07
