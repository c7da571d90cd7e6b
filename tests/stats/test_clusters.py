"""Segments that are there are found; those that are not are refused."""

import os
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from carpel.stats.clusters import (
    Discovery,
    Plan,
    Trait,
    continued,
    discover,
    marks,
    names,
    renumbered,
    rule,
)
from carpel.stats.clusters.methods import METHODS

pytest.importorskip("sklearn")


def traits(values: Any, criterion: str = "behavioural") -> list[Trait]:
    return [Trait(f"t{at}", column, (), criterion) for at, column in enumerate(values.T)]


def independent(rng: np.random.Generator, people: int = 2_000, width: int = 12) -> Any:
    return rng.normal(size=(people, width))


def lognormal(rng: np.random.Generator, people: int = 2_000, width: int = 12) -> Any:
    """Correlated, each with a skew of its own."""
    mixed = rng.normal(size=(width, width))
    values = rng.normal(size=(people, width)) @ mixed
    return np.exp(values / values.std(axis=0) * rng.uniform(0.3, 1.2, width))


def planted(rng: np.random.Generator, people: int = 3_000, width: int = 12) -> tuple[Any, Any]:
    """Three groups of 60, 38 and 2 %, six standard deviations apart, in random directions."""
    directions = np.linalg.qr(rng.normal(size=(width, width)))[0][:3]
    groups = rng.permutation(np.repeat([0, 1, 2], np.array([60, 38, 2]) * people // 100))
    return (directions * 6 / 2**0.5)[groups] + rng.normal(size=(people, width)), groups


def blobs(rng: np.random.Generator, people: int = 600) -> tuple[Any, Any]:
    """Three groups in two traits that nobody could miss."""
    groups = rng.integers(3, size=people)
    middles = np.array([[0.0, 0.0], [12.0, 0.0], [0.0, 12.0]])
    return middles[groups] + rng.normal(size=(people, 2)), groups


def alike(found: Any, truth: Any) -> float:
    from sklearn.metrics import adjusted_rand_score

    return float(adjusted_rand_score(truth, found))


@dataclass(frozen=True)
class Clear:
    """Three clear groups, 20 people of whom nothing is known, and what was found."""

    values: Any
    groups: Any
    found: Discovery


@pytest.fixture(scope="module")
def clear(rng_of_module: np.random.Generator) -> Clear:
    values, groups = blobs(rng_of_module)
    values[:20] = np.nan
    return Clear(values, groups, discover(traits(values)))


def test_clear_groups_are_found_and_everybody_is_placed(clear: Clear) -> None:
    assert clear.found.chosen is not None, clear.found.refused
    assert clear.found.chosen.groups == 3
    assert alike(clear.found.labels[20:], clear.groups[20:]) > 0.98
    assert clear.found.labels[20:].min() == 0


def test_who_has_no_trait_is_in_no_group(clear: Clear) -> None:
    assert (clear.found.labels[:20] == -1).all()


def test_the_table_says_why_not_one_more_or_fewer(clear: Clear) -> None:
    found = clear.found
    said = {
        (each.method, each.groups): why
        for each, why in zip(found.candidates, found.reasons, strict=True)
    }
    assert found.chosen is not None
    method = found.chosen.method
    assert said[method, 3].startswith("taken: silhouette")
    for near in (2, 4):
        assert said[method, near] and not said[method, near].startswith("taken")


def test_who_buys_more_varies_more_and_is_one_group(rng: np.random.Generator) -> None:
    """Spread in proportion to the level, as of money and counts: no group is cut in halves."""
    groups = np.arange(150) % 3
    levels = np.array([[6.0, 20.0], [30.0, 20.0], [6.0, 300.0]])[groups]
    for _ in range(3):
        values = levels * rng.lognormal(0, 0.15, (150, 2))
        found = discover(traits(values), Plan(method="k_means", serve=6))
        assert found.chosen is not None, found.refused
        assert found.chosen.groups == 3 and alike(found.labels, groups) == 1


@pytest.mark.slow
@pytest.mark.parametrize("noise", [independent, lognormal])
def test_noise_is_no_segments(noise: Any, rng: np.random.Generator) -> None:
    """One population in a hundred may be taken for segments: of three, at most one."""
    refused = [discover(traits(noise(rng)), Plan(seed=seed)).refused for seed in range(3)]
    assert sum("no segments here" in each for each in refused) >= 2


@pytest.mark.prove
def test_a_rare_group_is_found(rng: np.random.Generator) -> None:
    values, groups = planted(rng)
    found = discover(traits(values))
    assert found.chosen is not None, found.refused
    assert found.chosen.groups == 3
    assert alike(found.labels, groups) > 0.9


@pytest.mark.prove
@pytest.mark.parametrize("noise", [independent, lognormal])
def test_noise_is_no_segments_in_190_of_200(noise: Any, rng: np.random.Generator) -> None:
    found = [discover(traits(noise(rng)), Plan(seed=seed)).refused for seed in range(200)]
    assert sum("no segments here" in each for each in found) >= 190


@pytest.mark.prove
def test_a_rare_group_is_found_in_180_of_200(rng: np.random.Generator) -> None:
    right = 0
    for seed in range(200):
        values, groups = planted(rng)
        found = discover(traits(values), Plan(seed=seed))
        three = found.chosen is not None and found.chosen.groups == 3
        right += three and alike(found.labels, groups) > 0.9
    assert right >= 180


def test_a_giant_is_refused(rng: np.random.Generator) -> None:
    values = rng.normal(size=(1_000, 2))
    values[:10] += 30
    found = discover(traits(values), Plan(smallest=5, serve=3, method="k_means", scale=False))
    assert found.chosen is None
    assert "one group holds 99.0% of everybody" in " ".join(found.reasons)
    given = discover(traits(values), Plan(groups=2, method="k_means", scale=False))
    assert given.chosen is None and "99.0%" in given.refused


@pytest.mark.parametrize("method", sorted(METHODS))
def test_each_method_finds_clear_groups(method: str, rng: np.random.Generator) -> None:
    values, groups = blobs(rng)
    found = METHODS[method](values, 3, 0).assign(values)
    assert alike(found[found >= 0], groups[found >= 0]) > 0.95
    assert (found >= 0).mean() > 0.8


@pytest.mark.slow
def test_categories_and_numbers_together(rng: np.random.Generator) -> None:
    groups = rng.integers(2, size=800)
    plan = Trait("plan", (groups + (rng.random(800) < 0.03)) % 2.0, ("basic", "pro"))
    city = Trait("city", rng.integers(3, size=800).astype(float), ("Ulm", "Bonn", "Kiel"))
    spent = Trait("spent", groups * 8 + rng.normal(size=800))
    found = discover([plan, city, spent])
    assert found.chosen is not None, found.refused
    assert alike(found.labels, groups) > 0.9


def test_nobody_to_look_at_and_nothing_to_look_in() -> None:
    few = discover([Trait("a", np.arange(3.0))])
    assert few.refused == "Only 3 people have any of the traits; groups are sought among 50."
    none = discover([Trait("a", np.ones(100)), Trait("b", np.full(100, np.nan))])
    assert none.refused == (
        "No trait can take part: a: the same for everybody who has it; b: nobody has it"
    )
    assert (none.labels == -1).all()


def test_names_say_what_sets_groups_apart(clear: Clear) -> None:
    scaled = clear.found.preparation.scaled(traits(clear.values))
    said = names(marks(clear.found.preparation, scaled, clear.groups))
    assert said[1][0].trait == "t0" and said[1][0].effect > 2
    assert said[2][0].trait == "t1" and said[2][0].effect > 2
    assert len({tuple((m.trait, m.effect > 0) for m in each) for each in said}) == 3


def test_a_group_is_a_rule(rng: np.random.Generator) -> None:
    values, groups = blobs(rng)
    given = traits(values)
    found = rule(given, groups == 1)
    assert found.agreement > 0.97
    assert (found.holds({each.name: each for each in given}) == (groups == 1)).mean() > 0.98
    assert [each.trait for way in found.ways for each in way] == ["t0"]


def test_a_rule_names_levels_and_never_matches_the_missing(rng: np.random.Generator) -> None:
    city = rng.integers(3, size=500).astype(float)
    inside = city == 1
    city[:50] = np.nan
    found = rule([Trait("city", city, ("Ulm", "Bonn", "Kiel"))], inside)
    assert [each.levels for way in found.ways for each in way] == [("Bonn",)]
    assert found.precision == 1.0
    assert found.recall == pytest.approx((inside[50:]).sum() / inside.sum())


def test_new_groups_take_the_numbers_of_those_they_continue() -> None:
    old = np.array([0] * 10 + [1] * 10 + [2] * 10 + [-1])
    new = np.array([2] * 10 + [0] * 9 + [1] + [1] * 10 + [3])
    assert continued(new, old) == {2: 0, 0: 1, 1: 2}
    assert renumbered(new, old).tolist() == [0] * 10 + [1] * 9 + [2] + [2] * 10 + [3]
    split = np.array([0] * 10 + [1] * 5 + [2] * 5 + [3] * 10 + [-1])
    assert sorted(np.unique(renumbered(split, old))) == [-1, 0, 1, 2, 3]


def test_the_same_seed_gives_the_same_groups(rng: np.random.Generator) -> None:
    values, _ = blobs(rng)
    plan = Plan(seed=3, method="k_means", serve=3)
    first, again = (discover(traits(values), plan) for _ in range(2))
    assert (first.labels == again.labels).all()
    assert first.candidates == again.candidates


@pytest.mark.prove
def test_a_million_people_in_a_minute(rng: np.random.Generator) -> None:
    values, groups = planted(rng, 1_000_000)
    began = time.perf_counter()
    found = discover(traits(values))
    assert found.chosen is not None and found.chosen.groups == 3
    assert alike(found.labels, groups) > 0.9
    assert time.perf_counter() - began < 60 * max(1, os.getloadavg()[0] / 2)
