"""Counting models against other formulas, against simulation, and at their edges."""

import numpy as np
import pytest

pytest.importorskip("scipy")

from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import hyp2f1

from carpel.stats.buying import bg_nbd, pareto_nbd
from carpel.stats.buying.bg_nbd import BgNbd
from carpel.stats.buying.gamma_gamma import GammaGamma
from carpel.stats.buying.gamma_gamma import log_likelihood as of_values
from carpel.stats.buying.histories import from_purchases, grouped, histories
from carpel.stats.buying.intervals import expected, total
from carpel.stats.buying.lifetime_value import discounted, worth
from carpel.stats.buying.model import Model
from carpel.stats.buying.pareto_nbd import ParetoNbd, leaving
from carpel.stats.likelihood import Refused

from . import drawn

MODELS: list[Model] = [BgNbd(drawn.BG), ParetoNbd(drawn.PARETO)]
LOGS = st.floats(-3, 3)
PARAMETERS = st.tuples(LOGS, LOGS, LOGS, LOGS).map(lambda each: tuple(np.exp(each)))
KINDS = st.sampled_from([BgNbd, ParetoNbd])


@given(KINDS, PARAMETERS, st.integers(0, 2000), st.floats(0.01, 1), st.floats(0.1, 1000))
@settings(max_examples=60, deadline=None)
def test_nothing_is_missing_and_all_is_in_its_range(kind, values, repeats, share, age):
    each = histories([repeats], [age * share if repeats else 0.0], [age])
    model = kind(values)
    alive = model.alive(each)[0]
    means = [model.moments(each, ahead)[0][0] for ahead in (0.1, 10.0, 365.0)]
    assert 0 <= alive <= 1
    assert np.isfinite(means).all() and 0 <= means[0] <= means[1] <= means[2]
    assert np.isfinite(model.moments(each, 30.0)[1]).all()
    assert 0 <= model.next_order(each, 0.5)[0] <= model.next_order(each, 0.9)[0]


@given(KINDS, PARAMETERS, st.integers(1, 2000), st.floats(1, 1000))
@settings(max_examples=40, deadline=None)
def test_the_longer_nothing_came_the_less_likely_alive(kind, values, repeats, age):
    last = np.linspace(0.05, 1, 12) * age
    alive = kind(values).alive(histories(np.full(12, repeats), last, np.full(12, age)))
    assert (np.diff(alive) >= -1e-9).all()


@pytest.mark.parametrize("model", MODELS, ids=lambda each: each.name)
def test_chances_are_a_distribution_with_the_moments_said(model):
    each = histories([0, 1, 7, 60], [0, 3.0, 35.0, 38.9], [30.0, 39.0, 36.0, 39.0])
    chances = model.chances(each, 52.0)
    mass = np.array([chances.first(), *(chances.next() for _ in range(600))])
    k = np.arange(601)[:, None]
    mean, variance = model.moments(each, 52.0)
    assert mass.min() >= 0 and mass.sum(axis=0) == pytest.approx(1, abs=1e-9)
    assert (k * mass).sum(axis=0) == pytest.approx(mean, rel=1e-7)
    assert (k**2 * mass).sum(axis=0) - mean**2 == pytest.approx(variance, rel=1e-6)


def test_bg_nbd_is_equation_10_where_that_can_be_computed():
    r, alpha, a, b = drawn.BG
    x, last, age = np.array([0, 1, 4, 12.0]), np.array([0, 9, 30, 33.0]), np.array([20, 30, 35, 36])
    z = 52 / (alpha + age + 52)
    above = 1 - (1 - z) ** (r + x) * hyp2f1(r + x, b + x, a + b + x - 1, z)
    below = 1 + (x > 0) * a / np.maximum(b + x - 1, b) * ((alpha + age) / (alpha + last)) ** (r + x)
    paper = (a + b + x - 1) / (a - 1) * above / below
    assert BgNbd(drawn.BG).moments(histories(x, last, age), 52.0)[0] == pytest.approx(paper)


