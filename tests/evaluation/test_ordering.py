"""Rows in the order of their numbers, and in that of time."""

from random import Random

import numpy as np
import pytest

from carpel.evaluation.counting.ordering import Times, order


@pytest.mark.parametrize("run", [1, 200])
def test_rows_are_put_in_order_alike_in_short_and_long_runs(run: int) -> None:
    random = Random(run)
    ones, others = (
        np.repeat(np.array([random.randrange(many) for _ in range(40)]), run) for many in (4, 3)
    )
    values = np.arange(len(ones))
    numbers = 3 * ones + others
    ordered = order((ones, 5), (others, 3))
    assert (ordered.finishes is None) == (run == 1)
    assert ordered.of(values).tolist() == np.argsort(numbers, kind="stable").tolist()
    for low in range(15):
        for high in range(low, 16):
            part = ordered.between(low, high)
            among = (numbers >= low) & (numbers < high)
            expected = sorted(values[among], key=lambda row: (numbers[row], row))
            assert part.of(values).tolist() == expected
            many = [int((numbers == number).sum()) for number in range(low, high)]
            assert np.diff(part.ends, prepend=0).tolist() == many
            if many:
                assert part.starts.tolist() == np.cumsum([0, *many[:-1]]).tolist()


def test_without_rows_there_is_nothing_to_put_in_order() -> None:
    nothing = order((np.zeros(0, np.uint8), 3))
    assert nothing.of(np.zeros(0)).tolist() == []
    assert nothing.ends.tolist() == [0, 0, 0]
    assert Times(np.zeros(0), np.zeros(0)).ascend(nothing)


@pytest.mark.parametrize("run", [1, 100])
def test_rows_are_in_time_order_where_each_is_later_than_the_one_before(run: int) -> None:
    random, told = Random(run), []
    for _ in range(400):
        many = random.randint(2, 5)
        at = np.sort([random.randrange(3 * run) for _ in range(many * run)])
        keys = np.sort(np.array(random.sample(range(10**6), len(at)), np.uint64))
        numbers = np.repeat(np.arange(many), run)[: len(at)]
        if random.random() < 0.5:  # two that lie together, or far apart, change places
            one = random.randrange(len(at) - 1)
            other = random.choice([one + 1, random.randrange(len(at))])
            at[[one, other]], keys[[one, other]] = at[[other, one]], keys[[other, one]]
        shuffled = np.repeat(np.array(random.sample(range(many), many)), run)
        ordered = order((random.choice([numbers, shuffled]), many))
        pairs = list(zip(ordered.of(at).tolist(), ordered.of(keys).tolist(), strict=True))
        told.append(Times(at, keys).ascend(ordered))
        assert told[-1] == (pairs == sorted(pairs))
    assert 20 < sum(told) < 380
