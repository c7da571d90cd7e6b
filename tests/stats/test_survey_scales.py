"""Scales and factors out of answers: planted ones come back, what is none is refused."""

import os
from pathlib import Path

import numpy as np
import pytest

from carpel.stats.likelihood import Refused
from carpel.stats.survey import answers, scale, structure
from carpel.stats.survey.scale import alpha_interval

pytest.importorskip("scipy")
NAMES = ("a", "b", "c", "d", "e", "f")


def said(true: np.ndarray, rng: np.random.Generator, noise: float = 0.8) -> np.ndarray:
    """Whole answers from 1 to 6 to an item that asks for `true`."""
    return np.clip(np.round(3.5 + true + noise * rng.normal(size=true.shape)), 1, 6)


def thrift(rng: np.random.Generator, people: int = 800) -> tuple[np.ndarray, np.ndarray]:
    """Six items of one thing, the third and the last the other way round; and the thing."""
    true = rng.normal(size=people)
    signs = np.array([1, 1, -1, 1, 1, -1])
    return said(true[:, None] * signs, rng), true


def test_a_scale_finds_what_runs_backwards_and_scores_who_answered_enough(
    rng: np.random.Generator,
) -> None:
    items, true = thrift(rng)
    items[0, :3], items[1, :4], items[2] = np.nan, np.nan, np.nan
    found = scale(answers(items, NAMES))
    assert [each.name for each in found.items if each.reversed] == ["c", "f"]
    assert np.isnan(found.scores).tolist() == [False, True, True] + [False] * 797
    assert np.corrcoef(found.scores[3:], true[3:])[0, 1] > 0.85
    assert (found.lowest, found.highest, found.people) == (1, 6, 798)
    turned = np.where([False, False, True] * 2, 7 - items, items)
    assert found.scores[0] == pytest.approx(turned[0, 3:].mean())


def test_reversed_items_that_are_named_are_taken_at_their_word(rng: np.random.Generator) -> None:
    items, true = thrift(rng)
    turned = scale(answers(items, NAMES), backwards=("a", "b", "d", "e"), ends=(1, 6))
    assert np.corrcoef(turned.scores, true)[0, 1] < -0.85


def test_an_item_that_asks_for_something_else_is_left_out_with_the_reason(
    rng: np.random.Generator,
) -> None:
    items, _ = thrift(rng)
    items[:, 1] = said(rng.normal(size=800), rng)
    items[:, 3] = 4
    items[:770, 4] = np.nan
    found = scale(answers(np.column_stack([items, items[:, 0]]), (*NAMES, "again")))
    assert [each.name for each in found.items] == ["a", "c", "f"]
    assert "measures something else" in found.left_out["b"]
    assert found.left_out["d"] == "everybody answers it alike"
    assert found.left_out["e"] == "30 people answer it, 50 are needed"
    assert found.left_out["again"] == "says the same as a"


def test_what_hangs_together_by_chance_is_refused(rng: np.random.Generator) -> None:
    with pytest.raises(Refused, match="hang together too little"):
        scale(answers(said(rng.normal(size=(800, 4)), rng), NAMES[:4]))


def test_few_people_and_different_units_are_refused(rng: np.random.Generator) -> None:
    items, _ = thrift(rng, 60)
    items[20:, 1:] = np.nan
    with pytest.raises(Refused, match="two items that can be read"):
        scale(answers(items, NAMES))
    items, _ = thrift(rng)
    items[:, 0] *= 20
    with pytest.raises(Refused, match=r"is answered from 1 to 6, a from 20 to 120"):
        scale(answers(items, NAMES))


def test_half_the_answers_of_too_few_people(rng: np.random.Generator) -> None:
    items, _ = thrift(rng, 360)
    for at in range(360):
        items[at, np.arange(6) != at % 6] = np.nan
    with pytest.raises(Refused, match="0 people answer at least half of the items, 50"):
        scale(answers(items, NAMES))


@pytest.mark.slow
def test_the_interval_of_alpha_covers_it(rng: np.random.Generator) -> None:
    """Four parallel items that correlate .4: alpha is 4 x .4 / (1 + 3 x .4)."""
    truth, inside = 4 * 0.4 / (1 + 3 * 0.4), 0
    for _ in range(1_000):
        true = rng.normal(size=(120, 1))
        items = np.sqrt(0.4) * true + np.sqrt(0.6) * rng.normal(size=(120, 4))
        found = np.cov(items.T)
        alpha = 4 / 3 * (1 - np.trace(found) / found.sum())
        low, high = alpha_interval(float(alpha), 120, 4)
        inside += low <= truth <= high
    assert 930 <= inside <= 970


def test_factors_are_told_by_their_leading_item_in_its_direction(rng: np.random.Generator) -> None:
    true = rng.normal(size=(900, 2))
    loads = np.array([[-0.9, 0.7, -0.8, 0, 0, 0], [0, 0, 0, 0.6, -0.95, 0.7]])
    items = said(true @ loads * 1.3, rng, 0.5)
    items[0, :4] = np.nan
    found = structure(answers(items, NAMES))
    assert found.number.factors == 2
    assert set(found.leading) == {"a", "e"}
    first, second = found.leading.index("a"), found.leading.index("e")
    assert found.home("a") == (first, 1)
    assert found.home("b") == (first, -1)
    assert found.home("d") == (second, -1)
    assert np.isnan(found.scores[0]).all()
    assert np.corrcoef(found.scores[1:, first], true[1:, 0])[0, 1] < -0.9
    assert np.corrcoef(found.scores[1:, second], true[1:, 1])[0, 1] < -0.9


def test_factors_of_too_little_are_refused(rng: np.random.Generator) -> None:
    few = answers(said(rng.normal(size=(99, 6)), rng), NAMES)
    with pytest.raises(Refused, match="99 people answer at least half of the items, 100"):
        structure(few)
    with pytest.raises(Refused, match="3 items can be read, 4 are needed"):
        structure(few.without(dict.fromkeys("abc", "not asked")))


def test_bfi_as_its_authors_scored_it() -> None:
    """Alphas of the five scales as published with the data; 25 of 25 items where they belong."""
    if not (folder := os.environ.get("CARPEL_DATA")):
        pytest.skip("CARPEL_DATA is not set")
    import pyarrow.parquet as pq

    table = pq.read_table(Path(folder) / "bfi.parquet")
    names = [each for each in table.column_names if len(each) == 2]
    items = np.column_stack([table.column(each).to_numpy().astype(float) for each in names])
    backwards = {"A1", "C4", "C5", "E1", "E2", "O2", "O5"}
    for letter, alpha in zip("ACENO", (0.70, 0.73, 0.76, 0.81, 0.60), strict=True):
        here = [at for at, name in enumerate(names) if name[0] == letter]
        found = scale(answers(items[:, here], [names[at] for at in here]))
        assert round(found.alpha, 2) == alpha
        assert {each.name for each in found.items if each.reversed} == {
            each for each in backwards if each[0] == letter
        }
    found = structure(answers(items, names))
    assert (found.number.factors, found.number.parallel > 5) == (5, True)
    homes = {letter: found.home(letter + "3") for letter in "ACENO"}
    right = [
        found.home(name)
        == (homes[name[0]][0], homes[name[0]][1] * (-1 if name in backwards else 1))
        for name in names
    ]
    assert sum(right) >= 23
