"""Codes for people: the check notices what goes wrong when they are read out and typed."""

import random

from hypothesis import given
from hypothesis import strategies as st

from carpel.values.codes import SIGNS, UNWANTED, code, codes, is_code

lengths = st.integers(6, 20)
seeds = st.integers(0, 2**32)


@given(lengths, seeds)
def test_a_code_has_signs_nobody_takes_for_others_and_checks(length, seed):
    made = code(length, random.Random(seed).choice)
    assert len(made) == length and set(made) <= set(SIGNS) and is_code(made)
    assert is_code(made.lower()) and not UNWANTED.search(made)
    assert not set(SIGNS) & set("01IOAEU")


@given(lengths, seeds, st.data())
def test_one_wrong_sign_is_noticed(length, seed, data):
    made = code(length, random.Random(seed).choice)
    place = data.draw(st.integers(0, length - 1))
    other = data.draw(st.sampled_from([each for each in SIGNS if each != made[place]]))
    assert not is_code(made[:place] + other + made[place + 1 :])


@given(lengths, seeds, st.data())
def test_two_signs_that_changed_places_are_noticed(length, seed, data):
    made = code(length, random.Random(seed).choice)
    a, b = sorted(data.draw(st.sets(st.integers(0, length - 1), min_size=2, max_size=2)))
    turned = [*made]
    turned[a], turned[b] = turned[b], turned[a]
    assert is_code("".join(turned)) == (made[a] == made[b])


@given(st.text(max_size=12))
def test_most_texts_are_no_code(text):
    assert is_code(text) <= (bool(text) and set(text.upper()) <= set(SIGNS))


def test_each_comes_once():
    made = codes(6, random.Random(7).choice)
    first = [next(made) for _ in range(5_000)]
    assert len(set(first)) == 5_000
