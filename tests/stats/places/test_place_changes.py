"""Changes of places: exact where they are few, right where they are many, drift told."""

import math
from itertools import combinations, product

import numpy as np
import pytest

from carpel.stats.likelihood import Refused
from carpel.stats.places import difference_in_differences, smallest_seen
from carpel.stats.places.exact import of_groups, of_pairs


def chance_of_pairs(apart: np.ndarray) -> float:
    """Two-sided, by listing every way the signs could have fallen."""
    sums = np.array(list(product((1, -1), repeat=len(apart)))) @ apart
    seen = apart.sum()
    return float(2 * min((sums >= seen - 1e-9).mean(), (sums <= seen + 1e-9).mean()))


def chance_of_groups(treated: np.ndarray, control: np.ndarray) -> float:
    values, many = np.append(treated, control), len(treated)
    sums = np.array([values[list(at)].sum() for at in combinations(range(len(values)), many)])
    seen = treated.sum()
    return float(2 * min((sums >= seen - 1e-9).mean(), (sums <= seen + 1e-9).mean()))


@pytest.mark.parametrize("count", [6, 7, 8, 9])
def test_the_interval_of_pairs_has_what_the_test_does_not_refute(count, rng):
    apart = rng.normal(0.7, 1, count)
    found = of_pairs(apart)
    assert found.value == pytest.approx(apart.mean()) and found.ways == 2**count
    assert found.chance == pytest.approx(min(1.0, chance_of_pairs(apart)))
    for end, out in ((found.low, -1e-6), (found.high, 1e-6)):
        assert chance_of_pairs(apart - end - out) <= 0.05 < chance_of_pairs(apart - end + out)


@pytest.mark.parametrize(("many", "others"), [(4, 4), (3, 7), (5, 4)])
def test_the_interval_of_groups_has_what_the_test_does_not_refute(many, others, rng):
    treated, control = rng.normal(1, 1, many), rng.normal(0, 1, others)
    found = of_groups(treated, control)
    assert found.value == pytest.approx(treated.mean() - control.mean())
    assert found.ways == math.comb(many + others, many)
    assert found.chance == pytest.approx(min(1.0, chance_of_groups(treated, control)))
    for end, out in ((found.low, -1e-6), (found.high, 1e-6)):
        shifted = treated - end
        assert chance_of_groups(shifted - out, control) <= 0.05
        assert chance_of_groups(shifted + out, control) > 0.05


def test_the_size_of_the_test_is_what_it_says_by_enumeration(rng):
    """Over every draw of the lots nothing is found at 5 % in at most 5 %, and nearly that often."""
    figures = rng.normal(size=8)
    signs = np.array(list(product((1, -1), repeat=8)))
    refuted = np.mean([of_pairs(each * figures).chance <= 0.05 for each in signs])
    assert 0.03 < refuted <= 0.05
    held = np.mean([(it := of_pairs(each * figures)).low < 0 < it.high for each in signs])
    assert held == pytest.approx(1 - refuted)
    arms = [list(each) for each in combinations(range(8), 4)]
    refuted = np.mean(
        [of_groups(figures[each], np.delete(figures, each)).chance <= 0.05 for each in arms]
    )
    assert 0.02 < refuted <= 0.05


def test_ties_count_on_both_sides():
    """Whole numbers, where many ways give the very same difference."""
    for apart in ([1, -1, 2, 2, 0, 3], [1, 1, 1, -1, -1, 2, -3], [0, 0, 1, 1, 0, 0]):
        values = np.array(apart, float)
        assert of_pairs(values).chance == pytest.approx(min(1.0, chance_of_pairs(values)))
        assert of_pairs(-values).chance == of_pairs(values).chance
    one, other = np.array([3.0, 1, 1, 2]), np.array([1.0, 0, 1, 2])
    assert of_groups(one, other).chance == pytest.approx(min(1.0, chance_of_groups(one, other)))
    assert of_groups(other, one).chance == of_groups(one, other).chance


def test_five_pairs_leave_every_effect_possible():
    apart = np.array([5.0, 6.0, 7.0, 8.0, 9.0])
    found = of_pairs(apart)
    assert (found.low, found.high) == (-math.inf, math.inf)
    assert found.chance == pytest.approx(2 / 32)
    six = of_pairs(np.append(apart, 10.0))
    assert (six.low, six.high, six.chance) == (5.0, 10.0, pytest.approx(2 / 64))


