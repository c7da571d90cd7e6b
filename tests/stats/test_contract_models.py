"""Contracts: published figures, known curves, recovery, and what is refused."""

import numpy as np
import pytest

pytest.importorskip("scipy")

from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from carpel.stats.buying.choosing import choose
from carpel.stats.buying.regularity import refuse_fixed, regularity
from carpel.stats.contracts.shifted_beta_geometric import (
    Renewals,
    ShiftedBetaGeometric,
    log_likelihood,
)
from carpel.stats.contracts.survival import Weibull, kaplan_meier
from carpel.stats.contracts.survival import log_likelihood as of_durations
from carpel.stats.likelihood import Refused

HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491, 468, 445, 427, 409, 394]
REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241, 223, 207, 194, 183, 173]


@pytest.mark.parametrize(
    ("survivors", "alpha", "beta", "likely", "year_12"),
    [(HIGH_END, ".668", "3.806", "-1611.2", ".378"), (REGULAR, ".704", "1.182", "-1680.3", ".170")],
    ids=["high end", "regular"],
)
def test_shifted_beta_geometric_is_as_published(survivors, alpha, beta, likely, year_12):
    """Fader and Hardie (2007): 1,000 people over the first seven years, then twelve."""
    model, found = ShiftedBetaGeometric.fitted(Renewals.of_survivors(survivors[:8]))
    assert (f"{model.alpha:.3f}".lstrip("0"), f"{model.beta:.3f}") == (alpha, beta)
    assert f"{found.log_likelihood:.1f}" == likely
    forecast = model.survival(np.arange(13.0))
    assert f"{forecast[12]:.3f}".lstrip("0") == year_12
    assert forecast[7] == pytest.approx(survivors[7] / 1000, abs=0.01)
    assert (np.diff(forecast) < 0).all() and forecast[0] == 1


def test_renewing_staying_and_expected_periods_agree():
    model = ShiftedBetaGeometric(0.7, 1.2)
    renewed = np.array([0.0, 3.0])
    assert model.renewing(renewed) == pytest.approx(model.staying(renewed, 1))
    assert model.staying(renewed, 5) == pytest.approx(
        model.survival(renewed + 5) / model.survival(renewed)
    )
    paid = sum(model.staying(renewed, n) / 1.1**n for n in range(1, 25))
    assert model.expected_periods(renewed, 24, 0.1) == pytest.approx(paid)


def test_who_leaves_at_the_first_renewals_and_who_is_not_yet_due_are_told_apart(rng):
    theta = rng.beta(0.7, 2.0, 20_000)
    left_at = rng.geometric(theta).astype(float)
    due = rng.integers(0, 12, 20_000).astype(float)
    ended = (left_at <= due).astype(float)
    contracts = Renewals(np.minimum(left_at, due), ended, np.ones(20_000))
    found = ShiftedBetaGeometric.fitted(contracts)[1]
    apart = np.abs(np.log(found.values) - np.log([0.7, 2.0]))
    assert (apart < 5 * np.sqrt(np.diag(found.covariance))).all()
    assert found.people == (due > 0).sum()


def test_gradients_of_contracts_are_those_of_the_likelihood():
    contracts = Renewals.of_survivors(REGULAR[:8])
    duration, ended = np.array([1.0, 4.0, 9.0, 30.0]), np.array([1.0, 0.0, 1.0, 1.0])
    for likelihood in (
        lambda at: log_likelihood(at, contracts),
        lambda at: of_durations(at, duration, ended),
    ):
        values = np.array([1.3, 6.0])
        for i, step in enumerate(np.eye(2) * 1e-5):
            slow = (likelihood(values + step)[0] - likelihood(values - step)[0]) / 2e-5
            assert likelihood(values)[1][i] == pytest.approx(slow, rel=1e-6)


