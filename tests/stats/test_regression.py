"""Regressions against statsmodels 0.15 (OLS, Logit), and what they refuse."""

import numpy as np
import pytest

from carpel.stats.regression import NotExplained, Separated, least_squares, logistic

I = np.arange(40.0)  # noqa: E741
A, B = np.sin(I) * 2 + I / 20, np.cos(3 * I)
X = np.column_stack([A, B])
Y = 1 + 0.5 * A - 0.8 * B + np.sin(7 * I) * (1 + I / 40)


def test_least_squares():
    found = least_squares(Y, X, robust=False)
    golden = [1.1575200907436103, 0.44830528876199627, -0.8165716621834183]
    assert found.coefficients == pytest.approx(golden, rel=1e-9)
    errors = [0.2114071476781951, 0.1160746754213019, 0.25635825416037017]
    assert found.errors == pytest.approx(errors, rel=1e-9)
    chances = [3.224680162819783e-06, 0.00043644968353875657, 0.0029335416123512145]
    assert found.chances == pytest.approx(chances, rel=1e-7)
    assert found.share == pytest.approx(0.4176547746500978)
    assert found.n == 40


def test_errors_that_hold_for_uneven_spread():
    """fit(cov_type="HC3", use_t=True)."""
    found = least_squares(Y, X)
    golden = [0.20463957152320095, 0.12362864584025937, 0.26605771825820296]
    assert found.errors == pytest.approx(golden, rel=1e-9)
    assert found.chances[1] == pytest.approx(0.0008613235883132491, rel=1e-7)


def test_logistic():
    found = logistic((Y > 1).astype(float), X)
    golden = [0.4551620615780011, 0.646743551314634, -1.0869710851577719]
    assert found.coefficients == pytest.approx(golden, rel=1e-6)
    errors = [0.4291335979863598, 0.29316023680960135, 0.6089560549395524]
    assert found.errors == pytest.approx(errors, rel=1e-6)
    assert found.chances[1] == pytest.approx(0.027376341385072393, rel=1e-5)
    assert found.share == pytest.approx(0.19249949258553067)


def test_known_coefficients_come_back():
    dice = np.random.default_rng(6)
    x = dice.normal(size=(20_000, 3))
    odds = x @ [0.5, -1.0, 0.0] - 0.3
    y = (dice.random(20_000) < 1 / (1 + np.exp(-odds))).astype(float)
    low, high = logistic(y, x).intervals(3.5)
    assert np.all((low < [-0.3, 0.5, -1.0, 0.0]) & (high > [-0.3, 0.5, -1.0, 0.0]))


@pytest.mark.parametrize(
    ("outcome", "columns", "reason"),
    [
        (Y, X[:, :0], "nothing"),
        (Y[:5], X[:5], "only 5 people"),
        (np.ones(40), X, "same for everybody"),
        (Y, np.column_stack([A, np.zeros(40)]), "same for everybody|same in other words"),
        (Y, np.column_stack([A, 2 * A]), "same in other words"),
    ],
)
def test_what_cannot_be_explained_is_refused(outcome, columns, reason):
    with pytest.raises(NotExplained, match=reason):
        least_squares(outcome, columns)


def test_perfect_separation_is_told():
    with pytest.raises(Separated, match="perfectly"):
        logistic((A > 1).astype(float), A[:, None])