def test_drawn_ways_are_much_like_those_listed(rng, monkeypatch):
    treated, control, apart = rng.normal(1, 1, 6), rng.normal(0, 1, 9), rng.normal(0.5, 1, 13)
    listed = of_groups(treated, control), of_pairs(apart)
    monkeypatch.setattr("carpel.stats.places.exact.MOST", 5_000)
    for drawn, all_ways in zip((of_groups(treated, control), of_pairs(apart)), listed, strict=True):
        assert drawn.ways <= 5_000 < all_ways.ways
        assert drawn.value == all_ways.value
        assert drawn.chance == pytest.approx(all_ways.chance, abs=0.02)
        assert drawn.low == pytest.approx(all_ways.low, abs=0.15)
        assert drawn.high == pytest.approx(all_ways.high, abs=0.15)


def shops(chance, pairs: int, effect: float, weeks: int = 8) -> tuple[np.ndarray, ...]:
    """Past, later, arms and pairs of shops of very different size that share their seasons."""
    size = np.repeat(chance.lognormal(4, 0.5, pairs), 2)[:, None]
    season = chance.normal(0, 3, 2 * weeks)
    weekly = size + season + chance.normal(0, 4, (2 * pairs, 2 * weeks))
    pair = np.repeat(np.arange(pairs), 2)
    lot = chance.random(pairs) < 0.5
    treated = np.column_stack([lot, ~lot]).ravel()
    weekly[treated, weeks:] += effect
    return weekly[:, :weeks], weekly[:, weeks:], treated, pair


@pytest.mark.parametrize("pairs", [8, 40])
@pytest.mark.parametrize("paired", [True, False])
def test_a_planted_effect_is_found(pairs, paired, rng):
    past, later, treated, pair = shops(rng, pairs, 5.0)
    found = difference_in_differences(past, later, treated, pair if paired else None)
    change = later.mean(axis=1) - past.mean(axis=1)
    assert found.value == pytest.approx(change[treated].mean() - change[~treated].mean())
    assert 0 < found.low < 5.0 < found.high < 5 + 8 / math.sqrt(pairs) + 2
    assert found.chance < 0.05
    assert (found.treated, found.control, found.paired) == (pairs, pairs, paired)
    assert (found.ways is None) == (pairs == 40)
    assert found.reached == pytest.approx(later[treated].mean())
    assert f"changed by {found.value:,.4g} more" in found.sentence()
    assert (f"{pairs} pairs" in found.sentence()) == paired


def test_rows_of_pairs_may_come_in_any_order(rng):
    past, later, treated, pair = shops(rng, 7, 3.0)
    mixed = rng.permutation(14)
    found = difference_in_differences(past, later, treated, pair)
    other = difference_in_differences(past[mixed], later[mixed], treated[mixed], 100 - pair[mixed])
    assert (other.low, other.value, other.high) == pytest.approx(
        (found.low, found.value, found.high)
    )


