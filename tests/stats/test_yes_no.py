"""A yes or no is foreseen where it can be, with honest chances, and refused where it can't."""

import numpy as np
import pytest

pytest.importorskip("sklearn")

from carpel.stats.yes_no import Column, Learned, categories, learn, numbers
from carpel.stats.yes_no.calibration import Calibration, calibration_error, reliability
from carpel.stats.yes_no.folds import crossed, in_time
from carpel.stats.yes_no.judging import auc, judged
from carpel.stats.yes_no.leaks import left_out
from carpel.stats.yes_no.models import Logistic
from carpel.stats.yes_no.reasons import moved, spread_out


def drawn(rng: np.random.Generator, n: int = 500) -> tuple[list[Column], np.ndarray]:
    """Visits and a plan that decide, a colour that doesn't; a tenth of the visits not known."""
    visits, plan = rng.normal(size=n), rng.choice(["basic", "plus", "pro"], n)
    odds = 1.5 * visits + np.where(plan == "pro", 1.5, 0.0) - 0.5
    outcome = rng.random(n) < 1 / (1 + np.exp(-odds))
    visits[rng.random(n) < 0.1] = np.nan
    colour = rng.choice(["red", "blue"], n)
    return [
        numbers("visits", visits),
        categories("plan", plan.tolist()),
        categories("colour", colour.tolist()),
    ], outcome


@pytest.fixture(scope="module")
def known(rng_of_module: np.random.Generator) -> tuple[list[Column], np.ndarray, Learned]:
    columns, outcome = drawn(rng_of_module)
    return columns, outcome, learn(columns, outcome)


def reason(columns: list[Column], outcome: np.ndarray, name: str, **known: np.ndarray) -> str:
    """Why a column is left out; empty if it isn't."""
    people = known.get("people", np.arange(len(outcome)))
    found = left_out(columns, outcome, known.get("day"), people)
    return next((each.reason for each in found if each.column == name), "")


def test_auc_and_its_interval_by_hand():
    """Pairs: 3 of 4 in order; Hanley and McNeil's point, DeLong's spread by its definition."""
    scores, outcome = np.array([0.1, 0.4, 0.35, 0.8]), np.array([0, 0, 1, 1], bool)
    area, low, high = auc(scores, outcome)
    assert area == 0.75 and 0 <= low < area < high <= 1
    spread = np.sqrt(np.var([0.5, 1], ddof=1) / 2 + np.var([1, 0.5], ddof=1) / 2)
    assert np.log(high / (1 - high)) - np.log(3) == pytest.approx(
        1.959964 * spread / (0.75 * 0.25), rel=1e-6
    )
    assert auc(np.zeros(4), outcome)[0] == 0.5
    assert np.isnan(auc(scores, np.ones(4, bool))).all()


def test_the_interval_of_the_auc_covers_the_truth(rng):
    """Normal scores, 1 apart: the area is Phi(1 / sqrt 2) = .7602; 97 of 100 would be surprised."""
    held = 0
    for _ in range(400):
        outcome = rng.random(200) < 0.3
        _, low, high = auc(rng.normal(size=200) + outcome, outcome)
        held += low <= 0.76025 <= high
    assert 0.91 <= held / 400 <= 0.985


def test_the_calibration_error_by_hand():
    chances = np.repeat([0.2, 0.6], 10)
    outcome = np.array([1] * 4 + [0] * 6 + [1] * 5 + [0] * 5, bool)
    table = reliability(chances, outcome)
    assert [(each.people, each.happened) for each in table] == [(10, 0.4), (10, 0.5)]
    assert calibration_error(table) == pytest.approx(0.15)


def test_the_naive_guess_with_rounding_is_not_better_than_itself(rng):
    outcome = np.arange(300) % 3 == 0
    naive = np.full(300, 1 / 3)
    found = judged(naive * (1 + np.where(outcome, 1e-15, -1e-15)), naive, outcome, np.arange(300))
    assert not found.used and found.auc == 1
    assert found.sentence("it").endswith("not better beyond chance: not used")


