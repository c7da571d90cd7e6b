"""Qini, AUUC and uplift at k: scikit-uplift 0.5.1's figures on ten data sets full of ties."""

import math

import numpy as np
import pytest

from carpel.stats.uplift import auuc, qini, qini_curve, uplift_at, uplift_curve
from carpel.stats.uplift.curves import Curve, gain, ranked

from .tied import SETS, tied

GOLDEN = [  # qini_auc_score, uplift_auc_score, uplift_at_k .3 overall and by_group
    (0.345462794918, 0.080869604547, 0.285714285714, 0.333333333333),
    (0.056598655864, 0.030919180057, 0.070707070707, 0.065110565111),
    (0.133429524851, 0.093709673249, 0.187111801242, 0.197660818713),
    (0.111011359306, 0.090708325374, 0.138544891641, 0.135897435897),
    (0.148056560677, 0.126609200812, 0.182773109244, 0.156739811912),
    (0.067342206656, 0.074492432380, 0.062680283776, 0.069286616162),
    (0.115472751581, 0.132439959034, 0.205821445007, 0.216937765205),
    (0.058132959007, 0.062709880750, 0.097208666797, 0.079773691655),
    (0.077256974786, 0.089037585318, 0.138994745076, 0.145620945320),
    (0.033712251631, 0.038253464258, 0.044964871194, 0.029820798450),
]


@pytest.mark.parametrize("which", range(SETS))
def test_figures_are_those_of_scikit_uplift(which):
    outcome, score, treated = tied(which)
    assert len(np.unique(score)) < len(score) / 3
    ours = (
        qini(outcome, score, treated),
        auuc(outcome, score, treated),
        uplift_at(outcome, score, treated, 0.3),
        uplift_at(outcome, score, treated, 0.3, by_arm=True),
    )
    assert ours == pytest.approx(GOLDEN[which], abs=1e-11)


def test_curves_by_hand():
    """Two at the top treated, of whom one answers; below one of each arm, equal scores."""
    outcome, score, treated = [1, 0, 1, 1], [9, 9, 5, 5], [1, 1, 1, 0]
    curve = qini_curve(outcome, score, treated)
    assert curve.people.tolist() == [0, 2, 4]
    assert curve.gained.tolist() == [0, 1, 2 - 1 * 3 / 1]
    assert curve.area == pytest.approx(1.0 + 0.0)
    assert curve.over_chance == pytest.approx(1.0 - 4 * -1 / 2)
    apart = uplift_curve(outcome, score, treated)
    assert apart.gained.tolist() == pytest.approx([0, 0.5 * 2, (2 / 3 - 1) * 4])
    assert uplift_at(outcome, score, treated, 1.0) == pytest.approx(2 / 3 - 1)


def test_the_order_of_rows_never_matters(rng):
    outcome, score, treated = tied(4)
    mixed = rng.permutation(len(score))
    for figure in (qini, auuc):
        assert figure(outcome, score, treated) == pytest.approx(
            figure(outcome[mixed], score[mixed], treated[mixed]), abs=1e-12
        )


def test_of_equal_scores_at_the_border_later_rows_come_first():
    outcome, treated = [0, 0, 1, 0], [1, 0, 1, 0]
    assert uplift_at(outcome, [1, 1, 1, 1], treated, 0.5) == 1.0


def test_who_knows_the_answers_has_one_and_equal_scores_nothing(rng):
    outcome, _, treated = tied(6)
    knows = outcome * (2 * treated - 1)
    assert qini(outcome, knows, treated) == pytest.approx(1.0)
    assert qini(outcome, -knows, treated) < 0
    assert qini(outcome, np.zeros(len(outcome)), treated) == 0
    assert auuc(outcome, np.zeros(len(outcome)), treated) == pytest.approx(0.0, abs=1e-12)


def test_both_ways_to_the_best_uplift_curve():
    """With more answers among the untreated than silence among the treated, and the other way."""
    few, many = [1, 0, 0, 0, 0, 0], [1, 1, 1, 1, 0, 1]
    for outcome in (few, many):
        treated = [1, 1, 1, 0, 0, 0]
        right = 2.0 * (np.array(outcome) == treated) + np.array(
            outcome if outcome is many else treated
        )
        assert auuc(outcome, right, treated) == pytest.approx(1.0)


def test_gain_is_in_units_of_the_outcome():
    """Half respond with 10; a score that knows them treats them first."""
    treated = np.tile([1.0, 0.0], 400)
    knows = np.repeat([1.0, 0.0], 400)
    people = ranked(10 * knows * treated, knows, treated)
    found = gain(people.steps())
    assert found == pytest.approx((0.5 * 5 * 0.5 + 0.5 * 5) - 2.5)
    assert gain(people.steps(np.full(800, 3.0))) == pytest.approx(found)
    assert Curve(np.array([0.0, 2.0]), np.array([0.0, 4.0])).over_chance == 0


@pytest.mark.parametrize(
    ("outcome", "score", "treated", "said"),
    [
        ([1, 0], [1, 2, 3], [1, 0], "equally many"),
        ([1, math.nan], [1, 2], [1, 0], "missing"),
        ([1, 0], [1, math.inf], [1, 0], "missing"),
        ([1, 0], [1, 2], [1, 2], "neither"),
        ([1, 0], [1, 2], [1, 1], "everybody"),
        ([1, 5], [1, 2], [1, 0], "no best order"),
    ],
)
def test_what_is_no_experiment_is_refused(outcome, score, treated, said):
    with pytest.raises(ValueError, match=said):
        qini(outcome, score, treated)


def test_edges():
    with pytest.raises(ValueError, match="share above 0"):
        uplift_at([1, 0], [1, 2], [1, 0], 0.0)
    assert math.isnan(uplift_at([1, 0, 1, 0], [4, 3, 2, 1], [1, 1, 0, 0], 0.5))
    assert math.isnan(qini([0, 0], [1, 2], [1, 0]))
