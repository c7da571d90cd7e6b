"""Whom a treatment moves is found where it can be, and never where everybody moves alike."""

import numpy as np
import pytest

pytest.importorskip("sklearn")

from carpel.stats.uplift import T, X, learn
from carpel.stats.uplift.curves import qini
from carpel.stats.uplift.honest import FOLDS, TAUGHT
from carpel.stats.uplift.unseen import by_bands, measured, places, real
from carpel.stats.yes_no.columns import numbers

from .worlds import world


def alike(one, other) -> float:
    return float(np.corrcoef(one, other)[0, 1])


@pytest.mark.parametrize("kind", [T, X])
@pytest.mark.parametrize("figures", [False, True], ids=["answers", "figures"])
def test_a_learner_finds_whom_it_moves(kind, figures, rng):
    taught, asked = world(rng, 12_000, figures=figures), world(rng, 4_000, figures=figures)
    model = kind.fit(taught.columns, taught.outcome, taught.treated)
    found = model.effects(asked.columns)
    assert alike(found, asked.effect) > 0.85
    assert found.mean() == pytest.approx(asked.effect.mean(), abs=0.25 * asked.effect.std())
    idle = ~asked.treated
    assert alike(model.without(asked.columns)[idle], asked.outcome[idle]) > 0.3


@pytest.mark.slow
@pytest.mark.parametrize("figures", [False, True], ids=["answers", "figures"])
def test_the_x_learner_is_nine_tenths_like_the_truth_at_50_000_rows(figures, rng):
    taught, asked = world(rng, 50_000, figures=figures), world(rng, 20_000, figures=figures)
    found = {}
    for kind in (X, T):
        model = kind.fit(taught.columns, taught.outcome, taught.treated)
        found[model.name] = alike(model.effects(asked.columns), asked.effect)
    print(found)
    assert found["X-learner"] >= 0.9 and found["T-learner"] >= 0.85


@pytest.mark.prove
@pytest.mark.parametrize("figures", [False, True], ids=["answers", "figures"])
def test_the_x_learner_is_nine_tenths_like_the_truth_whatever_is_drawn(figures, fresh_seed):
    chance, found = np.random.default_rng(fresh_seed), []
    for _ in range(10):
        taught, asked = (
            world(chance, 50_000, figures=figures),
            world(chance, 20_000, figures=figures),
        )
        model = X.fit(taught.columns, taught.outcome, taught.treated)
        found.append(alike(model.effects(asked.columns), asked.effect))
    print(f"X-learner at 50,000 rows: {min(found):.3f} to {max(found):.3f}")
    assert min(found) >= 0.9


def test_a_model_that_is_better_than_lot_is_used_and_its_figures_are_those_of_unseen_people(rng):
    here = world(rng, 10_000)
    found = learn(here.columns, here.outcome, here.treated)
    card = found.card
    assert card.used and found.model is not None and card.qini is not None and card.real is not None
    judges = ~np.isnan(found.held_out)
    assert card.judges == judges.sum() == 10_000 * (FOLDS - TAUGHT) / FOLDS
    assert (card.treated, card.control) == (here.treated.sum(), (~here.treated).sum())
    assert 0 < card.qini.low < card.qini.value < card.qini.high
    assert card.qini.chance < 0.001
    rank = qini(here.outcome[judges], found.held_out[judges], here.treated[judges])
    assert card.qini.value == pytest.approx(rank, rel=0.1)  # ranks of folds, not their figures
    assert 0.7 < card.real.low < card.real.high < 1.5  # learned from fewer, it says rather little
    assert card.real.effect == pytest.approx(here.effect.mean(), abs=0.03)
    assert len(card.bands) == 5 and card.bands[0].low > card.bands[-1].high
    assert sum(each.people for each in card.bands) == card.judges
    assert "no better" not in card.verdict and f"{card.judges:,} people" in card.verdict
    told = found.model.effects(here.columns)
    assert alike(told, here.effect) > 0.85
    assert told.mean() == pytest.approx(card.real.effect)
    assert told.std() == pytest.approx(here.effect.std(), rel=0.25)


@pytest.mark.parametrize("figures", [False, True], ids=["answers", "figures"])
def test_where_all_move_alike_no_model_is_used(figures, rng):
    here = world(rng, 4_000, figures=figures, moved=False)
    found = learn(here.columns, here.outcome, here.treated, kind=T)
    assert found.model is None and not found.card.used
    assert "no better than drawing people by lot: not used" in found.card.verdict
    assert found.card.verdict.startswith("T-learner: " + ("gain" if figures else "Qini"))
    assert (found.card.auuc is None) == figures