@pytest.mark.parametrize("n", [3_000, 30_000])
def test_calibration_mends_scores_that_are_too_sure(n, rng):
    truth = rng.normal(size=n)
    outcome = rng.random(n) < 1 / (1 + np.exp(-truth))
    curve = Calibration.fit(3 * truth, outcome)
    assert curve.name == ("Platt" if n == 3_000 else "isotonic")
    fresh = rng.normal(size=20_000)
    chances = curve.chances(3 * fresh)
    assert np.abs(chances - 1 / (1 + np.exp(-fresh))).mean() < 0.04
    assert (np.diff(curve.chances(np.linspace(-99, 99, 500))) >= 0).all()
    assert chances.min() > 0 and chances.max() < 1


def test_scores_that_say_the_contrary_say_nothing():
    outcome = np.arange(200) % 4 == 0
    curve = Calibration.fit(np.where(outcome, -1.0, 1.0), outcome)
    assert curve.chances(np.array([-5.0, 5.0])) == pytest.approx([0.25, 0.25])


def test_nobody_is_learned_from_and_judged(rng):
    people = rng.integers(0, 80, 400)
    outcome = rng.random(400) < 0.3
    rows: list[int] = []
    for split in crossed(outcome, people, 5, seed=1):
        assert not set(people[split.learning]) & set(people[split.judging])
        rows += split.judging.tolist()
    assert sorted(rows) == list(range(400))


def test_later_days_judge_what_was_known_by_then(rng):
    day = rng.integers(0, 300, 2_000).astype(float)
    split = in_time(rng.random(2_000) < 0.4, day, horizon=30)
    assert day[split.learning].max() + 30 <= day[split.judging].min()
    assert len(split.judging) >= 500


def test_what_decides_is_found_and_the_rest_is_not(known):
    _, outcome, found = known
    card = found.card
    assert card.used and card.judged is not None and found.model is not None, card.verdict
    assert card.columns == ("colour", "plan", "visits") and not card.left_out
    assert card.importance[0].column == "visits"
    assert not card.time_honest and "Not time-honest" in card.sentences()[1]
    assert (card.rows, card.people, card.outcomes) == (500, 500, int(outcome.sum()))
    assert f"AUC {card.judged.auc:.3f}" in card.verdict and "500 people" in card.verdict
    assert card.judged.auc == auc(found.held_out, outcome)[0]


def test_chances_are_chances_for_values_never_seen(known):
    _, _, found = known
    assert found.model is not None
    odd = [
        numbers("visits", [1e300, -1e300, np.nan]),
        categories("plan", ["none such", None, "pro"]),
        categories("colour", [None, None, None]),
    ]
    chances = found.model.chances(odd)
    assert ((chances > 0) & (chances < 1)).all()
    assert (chances[0] > chances[1]) and np.isfinite(chances).all()
    with pytest.raises(ValueError, match="needs the column 'plan'"):
        found.model.chances([odd[0], odd[2]])


def test_the_order_of_columns_changes_nothing(known):
    columns, outcome, found = known
    again = learn(columns[::-1], outcome)
    assert again.card == found.card
    assert (again.held_out == found.held_out).all()


def test_reasons_name_what_moved_the_score(known):
    _, _, found = known
    assert found.model is not None
    who = [
        numbers("visits", [2.5, -2.5]),
        categories("plan", ["basic", "basic"]),
        categories("colour", ["red", "red"]),
    ]
    high, low = found.model.reasons(who, most=2)
    assert high[0].column == low[0].column == "visits" and len(high) <= 2
    assert high[0].moved > 0 > low[0].moved
    assert high[0].sentence() == "visits 2.5 raises it"


def test_reasons_of_a_straight_line_are_its_contributions(rng):
    columns = [numbers("a", rng.uniform(0, 1, 800)), numbers("b", rng.uniform(0, 1, 800))]
    outcome = rng.random(800) < 1 / (1 + np.exp(-3 * columns[0].values + columns[1].values))
    line = Logistic.fit(columns, outcome)
    others = spread_out(columns)
    by = moved(line, columns, others)
    assert by[:, 0].std() > by[:, 1].std()
    standing = [numbers(each.name, [others[each.name].values.mean()]) for each in columns]
    assert line.scores(columns) - by.sum(axis=1) == pytest.approx(
        np.full(800, line.scores(standing)[0])
    )


