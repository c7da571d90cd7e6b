"""Tails of the normal, Student's t and chi-squared, beside scipy's."""

import pytest

from carpel.stats.tails import chi_squared_above, normal_reach, t_about, t_beyond, t_quantile

FREEDOMS = (1, 1.7, 2, 5, 23.4, 59.9, 60, 199, 200, 1e4, 1e7)


@pytest.mark.parametrize("freedom", FREEDOMS)
def test_student_is_scipys(freedom):
    theirs = pytest.importorskip("scipy.special")
    for confidence in (0.5, 0.8, 0.95, 0.99):
        reach = theirs.stdtrit(freedom, 0.5 + confidence / 2)
        assert t_quantile(confidence, freedom) == pytest.approx(reach, rel=2e-8)
    for far in (0.0, 0.3, -1.9, 4.5, 9.0):
        assert t_beyond(far, freedom) == pytest.approx(
            2 * theirs.stdtr(freedom, -abs(far)), rel=1e-7
        )


@pytest.mark.parametrize("freedom", (1, 2, 3, 8, 31))
def test_chi_squared_is_scipys(freedom):
    theirs = pytest.importorskip("scipy.special")
    for statistic in (0.0, 0.2, 3.84, 30.0, 200.0):
        mine = chi_squared_above(statistic, freedom)
        assert mine == pytest.approx(theirs.chdtrc(freedom, statistic), rel=1e-9)


def test_the_normals_reach_is_that_of_the_tables():
    assert [f"{normal_reach(each):.4f}" for each in (0.8, 0.95, 0.99)] == [
        "1.2816", "1.9600", "2.5758",
    ]  # fmt: skip


def test_the_expansion_of_student_is_as_printed():
    """With z = 1 the four terms are 2/4, 24/96, 24/384 and -528/92160."""
    terms = (2 / 4, 24 / 96, 24 / 384, -528 / 92160)
    assert t_about(1.0, 1.0) == pytest.approx(1 + sum(terms), abs=1e-12)
    assert t_about(1.0, 2.0) == pytest.approx(
        1 + sum(term / 2**power for power, term in enumerate(terms, 1)), abs=1e-12
    )
    odd = t_about(2.0, 1.0) - 2
    assert odd == pytest.approx(10 / 4 + 294 / 96 + 1098 / 384 + 169950 / 92160, abs=1e-12)
