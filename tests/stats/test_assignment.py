"""Arms: even, sticky, independent of each other and of the order of keys; shares that hold."""

import hashlib
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.stats.assignment import arm_of, arms, held_out, unit, unit_of

KEYS = np.arange(1, 200_001, dtype=np.uint32)


def within(share: float, n: int, found: float) -> bool:
    """Whether a share is one that chance gives 999,999 times out of a million."""
    reach = NormalDist().inv_cdf(1 - 5e-7)
    return abs(found - share) <= reach * (share * (1 - share) / n) ** 0.5


@pytest.mark.parametrize("salt", ["win_back", "", "ü" * 80])
def test_numbers_are_spread_evenly(salt):
    counts = np.histogram(unit(KEYS, salt), bins=100, range=(0, 1))[0]
    assert ((counts - 2000) ** 2 / 2000).sum() < 180  # chi-square of 99, one in a million
    bits = (unit(KEYS, salt) * 2**53).astype(np.uint64)
    assert all(
        within(0.5, len(KEYS), (bits >> np.uint64(each) & np.uint64(1)).mean())
        for each in range(53)
    )


def test_different_salts_have_nothing_to_do_with_each_other():
    counts = np.histogram2d(unit(KEYS, "one"), unit(KEYS, "two"), bins=10)[0]
    assert ((counts - 2000) ** 2 / 2000).sum() < 180
    neighbours = np.corrcoef(unit(KEYS, "one")[1:], unit(KEYS, "one")[:-1])[0, 1]
    assert abs(neighbours) < 5 / len(KEYS) ** 0.5


def test_the_same_key_is_always_in_the_same_arm():
    chance = np.random.default_rng(1)
    mixed = chance.permutation(KEYS)
    assert (held_out(mixed, "x", 0.1) == held_out(KEYS, "x", 0.1)[mixed - 1]).all()
    few = [0, 1, 7, 4_294_967_295]
    assert unit(np.array(few, np.uint32), "x").tolist() == [by_hand(each, "x") for each in few]


def by_hand(key: int, salt: str) -> float:
    """SplitMix64 with Python's own numbers."""
    start = int.from_bytes(hashlib.blake2b(salt.encode(), digest_size=8).digest(), "little")
    z = ((key + 1) * 0x9E3779B97F4A7C15 + start) % 2**64
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 % 2**64
    z = (z ^ z >> 27) * 0x94D049BB133111EB % 2**64
    return ((z ^ z >> 31) >> 11) / 2**53


def test_more_kept_aside_keeps_those_who_were():
    less, more = held_out(KEYS, "x", 0.1), held_out(KEYS, "x", 0.2)
    assert not (less & ~more).any() and within(0.2, len(KEYS), more.mean())


def test_arms_have_their_shares_and_everybody_is_in_one():
    shares = {"a": 0.1, "b": 0.2, "c": 0.7}
    found = arms(KEYS, "x", shares)
    assert all(within(share, len(KEYS), found[name].mean()) for name, share in shares.items())
    assert (sum(each.astype(int) for each in found.values()) == 1).all()
    thirds = arms(KEYS, "x", dict.fromkeys("abc", 1 / 3))
    assert (sum(each.astype(int) for each in thirds.values()) == 1).all()


def test_who_is_kept_aside_says_nothing_of_the_arm():
    aside, inside = held_out(KEYS, "x", 0.5), arms(KEYS, "x", {"a": 0.5, "b": 0.5})["a"]
    assert within(0.25, len(KEYS), (aside & inside).mean())


@given(
    st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=50),
    st.text(max_size=8),
    st.lists(st.integers(1, 9), min_size=1, max_size=4),
    st.floats(0, 1),
)
def test_one_key_alone_is_where_it_is_among_many(keys, salt, weights, aside):
    shares = {str(n): each / sum(weights) for n, each in enumerate(weights)}
    many = np.array(keys, np.uint64)
    assert unit(many, salt).tolist() == [unit_of(each, salt) for each in keys]
    out, drawn = held_out(many, salt, aside), arms(many, salt, shares)
    for n, key in enumerate(keys):
        arm = arm_of(key, salt, shares, aside)
        assert (arm is None) == out[n] and (arm is None or drawn[arm][n])