@pytest.mark.prove
@pytest.mark.parametrize("kind", [T, X])
def test_of_models_of_nothing_hardly_one_in_forty_is_used(kind, fresh_seed):
    """Answers and figures in turn; 1 in 40 is what an interval of 95 % lets through above 0."""
    chance, used, judged = np.random.default_rng(fresh_seed), 0, 200
    for number in range(judged):
        here = world(chance, 3_000, figures=bool(number % 2), moved=False)
        used += learn(here.columns, here.outcome, here.treated, kind=kind, seed=number).card.used
    print(f"{kind.name}: {used} of {judged} used")
    assert used <= 0.025 * judged + 3 * (0.025 * 0.975 * judged) ** 0.5


def test_few_people_or_answers_are_refused_with_what_is_needed(rng):
    here = world(rng, 600)
    few = np.where(np.cumsum(here.outcome * ~here.treated) <= 40, here.outcome, 0.0)
    few[here.treated] = np.arange(here.treated.sum()) % 2
    found = learn(here.columns, few, here.treated)
    assert found.model is None and np.isnan(found.held_out).all()
    rarer = "40 of the rarer answer among those not treated: at least 100 are needed, 60 more"
    assert f"{rarer}: not used" in found.card.verdict
    spend = rng.normal(size=600)
    arm = np.arange(600) < 99
    found = learn(here.columns, spend, arm)
    assert "99 people treated: at least 100 are needed, 1 more: not used" in found.card.verdict
    enough = learn(here.columns, spend, np.arange(600) < 100).card
    assert enough.qini is not None and enough.judges == 360
    with pytest.raises(ValueError, match="equally many"):
        learn(here.columns, spend[:-1], arm)
    with pytest.raises(ValueError, match="missing"):
        learn(here.columns, np.where(arm, np.nan, spend), arm)


@pytest.mark.slow
def test_the_error_of_qini_is_how_far_it_lies_from_one_experiment_to_the_next(rng):
    whole, found = world(rng, 40 * 700), []
    for at in range(40):
        rows = slice(at * 700, (at + 1) * 700)
        score = whole.columns[0].values[rows]
        found.append(measured(whole.outcome[rows], score, whole.treated[rows], at))
    error = np.mean([(each.high - each.low) / (2 * 1.96) for each in found])
    assert error == pytest.approx(np.std([each.value for each in found]), rel=0.35)
    assert all(each.low + each.high == pytest.approx(2 * each.value) for each in found)
    assert all(
        each.better == (each.low > 0) == (each.value > 0 and each.chance < 0.05) for each in found
    )


@pytest.mark.prove
def test_the_interval_of_qini_holds_the_qini_of_a_fixed_score(fresh_seed):
    """A score that was not learned: intervals of 400 experiments hold that of all their people."""
    whole, held = world(np.random.default_rng(fresh_seed), 400 * 2_500), 0
    score = whole.columns[0].values
    true = qini(whole.outcome, score, whole.treated)
    for at in range(400):
        rows = slice(at * 2_500, (at + 1) * 2_500)
        found = measured(whole.outcome[rows], score[rows], whole.treated[rows], at)
        held += found.low <= true <= found.high
    print(f"held {held} of 400")
    assert 0.92 * 400 <= held <= 0.98 * 400


def test_places_are_those_within_a_fold_and_equal_scores_share_one():
    score, fold = np.array([1.0, 2.0, 2.0, 3.0, 50.0, 40.0]), np.array([0, 0, 0, 0, 1, 1])
    assert places(score, fold).tolist() == [0.125, 0.5, 0.5, 0.875, 0.75, 0.25]


def test_bands_start_with_the_highest_scores(rng):
    outcome, treated = np.tile([3.0, 1.0], 60), np.tile([True, False], 60)
    place = (np.arange(120) + 0.5) / 120
    outcome = outcome + (place > 0.5) * treated + rng.normal(0, 0.01, 120)
    bands = by_bands(outcome, place, place, treated, parts=2)
    assert [round(each.effect, 1) for each in bands] == [3.0, 2.0]
    assert all(each.low < each.effect < each.high and each.people == 60 for each in bands)
    assert by_bands(outcome[:10], place[:10], place[:10], treated[:10]) == ()


def test_a_score_that_says_twice_the_effect_is_half_real(rng):
    here = world(rng, 60_000, figures=True)
    fold, none = np.zeros(60_000, np.int64), np.zeros(60_000)
    for times in (1.0, 2.0, -1.0):
        found = real(here.outcome, times * here.effect, none, here.treated, fold)
        assert found.low < 1 / times < found.high
        assert found.effect == pytest.approx(here.effect.mean(), abs=0.15)
    noise = real(here.outcome, rng.normal(size=60_000), none, here.treated, fold)
    assert noise.low < 0 < noise.high


def test_a_column_of_one_value_and_one_that_is_missing_do_no_harm(rng):
    here = world(rng, 1_500)
    columns = [*here.columns, numbers("one", np.ones(1_500)), numbers("no", np.full(1_500, np.nan))]
    assert learn(columns, here.outcome, here.treated).card.qini is not None