def test_kaplan_meier_is_the_curve_of_the_leukemia_trial():
    """Freireich and others (1963), 6-mercaptopurine: 21 people, 9 relapses; a textbook's table."""
    ends = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    seen = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    duration = np.array(ends + seen, dtype=float)
    curve = kaplan_meier(duration, np.array([1.0] * 9 + [0.0] * 12))
    assert curve.time.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve.left.round(4).tolist() == [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    assert curve.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert (curve.at(5.9), curve.at(6), curve.median) == (1.0, curve.left[0], 23)
    assert (curve.low < curve.left).all() and (curve.left < curve.high).all()
    assert (curve.low[-1], curve.high[-1]) == pytest.approx((0.188, 0.680), abs=0.001)


@given(st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=1, max_size=40))
def test_kaplan_meier_stays_a_share(rows):
    duration, ended = (np.array(each, dtype=float) for each in zip(*rows, strict=True))
    curve = kaplan_meier(duration, ended)
    for each in (curve.left, curve.low, curve.high):
        assert ((each >= 0) & (each <= 1)).all()
    assert (np.diff(curve.left) < 0).all()
    if ended.all():
        assert curve.left == pytest.approx([(duration > at).mean() for at in curve.time])


def test_weibull_is_recovered_through_censoring_and_agrees_with_the_curve(rng):
    lasts = rng.weibull(0.7, 20_000) * 300
    until = rng.uniform(1, 500, 20_000)
    duration, ended = np.minimum(lasts, until), (lasts <= until).astype(float)
    model, found = Weibull.fitted(duration, ended)
    apart = np.abs(np.log(found.values) - np.log([0.7, 300.0]))
    assert (apart < 5 * np.sqrt(np.diag(found.covariance))).all()
    assert kaplan_meier(duration, ended).at(100.0) == pytest.approx(
        float(model.survival(np.array(100.0))), abs=0.02
    )
    for age in (0.0, 100.0):
        slow = quad(lambda ahead, age=age: float(model.staying(age, ahead)), 0, 365)[0]
        assert model.expected_time(np.array(age), 365.0) == pytest.approx(slow, rel=1e-6)


def test_too_little_to_learn_from_is_refused_with_the_reason():
    with pytest.raises(Refused, match="40 contracts came up"):
        ShiftedBetaGeometric.fitted(Renewals.of_survivors([40, 30, 20]))
    with pytest.raises(Refused, match="only 3 contracts ended"):
        ShiftedBetaGeometric.fitted(Renewals.of_survivors([100, 99, 97]))
    with pytest.raises(Refused, match="a second renewal"):
        ShiftedBetaGeometric.fitted(Renewals.of_survivors([100, 60]))
    with pytest.raises(Refused, match="only 0 contracts ended"):
        Weibull.fitted(np.full(90, 7.0), np.zeros(90))
    with pytest.raises(ValueError, match="not above 0"):
        Weibull.fitted(np.zeros(90), np.ones(90))
    with pytest.raises(ValueError, match="cannot grow"):
        Renewals.of_survivors([100, 60, 70])


def renewed(chance, people=300, period=30.0, wobble=1.0, missed=0.05):
    """Purchases of people who renew by the calendar, some days off, some months missed."""
    rows = []
    for person in range(people):
        months = np.arange(chance.geometric(0.08) + 2)
        kept = (chance.random(len(months)) >= missed) | (months == 0)
        at = chance.uniform(0, 200) + period * months[kept]
        rows += [(person, day) for day in np.round(at + chance.normal(0, wobble, kept.sum()))]
    people_, at_ = np.array(rows).T
    return people_.astype(int), at_


def test_renewals_at_fixed_intervals_are_refused_as_purchases(rng):
    people, at = renewed(rng)
    found = regularity(people, at)
    assert found.fixed and found.gap == pytest.approx(30, abs=1)
    with pytest.raises(Refused, match=r"every 30 days as by the calendar.*model of contracts"):
        refuse_fixed(found)
    with pytest.raises(Refused, match="as by the calendar"):
        choose(people, at, 400.0, 90.0)


def test_purchases_at_random_rates_are_not_regular(rng):
    rate = rng.gamma(2, 1 / 20, 2000)
    gaps = rng.exponential(1 / rate[:, None], (2000, 8))
    at = gaps.cumsum(axis=1).ravel()
    found = regularity(np.repeat(np.arange(2000), 8), at)
    assert not found.fixed and found.shape == pytest.approx(1, abs=0.15)
    refuse_fixed(found)


def test_gamma_gaps_show_their_shape(rng):
    gaps = rng.gamma(3.0, 1.0, (3000, 6)) * rng.uniform(1, 50, 3000)[:, None]
    found = regularity(np.repeat(np.arange(3000), 6), gaps.cumsum(axis=1).ravel())
    assert found.shape == pytest.approx(3, rel=0.15) and found.low < 3.2 and found.high > 2.8
