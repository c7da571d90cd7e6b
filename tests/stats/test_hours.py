"""The hour at which somebody does most."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.stats.hours import HOURS, LEAST, best_hours

ANY = np.ones(HOURS)


def of(*people: dict[int, int]) -> np.ndarray:
    counts = np.zeros((len(people), HOURS))
    for row, said in enumerate(people):
        for hour, times in said.items():
            counts[row, hour] = times
    return counts


def test_own_hours_win_over_those_of_all_and_few_things_tell_nothing():
    best, known = best_hours(of({9: 20}, {21: 20}, {21: 2, 9: 2}, {}), ANY)
    assert list(best[:2]) == [9, 21] and list(known) == [1, 1, 0, 0]
    assert known[2] == (LEAST <= 4)


def test_a_near_tie_goes_with_everybody():
    crowd = [{18: 30}] * 50
    best, _ = best_hours(of({8: 3, 18: 3}, *crowd), ANY)
    assert best[0] == 18


def test_hours_beside_each_other_count_together_around_midnight():
    best, _ = best_hours(of({23: 4, 0: 4, 1: 4, 12: 5}), ANY)
    assert best[0] == 0


def test_a_quiet_hour_is_never_chosen():
    allowed = ANY.copy()
    allowed[20:24] = 0
    best, known = best_hours(of({21: 30, 19: 2, 7: 1}), allowed)
    assert best[0] == 19 and known[0] == 1


@given(st.lists(st.integers(0, 9), min_size=HOURS, max_size=HOURS), st.integers(0, 23))
def test_turning_the_clock_turns_the_hour(said: list[int], turn: int):
    counts = np.array([said], dtype=float)
    hour, turned = (
        best_hours(counts, ANY)[0][0],
        best_hours(np.roll(counts, turn, axis=1), ANY)[0][0],
    )
    mixed = counts[0]
    around = mixed / 2 + np.roll(mixed, 1) / 4 + np.roll(mixed, -1) / 4
    if np.sum(around == around.max()) == 1:  # of equal hours it is the first, which turns no more
        assert turned == pytest.approx((hour + turn) % HOURS)