def test_lift_is_to_what_they_would_have_reached():
    past, later = np.full(14, 100.0), np.tile([120.0, 110.0], 7)
    later += np.repeat(np.arange(7.0), 2) * np.tile([1, 0], 7)
    found = difference_in_differences(past, later, np.tile([True, False], 7), np.arange(14) // 2)
    assert (found.value, found.low, found.high, found.reached) == (
        13.0,
        *(pytest.approx(each) for each in (found.low, found.high)),
        123.0,
    )
    assert found.lift == pytest.approx(
        (13 / 110, found.low / (123 - found.low), found.high / (123 - found.high))
    )
    assert found.before is None and not found.drifted
    few = difference_in_differences(past[:8], later[:8], np.tile([True, False], 4))
    assert few.lift[0] > 0 and few.low > -math.inf
    fewer = difference_in_differences(
        past[:8], later[:8], np.tile([True, False], 4), np.arange(8) // 2
    )
    assert fewer.lift[1:] == (-1.0, math.inf)
    assert "so few places leave every effect possible" in fewer.sentence()


@pytest.mark.parametrize("pairs", [8, 30])
def test_places_that_drifted_apart_before_are_told(pairs, rng):
    past, later, treated, pair = shops(rng, pairs, 0.0)
    assert difference_in_differences(past, later, treated, pair).before is not None
    past[treated, 4:] += 10.0
    found = difference_in_differences(past, later, treated, pair)
    assert found.drifted and found.before is not None
    halves = past[:, 4:].mean(axis=1) - past[:, :4].mean(axis=1)
    assert found.before.value == pytest.approx(halves[treated].mean() - halves[~treated].mean())
    assert found.before.before is None
    assert found.sentence().endswith("they drifted apart before: do not trust this")


@pytest.mark.parametrize("pair", [None, np.arange(60) // 2], ids=["arms", "pairs"])
def test_many_places_without_any_spread_tell_nothing(pair):
    past, arm = np.zeros(60), np.tile([True, False], 30)
    for found in (
        difference_in_differences(past, past + 1, arm, pair),
        difference_in_differences(past, past + 1 + arm, arm, pair),
    ):
        assert (found.low, found.high, found.chance) == (-math.inf, math.inf, 1.0)


def test_the_smallest_change_seen_is_seen_four_times_of_five(rng):
    past, _, treated, pair = shops(rng, 12, 0.0, weeks=40)
    rows = np.arange(24).reshape(-1, 2).T
    least = smallest_seen(past, *rows)
    spread = 4 * math.sqrt(4 / 20)  # of a pair's difference of halves, by the draw of shops()
    assert least == pytest.approx((2.201 + 0.8416) * spread / math.sqrt(12), rel=0.35)
    seen = 0
    for _ in range(40):
        earlier, later, treated, pair = shops(rng, 12, (2.201 + 0.8416) * spread / 12**0.5, 20)
        seen += difference_in_differences(earlier, later, treated, pair).chance <= 0.05
    assert 25 <= seen <= 38
    assert smallest_seen(past[:, :2], *rows[:, :6]) > 0
    with pytest.raises(Refused, match="6 and 2 are needed"):
        smallest_seen(past[:, :1], *rows)
    with pytest.raises(Refused, match="5 pairs over 40 periods"):
        smallest_seen(past, *rows[:, :5])


def test_one_stretch_after_four_moves_more_than_half_beside_half(rng):
    """By how a change from the mean of four to one more moves, where each moves by itself."""
    rows = np.arange(24).reshape(-1, 2).T
    seen = [smallest_seen(rng.normal(size=(24, 4)), *rows, after=1) for _ in range(2_000)]
    moves = [each[:, 4] - each[:, :4].mean(axis=1) for each in rng.normal(size=(2_000, 24, 5))]
    spread = np.std([move[rows[0]] - move[rows[1]] for move in moves])
    known = (2.201 + 0.8416) * spread / math.sqrt(12)
    assert math.sqrt(np.mean(np.square(seen))) == pytest.approx(known, rel=0.02)


ONE = [1.0, 2.0, 3.0, 4.0]


@pytest.mark.parametrize(
    ("before", "after", "treated", "pair", "said"),
    [
        (ONE, ONE[:3], [1, 0, 1, 0], None, "equally many"),
        (ONE, [1, 2, 3, math.nan], [1, 0, 1, 0], None, "missing"),
        (ONE, ONE, [1, 1, 1, 1], None, "every place"),
        (ONE, ONE, [0, 0, 0, 0], None, "every place"),
        (ONE, ONE, [1, 0, 1, 0], [1, 1, 2, 3], "a pair does not have"),
        (ONE, ONE, [1, 1, 0, 0], [1, 1, 2, 2], "a pair does not have"),
        (ONE, ONE, [1, 0, 1, 0], [1, 1], "a pair does not have"),
    ],
)
def test_what_is_no_test_of_places_is_refused(before, after, treated, pair, said):
    with pytest.raises(ValueError, match=said):
        difference_in_differences(before, after, treated, pair)


@pytest.mark.prove
@pytest.mark.parametrize("pairs", [6, 8, 12, 16, 25, 60])
@pytest.mark.parametrize("paired", [True, False])
def test_intervals_of_places_cover_what_they_say(pairs, paired, fresh_seed):
    """Over a thousand tests of places: 95 % at least, and not much more where that can be."""
    chance, held, sets = np.random.default_rng(fresh_seed), 0, 400 if pairs > 8 else 1_000
    for _ in range(sets):
        past, later, treated, pair = shops(chance, pairs, 2.0, weeks=2)
        found = difference_in_differences(past, later, treated, pair if paired else None)
        held += found.low <= 2.0 <= found.high
    print(f"{pairs} pairs: {held / sets:.3f}")
    error = 3 * (0.05 * 0.95 / sets) ** 0.5
    exact = 1 - 2 * math.floor(2**pairs * 0.025) / 2**pairs if paired and pairs < 20 else 0.95
    assert exact - error <= held / sets <= exact + error