def test_the_integral_over_leaving_is_that_of_adaptive_quadrature(rng):
    for _ in range(20):
        alpha, beta = np.exp(rng.uniform(-4, 4, 2))
        m, n = np.exp(rng.uniform(-2, 5)), 1 + np.exp(rng.uniform(-3, 2))
        low = np.exp(rng.uniform(-2, 3))
        high = low + np.exp(rng.uniform(-2, 4))

        def height(y, m=m, n=n, low=low, alpha=alpha, beta=beta):
            near, far = (alpha + y) / (alpha + low), (beta + y) / (beta + low)
            return near**-m * far**-n

        cuts = low + (high - low) * np.append(0, np.logspace(-6, 0, 12))
        slow = sum(quad(height, *cuts[i : i + 2], epsrel=1e-12)[0] for i in range(12))
        one = [np.array([each]) for each in (m, n, low, high)]
        log = leaving((alpha, beta), *one).log[0]
        assert log + m * np.log(alpha + low) + n * np.log(beta + low) == pytest.approx(
            np.log(slow), abs=1e-8
        )


@pytest.mark.parametrize("module", [bg_nbd, pareto_nbd], ids=["BG/NBD", "Pareto/NBD"])
def test_gradients_are_those_of_the_likelihood(module, rng):
    each, _ = drawn.bg_nbd(drawn.BG, drawn.ages(300, rng), 1.0, rng)
    for _ in range(3):
        values = np.exp(rng.uniform(-1.5, 2.5, 4))
        slope = module.log_likelihood(values, each)[1]
        for i, step in enumerate(np.eye(4) * 1e-5 * values):
            up, down = (module.log_likelihood(values + d, each)[0] for d in (step, -step))
            assert slope[i] == pytest.approx((up - down) / (2 * step[i]), rel=1e-4, abs=1e-3)


@pytest.mark.parametrize(
    ("kind", "values", "draw"),
    [(BgNbd, drawn.BG, drawn.bg_nbd), (ParetoNbd, drawn.PARETO, drawn.pareto_nbd)],
    ids=["BG/NBD", "Pareto/NBD"],
)
def test_parameters_and_predictions_are_recovered(kind, values, draw, rng):
    """Within five standard errors: chance alone fails this once in a million."""
    each, later = draw(values, drawn.ages(8000, rng), drawn.AHEAD, rng)
    model, found = kind.fitted(each)
    apart = np.log(found.values) - np.log(values)
    assert (np.abs(apart) < 5 * np.sqrt(np.diag(found.covariance))).all()
    mean, variance = kind(values).moments(each, drawn.AHEAD)
    assert abs(later.sum() - mean.sum()) < 5 * np.sqrt(variance.sum())
    together = total(model, found, each, drawn.AHEAD, z=5.0)
    assert together.low < later.sum() < together.high
    known = expected(model, found, each, drawn.AHEAD)
    inside = (known.low <= later) & (later <= known.high)
    assert inside.mean() > 0.95 - 5 * np.sqrt(0.05 * 0.95 / len(later))


@pytest.mark.parametrize("model", MODELS, ids=lambda each: each.name)
def test_the_unit_of_time_changes_nothing_else(model):
    each = histories([0, 3], [0, 20.0], [30.0, 39.0])
    r, alpha, third, fourth = model.values
    in_days = (r, alpha * 7, third, fourth * (7 if model.name == "Pareto/NBD" else 1))
    days, same = each.in_units(1 / 7), type(model)(in_days)
    assert same.alive(days) == pytest.approx(model.alive(each))
    assert same.moments(days, 70)[0] == pytest.approx(model.moments(each, 10)[0])
    assert same.next_order(days, 0.5) == pytest.approx(7 * model.next_order(each, 0.5))


@pytest.mark.parametrize("model", MODELS, ids=lambda each: each.name)
def test_the_next_order_is_where_the_chance_of_one_is_half(model):
    """Of those who order again at all: P(Y(t) > 0) is half of what it becomes in the end."""
    each = histories([2, 5], [20.0, 38.0], [39.0, 39.0])
    half = model.next_order(each, 0.5)
    for row, at in enumerate(half):
        one = each.where([row])
        at_all = 1 - model.chances(one, 1e9).first()[0]
        assert 1 - model.chances(one, at).first()[0] == pytest.approx(at_all / 2, rel=1e-4)


def test_equal_histories_with_weights_are_the_same_people(rng):
    each, _ = drawn.bg_nbd(drawn.BG, drawn.ages(2000, rng), 1.0, rng)
    days = histories(each.repeats, np.ceil(each.last), np.ceil(each.age))
    some, group = grouped(days)
    assert len(some.repeats) < 2000 and some.people == 2000
    assert (some.age[group] == days.age).all() and (some.repeats[group] == days.repeats).all()
    values = np.array(drawn.BG)
    for module in (bg_nbd, pareto_nbd):
        one, other = (module.log_likelihood(values, it) for it in (days, some))
        assert one[0] == pytest.approx(other[0]) and one[1] == pytest.approx(other[1])


