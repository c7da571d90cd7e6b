"""Five words, and intervals for those who look every day."""

from dataclasses import replace
from math import ceil, inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.stats.experiments.always import Always, always
from carpel.stats.experiments.effect import effect
from carpel.stats.experiments.sums import Sums
from carpel.stats.experiments.verdict import Guardrail, judged

PLAIN = effect(Sums(1000, 0, 1000), Sums(1000, 0, 1000))


def seen(low, high):
    """An effect of 1,000 people an arm with this interval."""
    value, error = (low + high) / 2, (high - low) / 2 / 1.959963984540054
    return replace(PLAIN, value=value, low=low, high=high, error=error)


@pytest.mark.parametrize(
    ("low", "high", "smallest", "word"),
    [
        (0.1, 2.0, None, "worked"),
        (0.1, 0.2, 1.0, "worked"),
        (-2.0, -0.1, 1.0, "harm"),
        (-0.5, 0.9, 1.0, "nothing_seen"),
        (-0.5, 0.9, None, "cannot_tell"),
        (-0.5, 1.0, 1.0, "cannot_tell"),
        (-1.0, 0.5, 1.0, "cannot_tell"),
        (0.0, 2.0, 1.0, "cannot_tell"),
        (-2.0, 0.0, 1.0, "cannot_tell"),
        (-inf, inf, 1.0, "cannot_tell"),
    ],
)
def test_the_word_follows_from_the_interval(low, high, smallest, word):
    effect = seen(low, high) if high < inf else replace(PLAIN, low=low, high=high, error=inf)
    assert judged(effect, uneven=False, smallest=smallest).word == word
    turned = {"worked": "harm", "harm": "worked"}.get(word, word)
    assert judged(effect, uneven=False, smallest=smallest, fewer_is_better=True).word == turned
    assert judged(effect, uneven=True, smallest=smallest).word == "uneven"


def test_a_broken_guardrail_is_harm_whatever_else_worked():
    complaints = Guardrail("complaints", seen(0.01, 0.02), fewer_is_better=True)
    margin = Guardrail("margin", seen(-0.3, -0.1), tolerated=0.2)
    found = judged(seen(1, 2), uneven=False, guardrails=(complaints, margin))
    assert (found.word, found.broken) == ("harm", ("complaints",))
    assert judged(seen(1, 2), uneven=False, guardrails=(margin,)).word == "worked"
    strict = replace(margin, tolerated=0.05)
    assert judged(seen(-1, 2), uneven=False, guardrails=(strict,)).broken == ("margin",)
    assert judged(seen(1, 2), uneven=True, guardrails=(strict,)).broken == ("margin",)


def test_what_cannot_be_told_says_what_would_settle_it():
    """Error 1, seen 0, mattering 2: (1.96 + 0.84)^2 / 4 times the people, which is .9622 more."""
    open_ = judged(seen(-1.959963984540054, 1.959963984540054), uneven=False, smallest=2.0)
    assert (open_.word, open_.more) == ("nothing_seen", None)
    open_ = judged(seen(-1.96, 1.96), uneven=False, smallest=1.0)
    times = ((1.959963984540054 + 0.8416212335729143) * (1.96 / 1.959963984540054)) ** 2
    assert open_.more == ceil(1000 * (times - 1))
    assert open_.days(100) == ceil(2 * open_.more / 100)
    assert open_.days(0.5) == 4 * open_.more and open_.days(0) is None
    assert judged(seen(1, 2), uneven=False).days(10) is None
    unclear = judged(seen(-1.0, 2.0), uneven=False)
    assert unclear.more == ceil(1000 * ((2.8015852181129683 * 0.7653234 / 0.5) ** 2 - 1))
    assert judged(seen(-1.0, 1.0), uneven=False).more is None
    next_to_nothing = replace(seen(-1.0, 1.0), value=1e-200)
    assert judged(next_to_nothing, uneven=False).more is None
    untold = replace(PLAIN, low=-inf, high=inf, error=inf)
    assert judged(untold, uneven=False, smallest=1.0).more is None


@given(st.floats(-3, 3), st.floats(0.1, 3), st.floats(0.2, 3))
def test_more_people_settle_it_if_what_was_seen_is_true(value, error, smallest):
    found = seen(value - 1.96 * error, value + 1.96 * error)
    verdict = judged(found, uneven=False, smallest=smallest)
    if verdict.word == "cannot_tell":
        smaller = error * (1000 / (1000 + verdict.more)) ** 0.5
        later = seen(value - 1.96 * smaller, value + 1.96 * smaller)
        assert judged(later, uneven=False, smallest=smallest).word != "cannot_tell"


def test_nobody_at_all_is_open_until_there_are_enough():
    """None of 50 in either arm: Newcombe's interval reaches .0713 both ways."""
    nobody = effect(Sums(50, 0, 0), Sums(50, 0, 0), share=True)
    found = judged(nobody, uneven=False, smallest=0.05)
    times = (nobody.high * (1 + 0.8416212335729143 / 1.959963984540054) / 0.05) ** 2
    assert found.word == "cannot_tell" and nobody.high == pytest.approx(0.07135, abs=1e-5)
    assert found.more == ceil(50 * (times - 1))


def test_who_looks_every_day_is_judged_by_the_interval_for_that():
    one = seen(0.1, 2.0)
    daily = always(one, 2000)
    assert daily.low < 0 < daily.high
    found = judged(one, uneven=False, always=daily)
    assert (found.word, found.low, found.high) == ("cannot_tell", daily.low, daily.high)
    assert found.more > judged(seen(-0.1, 2.2), uneven=False).more


@given(st.floats(-5, 5), st.floats(0.05, 5), st.floats(50, 1e6))
def test_the_always_valid_chance_and_interval_agree(value, error, planned):
    found = replace(PLAIN, value=value, low=value - error, high=value + error, error=error)
    daily = always(found, planned)
    assert daily.low < value < daily.high and daily.wider > 1
    outside = daily.low > 0 or daily.high < 0
    assert outside == (daily.chance < 0.05) or abs(daily.chance - 0.05) < 1e-9


def test_the_always_valid_interval_is_narrowest_about_when_planned():
    plain, plan = seen(-1, 1), 2000
    widths = {planned: always(plain, planned).wider for planned in (200, plan, 20_000)}
    assert widths[plan] == pytest.approx(1.5485, abs=1e-3)
    assert widths[plan] < min(widths[200], widths[20_000])


def test_an_interval_for_every_day_needs_a_plan_and_an_error():
    for planned in (0, -1):
        with pytest.raises(ValueError, match="more than 0"):
            always(seen(-1, 1), planned)
    assert always(seen(-1, 1), 1).wider > 1.55
    nobody = effect(Sums(50, 0, 0), Sums(50, 0, 0), share=True)
    assert nobody.told and nobody.error == 0
    for untold in (replace(PLAIN, low=-inf, high=inf, error=inf), nobody):
        assert always(untold, 10) == Always(-inf, inf, 1.0, 1.0)
