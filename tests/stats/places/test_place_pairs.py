"""Places are paired as closely as can be, and lots are fair, repeatable and kept apart by salt."""

from itertools import permutations

import numpy as np
import pytest

pytest.importorskip("scipy")

from carpel.stats.likelihood import Refused
from carpel.stats.places import matched
from carpel.stats.places.pairs import _even


def named(count: int) -> list[str]:
    return [f"place {at:03}" for at in range(count)]


def least(points: np.ndarray) -> float:
    """The least sum of distances over every way to pair them, one left over if need be."""
    apart = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))
    half = len(points) // 2
    return min(
        sum(apart[order[2 * at], order[2 * at + 1]] for at in range(half))
        for order in permutations(range(len(points)))
    )


@pytest.mark.parametrize("count", [4, 5, 6, 7])
def test_the_sum_of_distances_is_the_least_there_can_be(count, rng):
    for _ in range(4):
        figures = rng.normal(size=(count, 3))
        found = matched(named(count), figures, "spring")
        assert sum(each.distance for each in found.pairs) == pytest.approx(least(_even(figures)))
        paired = {name for each in found.pairs for name in (each.treated, each.control)}
        assert len(paired) == 2 * len(found.pairs) == count // 2 * 2
        assert paired | ({found.left_over} if count % 2 else set()) == set(named(count))


def test_twins_are_paired_whatever_the_unit():
    sizes = np.repeat([10.0, 400.0, 3_000.0, 90.0], 2)
    figures = np.column_stack([sizes, np.arange(8) // 2 * 1e6])
    for pair in matched(named(8), figures, "spring").pairs:
        assert int(pair.treated[-3:]) // 2 == int(pair.control[-3:]) // 2
        assert pair.distance == pytest.approx(0.0, abs=1e-9)


def test_as_many_figures_as_places_still_tell_places_apart(rng):
    """A year of weeks at each of twenty places: those of one size belong together."""
    size = np.repeat(np.arange(10.0), 2) * 20
    weeks = size[:, None] + rng.normal(size=(20, 52))
    for pair in matched(named(20), weeks, "spring").pairs:
        assert int(pair.treated[-3:]) // 2 == int(pair.control[-3:]) // 2


@pytest.mark.parametrize("figures", [2, 8], ids=["few", "many"])
def test_units_never_matter(figures, rng):
    """Where places are five times as many as figures, and where they are not."""
    values = rng.normal(size=(16, figures))
    other = 7 + values * 10.0 ** rng.integers(-3, 4, figures)
    one, two = (matched(named(16), each, "spring").pairs for each in (values, other))
    assert [(each.treated, each.control) for each in one] == [
        (each.treated, each.control) for each in two
    ]
    assert [each.distance for each in one] == pytest.approx([each.distance for each in two])


def test_two_figures_that_say_the_same_count_once(rng):
    """Forty places by size, by size again in another unit, and by age."""
    size, age = rng.normal(size=(2, 40))
    once = matched(named(40), np.column_stack([size, age]), "spring")
    twice = matched(named(40), np.column_stack([size, 2.5 * size + 1, age]), "spring")
    assert [(each.treated, each.control) for each in twice.pairs] == [
        (each.treated, each.control) for each in once.pairs
    ]
    assert [each.distance for each in twice.pairs] == pytest.approx(
        [each.distance for each in once.pairs]
    )


def test_distances_are_those_of_mahalanobis(rng):
    figures = rng.normal(size=(40, 2)) @ np.array([[1.0, 0.8], [0.0, 0.6]])
    inverse = np.linalg.inv(np.cov(figures.T, bias=True))
    for pair in matched(named(40), figures, "spring").pairs:
        apart = figures[int(pair.treated[-3:])] - figures[int(pair.control[-3:])]
        assert pair.distance == pytest.approx(np.sqrt(apart @ inverse @ apart))


def test_the_order_of_places_never_matters_and_the_salt_does(rng):
    figures, names = rng.normal(size=(30, 2)), named(30)
    found, mixed = matched(names, figures, "spring"), rng.permutation(30)
    assert matched([names[at] for at in mixed], figures[mixed], "spring") == found
    other = matched(names, figures, "autumn")
    assert {frozenset((each.treated, each.control)) for each in other.pairs} == {
        frozenset((each.treated, each.control)) for each in found.pairs
    }
    assert 0 < len(set(other.treated) & set(found.treated)) < 15
    apart = [each.distance for each in found.pairs]
    assert apart == sorted(apart) and found.treated == tuple(each.treated for each in found.pairs)


def test_either_place_of_a_pair_is_drawn_half_of_the_time():
    figures = [[1.0], [1.1], [9.0], [9.1]]
    drawn = [matched(named(4), figures, f"salt {at}").treated for at in range(400)]
    first = np.array([["place 000" in each, "place 002" in each] for each in drawn])
    assert np.abs(first.mean(axis=0) - 0.5).max() < 0.1
    assert abs(np.corrcoef(first.T)[0, 1]) < 0.15


def test_many_places_and_places_that_are_all_the_same(rng):
    found = matched(named(401), rng.normal(size=(401, 3)), "spring")
    assert len(found.pairs) == 200 and found.left_over is not None
    same = matched(named(61), np.ones(61), "spring")
    assert len(same.pairs) == 30 and all(each.distance == 0 for each in same.pairs)


def test_islands_of_odd_size_are_paired_across():
    """Three islands of eleven: the nearest ten of each are on its own island."""
    figures = np.concatenate([at * 1e4 + np.arange(11.0) for at in range(3)])
    found = matched(named(33), figures, "spring")
    assert len(found.pairs) == 16 and found.left_over is not None


@pytest.mark.parametrize(
    ("names", "figures", "said"),
    [
        (["a", "b", "c", "a"], [1, 2, 3, 4], "'a' comes twice"),
        (["a", "b", "c", "d"], [1, 2, 3, np.nan], "missing"),
        (["a", "b", "c", "d"], [1, 2, 3], "missing"),
        (["a", "b", "c"], [1, 2, 3], "3 places: at least 4"),
    ],
)
def test_what_cannot_be_paired_is_refused(names, figures, said):
    with pytest.raises(ValueError, match=said) as refusal:
        matched(names, figures, "spring")
    assert isinstance(refusal.value, Refused) == ("at least" in said)
