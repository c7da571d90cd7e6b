"""What sets some apart: known answers, what is planted, and nothing where there is nothing."""

import numpy as np
import pytest

from carpel.stats.contrasts import contrasts
from carpel.stats.yes_no import categories, numbers

pytest.importorskip("scipy")


def test_means_and_shares_are_those_of_the_groups() -> None:
    some = np.arange(200) < 80
    paid = np.where(some, 10.0, 4.0) + np.tile([-1.0, 1.0], 100)
    town = ["york" if at % 4 == 0 or at < 60 else "leeds" for at in range(200)]
    found = {
        (each.column, each.value): each
        for each in contrasts([numbers("paid", paid), categories("town", town)], some)
    }
    means, share = found["paid", ""], found["town", "york"]
    assert (means.inside, means.outside, means.n, means.others) == (10, 4, 80, 120)
    assert means.low < 6 < means.high
    assert means.effect == pytest.approx(6.0)
    assert (share.inside, share.outside) == (65 / 80, 30 / 120)
    assert share.q < 0.001


def test_too_few_known_and_no_spread_are_not_told() -> None:
    some = np.arange(100) < 50
    rare = np.where(np.arange(100) % 5 == 0, some * 9.0, np.nan)
    assert contrasts([numbers("rare", rare), numbers("same", np.ones(100))], some) == []


def test_noise_is_seldom_told(rng: np.random.Generator) -> None:
    told = 0
    for _ in range(60):
        columns = [numbers(f"x{at}", rng.lognormal(size=300)) for at in range(10)]
        columns.append(categories("kind", rng.choice(list("abcd"), 300).tolist()))
        told += bool(contrasts(columns, rng.random(300) < 0.2))
    assert told <= 9
