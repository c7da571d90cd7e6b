"""Answers to items become scales."""

import os
from pathlib import Path

import numpy as np
import pytest

from carpel.stats.survey import (
    correlations,
    factors,
    number_of_factors,
    reliability,
)

pytest.importorskip("scipy")


def answered(rng: np.random.Generator, people: int = 2_000) -> tuple[np.ndarray, np.ndarray]:
    """Twelve items of three correlated traits, every fourth item reversed; the traits too."""
    between = np.array([[1, 0.3, 0.1], [0.3, 1, 0.2], [0.1, 0.2, 1]])
    true = rng.multivariate_normal(np.zeros(3), between, people)
    signs = np.where(np.arange(12) % 4 == 3, -1, 1)
    items = 0.75 * true[:, np.arange(12) // 4] * signs + 0.6 * rng.normal(size=(people, 12))
    return items, true


def test_alpha_of_parallel_items_is_spearman_and_browns(rng: np.random.Generator) -> None:
    """k items that correlate r: alpha = kr / (1 + (k - 1) r)."""
    items = rng.normal(size=(100_000, 1)) + rng.normal(size=(100_000, 5))
    found = reliability(items)
    assert found.alpha == pytest.approx(5 * 0.5 / (1 + 4 * 0.5), abs=0.005)
    assert found.reversed == (False,) * 5
    assert max(found.without) < found.alpha


def test_reversed_items_are_found(rng: np.random.Generator) -> None:
    items, _ = answered(rng)
    assert reliability(items[:, :4]).reversed == (False, False, False, True)


def test_as_many_factors_as_were_planted(rng: np.random.Generator) -> None:
    items, _ = answered(rng)
    found = number_of_factors(items)
    assert found.factors == found.parallel == 3
    assert found.said.startswith("3 factors: ")


@pytest.mark.parametrize("rotation", ["oblimin", "varimax"])
def test_loadings_and_scores_come_back(rotation: str, rng: np.random.Generator) -> None:
    items, true = answered(rng)
    items[rng.random(items.shape) < 0.1] = np.nan
    found = factors(items, 3, rotation)
    homes = [factor for factor, _ in found.key]
    assert [len(set(homes[at : at + 4])) for at in (0, 4, 8)] == [1, 1, 1]
    assert [sign for _, sign in found.key] == [1, 1, 1, -1] * 3
    scores = found.scores(items)
    for trait in range(3):
        both = np.corrcoef(scores[:, homes[4 * trait]], true[:, trait])[0, 1]
        assert both > 0.85


def test_minimum_residuals_leave_less_than_any_other_loadings(rng: np.random.Generator) -> None:
    items, _ = answered(rng)
    found = factors(items, 3)

    def left(loadings: np.ndarray) -> float:
        rest = found.correlation - loadings @ found.between @ loadings.T
        np.fill_diagonal(rest, 0)
        return float((rest**2).sum())

    least = left(found.loadings)
    for _ in range(20):
        assert left(found.loadings + rng.normal(size=found.loadings.shape) * 0.01) > least


def test_who_answers_nothing_has_no_score(rng: np.random.Generator) -> None:
    items, _ = answered(rng, 300)
    items[0] = np.nan
    scores = factors(items, 3).scores(items)
    assert np.isnan(scores[0]).all() and not np.isnan(scores[1:]).any()


def test_what_cannot_be_a_scale_is_refused(rng: np.random.Generator) -> None:
    with pytest.raises(ValueError, match="at least two items"):
        reliability(rng.normal(size=(50, 1)))
    with pytest.raises(ValueError, match="alike"):
        correlations(np.column_stack([np.ones(50), rng.normal(size=50)]))
    with pytest.raises(ValueError, match="not 7"):
        factors(answered(rng)[0], 7)


def test_contradicting_pairs_still_make_a_correlation_matrix(rng: np.random.Generator) -> None:
    """a goes with b, b with c, and a against c: each pair by other people."""
    values = np.full((300, 3), np.nan)
    for part, (one, other, sign) in enumerate([(0, 1, 1), (1, 2, 1), (0, 2, -1)]):
        rows = slice(100 * part, 100 * part + 100)
        values[rows, one] = rng.normal(size=100)
        values[rows, other] = sign * values[rows, one]
    found = correlations(values)
    assert np.linalg.eigvalsh(found)[0] > 0
    assert np.diag(found) == pytest.approx(1)


@pytest.fixture
def bfi() -> tuple[np.ndarray, list[str], dict[str, list[str]]]:
    from pyarrow import parquet

    folder = os.environ.get("CARPEL_DATA")
    if not folder:
        pytest.skip("CARPEL_DATA names no folder with public data")
    table = parquet.read_table(Path(folder) / "bfi.parquet")
    keys = parquet.read_table(Path(folder) / "bfi_keys.parquet").drop(["rownames"]).to_pydict()
    items = [each.lstrip("-") for scale in keys.values() for each in scale]
    answers = [table[each].to_numpy(zero_copy_only=False).astype(float) for each in items]
    return np.column_stack(answers), items, keys


def test_bfi_has_five_factors_and_its_key(bfi: tuple) -> None:
    answers, _, keys = bfi
    number = number_of_factors(answers)
    assert number.factors == 5 < number.parallel
    found = factors(answers, number.factors).key
    right = 0
    for at, scale in enumerate(keys.values()):
        given = found[5 * at : 5 * at + 5]
        home = max({factor for factor, _ in given}, key=[f for f, _ in given].count)
        signs = [
            sign * (-1 if item.startswith("-") else 1)
            for (factor, sign), item in zip(given, scale, strict=True)
            if factor == home
        ]
        right += max(signs.count(1), signs.count(-1))
    assert right >= 23


def test_bfi_scales_are_as_reliable_as_published(bfi: tuple) -> None:
    """Alphas of the five scales as the psych package's manual has them."""
    answers, _, keys = bfi
    found = [reliability(answers[:, 5 * at : 5 * at + 5]).alpha for at in range(len(keys))]
    assert found == pytest.approx([0.70, 0.73, 0.76, 0.81, 0.60], abs=0.005)
