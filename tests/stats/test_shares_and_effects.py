"""Statistics of the fitness card against figures of statsmodels 0.15 and scipy 1.17, and published.

Each golden figure is what that function gives for the arguments beside it.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.stats.effects import Groups, apart, detectable
from carpel.stats.multiplicity import expected_false
from carpel.stats.proportions import differ, difference, ratio, smallest_lift, wilson
from carpel.stats.relation import correlations
from carpel.stats.tails import beta_share, normal_two_sided, t_two_sided


def close(found, wanted, rel=1e-9):
    assert found == pytest.approx(wanted, rel=rel)


def test_tails_of_student():
    """scipy.stats.t.sf, doubled."""
    t, freedom = [2, 0.3, 6, 1.96, 30, 0], [5, 1.5, 40, 1e5, 300, 3]
    golden = [
        0.10193947882985835,
        0.8004721968035851,
        4.7264551327881806e-07,
        0.04999856319430168,
        2.6062144200978664e-92,
        1.0,
    ]
    close(t_two_sided(t, freedom).tolist(), golden, 1e-8)


def test_the_incomplete_beta_function():
    """scipy.special.betainc."""
    found = beta_share([0.4, 0.1, 0.6, 0.999], [2, 0.5, 50, 300], [3, 0.5, 40, 0.5])
    golden = [0.5248, 0.20483276469913345, 0.8011534179744884, 0.438654268870091]
    close(found.tolist(), golden)
    assert beta_share([0.0, 1.0], 2, 3).tolist() == [0.0, 1.0]


def test_tails_of_the_normal():
    close(normal_two_sided([1.959963984540054, 0.0]).tolist(), [0.05, 1.0])


def test_intervals_of_shares():
    """Newcombe 1998, table I, method 3; statsmodels proportion_confint(method="wilson")."""
    close(wilson(15, 148), (0.06238639953073628, 0.16048724172330803))
    close(wilson(0, 10), (0.0, 0.27753279986288926))
    assert wilson(0, 0) == (0.0, 1.0)


def test_differences_of_shares():
    """Newcombe 1998 (second paper), table II, method 10: 56/70 and 48/80, 9/10 and 3/10."""
    assert [round(each, 4) for each in difference(56, 70, 48, 80)] == [0.0524, 0.3339]
    assert [round(each, 4) for each in difference(9, 10, 3, 10)] == [0.1705, 0.8090]
    assert difference(0, 0, 3, 10) == (-1.0, 1.0)


def test_the_chance_of_a_difference():
    """statsmodels proportions_ztest."""
    close(differ(56, 70, 48, 80), 0.00804508136819656)
    close(differ(9, 10, 3, 10), 0.006169899320544151)
    assert differ(5, 5, 9, 9) == differ(0, 4, 0, 9) == 1.0


def test_ratios_of_shares():
    """statsmodels confint_proportions_2indep(compare="ratio", method="log")."""
    value, *ends = ratio(56, 70, 48, 80)
    close(value, (56 / 70) / (48 / 80))
    close(ends, [1.0766264227631928, 1.6512485112663873])
    nobody = ratio(0, 50, 10, 50)
    assert nobody[0] == 0.0 < nobody[1] < nobody[2] < 1.0


@pytest.mark.parametrize(
    ("base", "treated", "held_out", "lift"),
    [
        (0.1, 1000, 1000, 0.04074510262991684),
        (0.6, 34, 34, 0.29088820718848346),
        (0.02, 9000, 1000, 0.015979963167432144),
        (0.35, 450, 50, 0.20581945623940232),
    ],
)
def test_the_smallest_lift(base, treated, held_out, lift):
    """statsmodels power_proportions_2indep, solved for the difference at power 0.8.

    Its power counts findings of either sign, so that with few people it asks for a hair less.
    """
    close(smallest_lift(base, treated, held_out), lift, 1e-3)


def test_no_lift_can_be_seen():
    assert smallest_lift(0.99, 20, 20) is None
    assert smallest_lift(1.0, 20, 20) is None
    assert smallest_lift(0.5, 20, 0) is None
    assert smallest_lift(0.0, 5000, 5000) == pytest.approx(0.00157, abs=1e-4)


def test_welch():
    """statsmodels ttest_ind(usevar="unequal")."""
    a = np.array([3.1, 4.7, 2.2, 9.8, 5.5, 4.1, 7.3])
    b = np.array([1.2, 2.9, 3.3, 2.1, 0.4, 5.0, 1.8, 2.6, 3.9])
    found = apart(_groups(a), _groups(b))
    close(found.chance[0], 0.037642188676217214, 1e-8)
    pooled = np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / 2)
    close(found.effect[0], (a.mean() - b.mean()) / pooled)
    assert found.low[0] < found.effect[0] < found.high[0]


def _groups(*values):
    return Groups(*(np.array([f(each) for each in values], float) for f in (len, np.mean, np.var)))


def test_intervals_of_effects_hold_what_they_say():
    """95 % of intervals cover the true distance, with unequal spreads and sizes."""
    dice = np.random.default_rng(4)
    truth, sets = 0.8 / np.sqrt((1 + 4) / 2), 2000
    ones, twos = dice.normal(0.8, 1, (sets, 60)), dice.normal(0, 2, (sets, 40))
    found = apart(_groups(*ones), _groups(*twos))
    covered = np.mean((found.low <= truth) & (truth <= found.high))
    assert 0.935 <= covered <= 0.965


def test_groups_that_cannot_be_compared():
    nobody, one, same = np.array([]), np.array([2.0]), np.array([3.0, 3.0])
    with np.errstate(invalid="ignore"):
        sizes = [Groups(*(np.array([x], float) for x in (len(g), g[0] if len(g) else 0, 0)))
                 for g in (nobody, one, same)]  # fmt: skip
    for group in sizes:
        found = apart(group, sizes[2])
        assert np.isnan(found.chance[0])
        assert abs(found.effect[0]) <= 10
    assert apart(sizes[2], sizes[2]).effect[0] == 0


def test_one_giant_does_not_break_a_comparison():
    giant = np.array([1.0, 2.0, 3.0, 1e150])
    found = apart(_groups(giant), _groups(np.array([1.0, 2.0, 4.0])))
    assert np.isfinite(found.effect[0])


def test_what_groups_of_a_size_show():
    """statsmodels NormalIndPower().solve_power(nobs1=100, alpha=0.05, power=0.8): 0.3962."""
    assert round(float(detectable(np.array([100.0]), np.array([100.0]))[0]), 4) == 0.3962


def test_expected_false_findings():
    """statsmodels multipletests(method="fdr_bh"); what is missing is not counted."""
    chances = [0.01, 0.04, np.nan, 0.03, 0.005, 0.6, 0.2]
    golden = [0.03, 0.06, np.nan, 0.06, 0.03, 0.6, 0.24]
    np.testing.assert_allclose(expected_false(chances), golden)
    assert expected_false([]).tolist() == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50))
def test_expected_false_is_never_below_the_chance_and_keeps_the_order(chances):
    q = expected_false(chances)
    assert np.all(q >= np.array(chances) - 1e-12)
    order = np.argsort(chances, kind="stable")
    assert np.all(np.diff(q[order]) >= -1e-12)


def test_correlations_leave_out_what_is_missing():
    dice = np.random.default_rng(2)
    x, y = dice.normal(size=(200, 3)), dice.normal(size=(200, 2))
    y[:, 0] += x[:, 0]
    x[:30, 0] = np.nan
    y[150:, 0] = np.nan
    both = ~np.isnan(x[:, 0]) & ~np.isnan(y[:, 0])
    found = correlations(x, y)
    assert found.shape == (3, 2)
    close(found[0, 0], np.corrcoef(x[both, 0], y[both, 0])[0, 1])
    assert correlations(np.ones((5, 1)), np.arange(5.0)[:, None])[0, 0] == 0
