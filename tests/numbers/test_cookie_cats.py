"""Cookie Cats: a real test whose groups came out uneven, and one player beyond all others."""

import csv
import os
from pathlib import Path

import numpy as np
import pytest

from carpel.stats.experiments.effect import effect
from carpel.stats.experiments.giants import giants
from carpel.stats.experiments.ratio_check import ratio_check
from carpel.stats.experiments.sums import Sums
from carpel.stats.experiments.verdict import judged


@pytest.fixture(scope="module")
def players():
    """Columns of the players of each gate."""
    folder = os.environ.get("CARPEL_DATA")
    if not folder:
        pytest.skip("CARPEL_DATA names no folder with public data")
    with (Path(folder) / "cookie_cats.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {
        gate: [row for row in rows if row["version"] == gate] for gate in ("gate_30", "gate_40")
    }


def stayed(rows):
    return Sums.of([row["retention_7"] == "True" for row in rows])


def test_uneven_groups_block_the_verdict_and_the_figures_are_given_beside_it(players):
    counts = {gate: len(rows) for gate, rows in players.items()}
    check = ratio_check(counts, {"gate_30": 0.5, "gate_40": 0.5})
    assert counts == {"gate_30": 44_700, "gate_40": 45_489}
    assert f"{check.chance:.4f}" == "0.0086" and check.uneven
    found = effect(stayed(players["gate_30"]), stayed(players["gate_40"]), share=True)
    assert (f"{found.arm:.5f}", f"{found.base:.5f}") == ("0.19020", "0.18200")
    assert f"{found.chance:.5f}" == "0.00155"
    assert f"{found.value / found.error:.3f}" == "3.164"
    assert judged(found, uneven=check.uneven).word == "uneven"
    assert judged(found, uneven=False).word == "worked"


def test_the_one_giant_is_named_and_decides_nothing_once_drawn_in(players):
    rounds = {
        gate: np.array([float(row["sum_gamerounds"]) for row in rows])
        for gate, rows in players.items()
    }
    found = giants(rounds)
    assert {gate: each.were.tolist() for gate, each in found.alone.items()} == {
        "gate_30": [49_854.0]
    }
    assert players["gate_30"][found.alone["gate_30"].where[0]]["userid"] == "6390605"
    plain = effect(*(Sums.of(each) for each in rounds.values()))
    drawn_in = effect(*(Sums.of(each.values) for each in found.arms.values()))
    assert f"{plain.value:.3f}" == "1.157" and drawn_in.error < plain.error / 2
    assert abs(drawn_in.value) < abs(plain.value) / 3
