"""Past tests say which offer earns most, with what they leave open, and when they can't tell."""

import math
from dataclasses import replace

import numpy as np
import pytest

from carpel.stats.likelihood import Refused
from carpel.stats.shrinking import shrunk
from carpel.stats.uplift import Advice, Tried, next_best


def by_name(found: Advice) -> dict[str, float]:
    return {each.offer: each.margin for each in found.offers}


def test_separate_tests_are_drawn_in_as_any_figures_are():
    margins, errors = [0.9, 0.2, 0.4, -0.1, 0.3], [0.3, 0.1, 0.2, 0.15, 0.05]
    tried = [
        Tried(f"o{at}", m, e, 100) for at, (m, e) in enumerate(zip(margins, errors, strict=True))
    ]
    found = next_best(tried)
    whole = shrunk(np.array(margins), np.array(errors))
    for at in range(5):
        offer = next(each for each in found.offers if each.offer == f"o{at}")
        assert (offer.margin, offer.low, offer.high) == pytest.approx(
            (whole.value[at], whole.low[at], whole.high[at])
        )
        assert offer.raw == pytest.approx(margins[at])
        assert offer.raw_high - offer.raw == pytest.approx(1.959964 * errors[at])


def test_fewer_than_four_are_left_as_they_are():
    found = next_best([Tried("a", 3.0, 1.0, 10), Tried("b", -3.0, 1.0, 10), Tried("c", 0, 1, 10)])
    assert by_name(found) == {"a": 3.0, "c": 0.0, "b": -3.0}


def test_the_chance_of_two_is_that_of_their_difference():
    found = next_best([Tried("a", 10.3, 0.3, 10), Tried("b", 10.0, 0.4, 10)])
    normal = 0.5 * (1 + math.erf(0.3 / 0.5 / math.sqrt(2)))
    assert found.offers[0].best == pytest.approx(normal, abs=0.012)
    assert found.offers[0].best + found.offers[1].best == pytest.approx(1.0)
    assert found.none_best == 0


def test_no_offer_is_a_choice():
    found = next_best([Tried("a", -0.1, 0.1, 10)])
    below = 0.5 * (1 + math.erf(1 / math.sqrt(2)))
    assert found.none_best == pytest.approx(below, abs=0.012)
    assert "cannot tell whether a earns anything" in found.sentence()
    assert found.times == 1.0
    worse = next_best([Tried("a", -0.5, 0.1, 10), Tried("b", -0.6, 0.1, 10)])
    assert "no offer earns anything" in worse.sentence() and not worse.told


def test_what_can_be_told_is_told():
    found = next_best([Tried("mug", 2.0, 0.1, 900), Tried("coupon", 1.0, 0.1, 800)])
    assert found.told and found.rivals == () and found.times == 1.0
    assert found.sentence() == "mug earns most: 2 a person (1.804 to 2.196); the best with 100%"
    assert [each.people for each in found.offers] == [900, 800]


def test_what_cannot_be_told_says_so_and_how_many_would():
    found = next_best([Tried("mug", 1.2, 0.15, 900), Tried("coupon", 1.0, 0.2, 800)])
    assert not found.told and found.rivals == ("coupon",)
    assert found.times == pytest.approx((1.959964 * 0.25 / 0.2) ** 2)
    assert "cannot tell between mug and coupon" in found.sentence()
    assert "6.0 times the people" in found.sentence()
    same = next_best([Tried("b", 1.0, 0.1, 1), Tried("a", 1.0, 0.1, 1)])
    assert same.times == math.inf and "times the people" not in same.sentence()
    assert same.offers[0].offer == "a"


def test_offers_of_one_test_are_told_apart_better_than_those_of_two():
    """What their comparison group had by chance moves both alike."""
    apart = [Tried("a", 1.5, 0.1, 10, "x", 0.5), Tried("b", 1.0, 0.1, 10, "y", 0.5)]
    together = [replace(each, test="x") for each in apart]
    assert next_best(apart).rivals == ("b",) and next_best(together).rivals == ()
    assert next_best(together).offers[0].high == pytest.approx(1.5 + 1.959964 * math.sqrt(0.26))


def test_tests_of_one_offer_count_by_what_they_know():
    found = next_best([Tried("a", 1.0, 0.1, 10), Tried("a", 1.2, 0.2, 5)]).offers[0]
    assert found.margin == pytest.approx((1.0 / 0.01 + 1.2 / 0.04) / 125)
    assert found.high - found.margin == pytest.approx(1.959964 / math.sqrt(125))
    assert (found.people, found.widened) == (15, 1.0)
    wide = next_best([Tried("a", 1.0, 0.1, 10), Tried("a", 2.0, 0.1, 10)]).offers[0]
    assert wide.widened == pytest.approx(math.sqrt(2 * 0.5**2 / 0.01))
    assert wide.high - wide.margin == pytest.approx(1.959964 * wide.widened * 0.1 / math.sqrt(2))


def test_the_lucky_one_of_many_is_drawn_in(rng):
    """Twelve offers that earn much the same: the best looking is no longer far too good."""
    raw, drawn, held = 0.0, 0.0, 0
    for _ in range(60):
        true = rng.normal(1.0, 0.05, 12)
        tried = [Tried(f"{at:02}", it + rng.normal(0, 0.3), 0.3, 50) for at, it in enumerate(true)]
        best = next_best(tried).offers[0]
        raw += best.raw - true[int(best.offer)]
        drawn += best.margin - true[int(best.offer)]
        held += best.low <= true[int(best.offer)] <= best.high
    assert raw / 60 > 0.3 and abs(drawn / 60) < 0.15
    assert held / 60 > 0.9


@pytest.mark.parametrize("error", [0.0, -1.0, math.nan])
def test_what_is_no_error_is_refused(error):
    with pytest.raises(ValueError, match="not above 0"):
        next_best([Tried("a", 1.0, error, 10)])


def test_nothing_tried_is_refused():
    with pytest.raises(Refused, match="no offer"):
        next_best([])