def test_shuffled_answers_are_not_used(rng):
    columns, outcome = drawn(rng)
    found = learn(columns, rng.permutation(outcome))
    if found.card.used:  # one in a hundred may: a second draw settles it
        found = learn(columns, rng.permutation(outcome))
    assert found.model is None and found.card.verdict.endswith("not better beyond chance: not used")


@pytest.mark.prove
def test_shuffled_answers_are_not_used_in_99_of_100(rng):
    used = 0
    for _ in range(200):
        columns, outcome = drawn(rng, int(rng.integers(150, 600)))
        used += learn(columns, rng.permutation(outcome)).card.used
    assert used <= 2


def test_leaks_are_named_with_the_reason(rng):
    columns, outcome = drawn(rng)
    late = rng.uniform(0, 5, 500)
    leaks = [
        categories("status", np.where(outcome, "gone", "here").tolist()),
        numbers("refund", outcome * 50 + rng.normal(size=500)),
        categories("why", [("price" if rng.random() < 0.6 else None) if it else None
                           for it in outcome]),
        numbers("calls", rng.poisson(2, 500), known_on=np.where(outcome, 9.0, 0.0)),
    ]  # fmt: skip
    all_of_them = [*columns, *leaks]
    assert reason(all_of_them, outcome, "status") == "it says the outcome itself"
    assert "separates yes from no nearly perfectly (AUC" in reason(all_of_them, outcome, "refund")
    assert reason(all_of_them, outcome, "why").startswith("it is known almost only where")
    assert not reason(all_of_them, outcome, "calls")
    assert "only after the day" in reason(all_of_them, outcome, "calls", day=late)
    names = {each.column for each in left_out(all_of_them, outcome, late, np.arange(500))}
    assert names == {"status", "refund", "why", "calls"}
    trusted = left_out(all_of_them, outcome, None, np.arange(500), {"refund"})
    assert "refund" not in {each.column for each in trusted}


def test_a_leak_of_two_columns_together_is_refused(rng):
    """Two systems, each of which noted the outcome of half of the people."""
    columns, outcome = drawn(rng, 600)
    noted, half = np.where(outcome, "gone", "here"), np.arange(600) % 2 == 0
    pair = [
        categories("first", np.where(half, noted, "?").tolist()),
        categories("second", np.where(half, "?", noted).tolist()),
    ]
    found = learn([*columns, *pair], outcome)
    assert not found.card.left_out
    assert not found.card.used and "too good to be true" in found.card.verdict
    names = [each.name for each in [*columns, *pair]]
    assert learn([*columns, *pair], outcome, trusted=names).card.used