def test_histories_come_from_purchases():
    people = np.array([1, 0, 0, 0, 1, 0])
    each = from_purchases(people, [5.0, 1.0, 4.0, 4.0, 9.5, 20.0], 10.0)
    assert each.repeats.tolist() == [1, 1]
    assert each.last.tolist() == [3, 4.5] and each.age.tolist() == [9, 5]
    with pytest.raises(ValueError, match="numbered from 0"):
        from_purchases(people, [50.0, 1.0, 4.0, 4.0, 90.0, 20.0], 10.0)


@pytest.mark.parametrize(
    "row", [(1, 0, 5), (0, 1, 5), (1, 6, 5), (-1, 1, 5), (1, np.nan, 5), (1, 1, np.inf)]
)
def test_a_history_that_contradicts_itself_is_an_error(row):
    with pytest.raises(ValueError, match="history"):
        histories(*([each] for each in row))


def test_too_few_people_are_refused_with_the_number():
    few = histories(np.ones(20), np.full(20, 2.0), np.full(20, 9.0))
    with pytest.raises(Refused, match="20 people are too few"):
        BgNbd.fitted(few)
    once = histories(np.zeros(500), np.zeros(500), np.full(500, 9.0))
    with pytest.raises(Refused, match="only 0 people ever bought again"):
        ParetoNbd.fitted(once)


MONEY = GammaGamma(6.0, 4.0, 16.0)


def spent(orders, chance):
    """The rate of each person's order values, and the sum of so many orders."""
    rate = chance.gamma(MONEY.q, 1 / MONEY.v, len(orders))
    shape = np.maximum(MONEY.p * orders, 1e-9)
    return rate, np.where(orders > 0, chance.gamma(shape) / rate, 0.0)


def test_values_of_orders_are_recovered_and_their_gradient_is_right(rng):
    orders = rng.integers(1, 8, 6000).astype(float)
    mean = spent(orders, rng)[1] / orders
    model, found = GammaGamma.fitted(orders, mean)
    apart = np.log(found.values) - np.log([MONEY.p, MONEY.q, MONEY.v])
    assert (np.abs(apart) < 5 * np.sqrt(np.diag(found.covariance))).all()
    assert model.order_value(orders, mean).mean() == pytest.approx(mean.mean(), rel=0.05)
    values = np.array([2.0, 3.0, 9.0])
    for i, step in enumerate(np.eye(3) * 1e-5):
        up, down = (of_values(values + d, orders, mean)[0] for d in (step, -step))
        assert of_values(values, orders, mean)[1][i] == pytest.approx((up - down) / 2e-5, rel=1e-4)


def test_the_value_of_people_holds_its_interval(rng):
    model = BgNbd(drawn.BG)
    each, later = drawn.bg_nbd(drawn.BG, drawn.ages(20_000, rng), drawn.AHEAD, rng)
    seen = each.repeats + 1
    rate, before = spent(seen, rng)
    after = np.where(later > 0, rng.gamma(np.maximum(MONEY.p * later, 1e-9)) / rate, 0.0)
    orders = expected(model, None, each, drawn.AHEAD)
    found = worth(orders, orders.mean, MONEY, seen, before / seen, margin=0.4)
    assert np.isfinite(found.high).all() and (found.low <= found.mean).all()
    inside = (found.low <= 0.4 * after) & (0.4 * after <= found.high)
    assert inside.mean() > 0.95
    assert found.mean.sum() == pytest.approx(0.4 * after.sum(), rel=0.15)


def test_later_orders_are_worth_less():
    each, model = histories([3], [30.0], [39.0]), BgNbd(drawn.BG)
    steps = np.linspace(0, 52, 401)
    mean = [model.moments(each, ahead)[0][0] for ahead in steps[1:]]
    slow = (np.diff([0.0, *mean]) * np.exp(-0.01 * (steps[1:] + steps[:-1]) / 2)).sum()
    assert discounted(model, each, 52.0, 0.01)[0] == pytest.approx(slow, rel=1e-4)
    assert discounted(model, each, 52.0, 0.0)[0] == pytest.approx(mean[-1])
