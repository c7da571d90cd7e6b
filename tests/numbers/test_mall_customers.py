"""The 200 customers of a mall by income and score: five groups, to the published figures."""

import csv
import os
from pathlib import Path

import numpy as np
import pytest

from carpel.stats.clusters import Plan, Trait, discover
from carpel.stats.clusters.means import inertia

pytest.importorskip("sklearn")


@pytest.fixture
def mall() -> list[Trait]:
    folder = os.environ.get("CARPEL_DATA")
    if not folder:
        pytest.skip("CARPEL_DATA names no folder with public data")
    with (Path(folder) / "mall_customers.csv").open() as lines:
        rows = list(csv.reader(lines))[1:]
    income, score = np.array([[float(row[3]), float(row[4])] for row in rows]).T
    return [Trait("income", income), Trait("score", score)]


def test_five_groups_unscaled(mall: list[Trait]) -> None:
    found = discover(mall, Plan(method="k_means", scale=False))
    assert found.chosen is not None, found.refused
    assert found.chosen.groups == 5
    columns = np.column_stack([each.values for each in mall])
    assert inertia(columns, found.labels) == pytest.approx(44_448.5, abs=0.1)
    assert found.chosen.silhouette == pytest.approx(0.5539, abs=5e-5)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_five_groups_whatever_the_method_and_seed(mall: list[Trait], seed: int) -> None:
    found = discover(mall, Plan(seed=seed))
    assert found.chosen is not None, found.refused
    assert found.chosen.groups == 5