def test_names_are_left_out_and_quantities_are_not(rng):
    n = 400
    outcome = rng.random(n) < 0.4
    columns = [
        numbers("row", np.arange(n)),
        categories("email", [f"u{at}" for at in range(n)]),
        numbers("income", rng.uniform(10_000, 90_000, n)),
        numbers("euros", rng.integers(1_000, 9_000_000, n)),
        numbers("visits", rng.poisson(3, n)),
    ]
    named = {each.column for each in left_out(columns, outcome, None, np.arange(n))}
    assert named == {"row", "email"}
    assert "like an id" in reason(columns, outcome, "row")
    repeated = [numbers("card", np.repeat(np.arange(n // 2), 2))]
    assert reason(repeated, outcome, "card", people=np.repeat(np.arange(n // 2), 2))


def test_columns_with_nothing_in_them_are_left_out(rng):
    _, outcome = drawn(rng)
    columns = [
        numbers("same", np.ones(500)),
        numbers("nothing", np.full(500, np.nan)),
        categories("no_word", [None] * 500),
        categories("town", [f"town {at}" for at in rng.integers(0, 10_000, 500) // 2]),
    ]
    found = learn(columns, outcome)
    assert found.card.verdict == "no column is left to tell from: not used"
    assert reason(columns, outcome, "same") == "it is the same for everybody (1)"
    assert reason(columns, outcome, "nothing") == "nothing is known of anybody"
    assert reason(columns, outcome, "no_word") == "nothing is known of anybody"
    assert reason(columns, outcome, "town")
    twice = [numbers("a", np.arange(500) % 7), numbers("b", np.arange(500) % 7)]
    assert reason(twice, outcome, "b") == "it is the same as a"


def test_rows_of_one_person_are_not_taken_for_people(rng):
    columns, outcome = drawn(rng, 900)
    found = learn(columns, outcome, people=np.arange(900) // 3)
    assert "on 900 rows of 300 people" in found.card.verdict and found.card.people == 300


@pytest.mark.parametrize("n", [0, 3])
def test_too_few_are_refused_with_the_number_needed(n):
    found = learn([numbers("visits", np.arange(n))], np.arange(n) % 2)
    assert found.model is None and "at least 50 of each are needed" in found.card.verdict
    assert len(found.held_out) == n


def test_one_answer_only_is_refused():
    found = learn([numbers("visits", np.arange(500) % 9)], np.ones(500))
    assert "500 of 500 answers are yes and 0 no" in found.card.verdict
    assert "50 more" in found.card.verdict and not found.card.used


def test_a_category_of_ten_thousand_levels_and_a_giant_outlier_do_no_harm(rng):
    columns, outcome = drawn(rng)
    levels = rng.integers(0, 10_000, 500)
    levels[:200] = levels[0]
    columns += [
        Column("article", levels.astype(float), tuple(f"article {at}" for at in range(10_000))),
        numbers("spent", np.append(rng.exponential(20, 499), 1e15)),
    ]
    found = learn(columns, outcome)
    assert found.card.used and "article" in found.card.columns
    assert 0 < np.nanmin(found.held_out) <= np.nanmax(found.held_out) < 1


def test_with_days_the_latest_judge_and_the_rest_is_not_judged(rng):
    columns, outcome = drawn(rng, 900)
    day = rng.integers(0, 100, 900).astype(float)
    answers = outcome.astype(float)
    answers[:40] = np.nan
    found = learn(columns, answers, day=day, horizon=10)
    card = found.card
    assert card.time_honest and card.days == (0, 99) and card.unknown == 40
    assert card.used and card.judged is not None
    seen = ~np.isnan(found.held_out)
    assert seen.sum() == card.judged.people and not seen[:40].any()
    assert day[seen].min() > day[~seen][40:].min()


def test_days_too_close_together_are_refused(rng):
    columns, outcome = drawn(rng)
    found = learn(columns, outcome, day=np.zeros(500), horizon=30)
    assert found.card.verdict.startswith("known before the days that judge, 0 of 0 answers")


def test_what_cannot_be_meant_is_an_error(rng):
    columns, outcome = drawn(rng)
    with pytest.raises(ValueError, match="neither 1"):
        learn(columns, outcome * 2.0)
    with pytest.raises(ValueError, match="equally many"):
        learn(columns, outcome[1:])
    with pytest.raises(ValueError, match="one name"):
        learn([*columns, columns[0]], outcome)
    with pytest.raises(ValueError, match="no day"):
        learn(columns, outcome, day=np.full(500, np.nan))


def test_what_is_known_of_nobody_who_is_learned_from_does_no_harm(rng):
    """A trait that comes into being between the days that teach and those that judge."""
    day = np.repeat([0.0, 10.0], 400)
    sign = rng.normal(size=800)
    late = np.where(day > 0, rng.normal(size=800), np.nan)
    words = [None if each == 0 else "ab"[int(rng.integers(2))] for each in day]
    happened = rng.random(800) < 1 / (1 + np.exp(-2 * sign))
    columns = [numbers("sign", sign), numbers("late", late), categories("words", words)]
    found = learn(columns, happened, day=day, horizon=10.0)
    assert found.card.used
    assert {each.column for each in found.card.importance if each.log_loss > 0.01} == {"sign"}
