"""Traits are made comparable, and what was done is said."""

import numpy as np
import pytest

from carpel.stats.clusters import Trait, prepare
from carpel.stats.clusters.scaling import octile_skew, yeo_johnson

pytest.importorskip("sklearn")


def said(traits: list[Trait]) -> dict[str, str]:
    return {note.trait: note.said for note in prepare(traits).notes}


def test_every_trait_of_numbers_has_mean_0_and_variance_1(rng: np.random.Generator) -> None:
    given = [
        Trait("flat", rng.uniform(size=3_000)),
        Trait("skewed", rng.lognormal(0, 1.5, 3_000)),
        Trait("counts", rng.poisson(0.5, 3_000).astype(float)),
        Trait("losses", -rng.exponential(5, 3_000)),
    ]
    prepared = prepare(given)
    found = prepared.matrix(given)
    assert np.allclose(found.mean(axis=0), 0, atol=1e-9)
    assert np.allclose(found.var(axis=0), 1, atol=1e-9)
    assert all(abs(octile_skew(column)) < 0.1 for column in found[:, [0, 1, 3]].T)


def test_a_log_normal_gets_a_logarithm(rng: np.random.Generator) -> None:
    assert said([Trait("spent", rng.lognormal(3, 1, 5_000))])["spent"].startswith("logarithm")


@pytest.mark.parametrize("power", [-1.0, 0.0, 0.5, 2.0])
def test_yeo_johnson_is_scipys(power: float, rng: np.random.Generator) -> None:
    from scipy.stats import yeojohnson

    values = rng.normal(size=200) * 3
    assert np.allclose(yeo_johnson(values, power), yeojohnson(values, power))


def test_one_giant_outlier_moves_nobody_else(rng: np.random.Generator) -> None:
    values = rng.normal(size=2_000)
    wild = np.append(values, 1e12)
    usual, beside = Trait("a", values), Trait("a", wild)
    before, after = prepare([usual]).matrix([usual]), prepare([beside]).matrix([beside])
    assert np.abs(after[:-1] - before).max() < 0.05
    assert after[-1] < 6
    assert "1 of 2,001 outliers pulled in" in said([beside])["a"]


def test_a_category_counts_as_much_as_a_number(rng: np.random.Generator) -> None:
    city = Trait("city", rng.integers(5, size=4_000).astype(float), tuple("abcde"))
    found = prepare([city]).matrix([city])
    assert found.var(axis=0).sum() == pytest.approx(1, abs=1e-9)


def test_one_idea_does_not_vote_three_times(rng: np.random.Generator) -> None:
    orders = rng.gamma(3, size=3_000)
    same = [Trait(f"orders_{at}", orders + rng.normal(size=3_000) * 0.1) for at in range(3)]
    age = Trait("age", rng.normal(45, 10, 3_000))
    prepared = prepare([*same, age])
    variances = prepared.matrix([*same, age]).var(axis=0)
    assert variances[:3].sum() == pytest.approx(variances[3], rel=0.01)
    assert ("orders_0", "orders_1", "orders_2") in prepared.groups


def test_a_criterion_counts_what_it_is_given(rng: np.random.Generator) -> None:
    given = [
        Trait("age", rng.normal(size=900), (), "demographic"),
        Trait("visits", rng.normal(size=900), (), "behavioural"),
    ]
    variances = prepare(given, {"demographic": 0.25}).matrix(given).var(axis=0)
    assert variances == pytest.approx([0.25, 1.0])


def test_only_demographics_is_a_warning(rng: np.random.Generator) -> None:
    age = Trait("age", rng.normal(size=900), (), "demographic")
    assert [note.said for note in prepare([age]).notes if note.warning]
    visits = Trait("visits", rng.normal(size=900), (), "behavioural")
    assert not [note for note in prepare([age, visits]).notes if note.warning]


def test_missing_values_are_in_the_middle_and_said(rng: np.random.Generator) -> None:
    values = rng.normal(10, 2, 1_000)
    values[:300] = np.nan
    given = [Trait("income", values)]
    found = prepare(given).matrix(given)
    assert (found[:300, 0] == 0).all()
    assert len(np.unique(found[:, 1])) == 2
    assert "30.0% missing put in the middle, and said" in said(given)["income"]


def test_useless_traits_are_left_out_with_a_reason(rng: np.random.Generator) -> None:
    kept = rng.normal(size=5_000)
    given = [
        Trait("kept", kept),
        Trait("twice", kept * 3 + 1),
        Trait("constant", np.ones(5_000)),
        Trait("empty", np.full(5_000, np.nan)),
        Trait(
            "product",
            rng.integers(10_000, size=5_000).astype(float),
            tuple(map(str, range(10_000))),
        ),
    ]
    prepared = prepare(given)
    assert [part.name for part in prepared.parts] == ["kept"]
    assert {note.trait for note in prepared.notes if note.left_out} == {
        "twice",
        "constant",
        "empty",
        "product",
    }
    notes = said(given)
    assert notes["twice"] == "says the same as kept"
    assert "levels, of which 100% of the people are in rare ones" in notes["product"]


def test_a_level_not_seen_before_is_one_of_the_others(rng: np.random.Generator) -> None:
    levels = ("a", "b", "c")
    given = Trait("plan", rng.integers(2, size=500).astype(float), levels)
    later = Trait("plan", np.array([0.0, 1.0, 2.0, np.nan]), levels)
    assert prepare([given]).scaled([later])[:, 0].tolist() == [0, 1, 2, 3]
