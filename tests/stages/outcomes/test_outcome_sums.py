"""Sums by arm and segment are those of a plain loop; who is in several arms is in none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from carpel.stages.outcomes import adding as module
from carpel.stages.outcomes.adding import sums
from carpel.stages.outcomes.drawn import STAMP, Drawn, placed
from carpel.stages.outcomes.figures import Figure

ARMS = ("comparison", "a", "b")


def drawn(customers: np.ndarray, arm: np.ndarray) -> Drawn:
    moments = np.full(len(customers), "2026-03-01", STAMP)
    return Drawn(
        name="spring",
        kind="campaign",
        label="Spring",
        goal="paid",
        metrics=["paid"],
        guardrails=(),
        segments=(),
        arms=ARMS,
        shares=dict.fromkeys(ARMS, 1 / 3),
        sent={},
        within_days=14,
        changed=(),
        looked_up=None,
        customers=customers,
        arm=arm,
        since=moments,
        until=moments,
        in_several=0,
    )


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 60))
def test_sums_are_those_of_a_loop(seed: int, people: int) -> None:
    draw = np.random.default_rng(seed)
    customers = np.sort(draw.choice(500, people, replace=False)).astype(np.int64)
    arm = draw.integers(0, 3, people)
    y = np.where(draw.random(people) < 0.4, draw.normal(10, 3, people), 0.0)
    y[draw.random(people) < 0.1] = np.nan
    x, d = draw.integers(0, 3, people).astype(float), draw.integers(0, 2, people).astype(float)
    segments = {str(n): BitMap(draw.choice(500, 300, replace=False)) for n in range(20)}
    fewest, module.FEWEST = module.FEWEST, 1
    try:
        rows = list(sums(drawn(customers, arm), {"paid": Figure(y, x, d)}, segments))
    finally:
        module.FEWEST = fewest
    assert {row["segment"] for row in rows} >= {"*"}
    for row in rows:
        inside = [
            n
            for n, key in enumerate(customers)
            if (row["segment"] == "*" or int(key) in segments[row["segment"]])
            and ARMS[arm[n]] == row["arm"]
            and not np.isnan(y[n])
        ]
        products = {
            "y": y,
            "yy": y * y,
            "x": x,
            "xx": x * x,
            "xy": x * y,
            "d": d,
            "dd": d * d,
            "yd": y * d,
            "xd": x * d,
        }
        assert row["n"] == len(inside)
        for name, each in products.items():
            assert row[name] == pytest.approx(sum(each[n] for n in inside), abs=1e-9), name


def test_segments_are_looked_at_where_each_arm_has_enough_and_not_nearly_all() -> None:
    customers = np.arange(300, dtype=np.int64)
    arm = customers % 3
    segments = {
        "few": BitMap(range(60)),
        "fit": BitMap(range(150)),
        "nearly_all": BitMap(range(295)),
        "of_one_arm": BitMap(range(0, 300, 3)),
    }
    rows = list(sums(drawn(customers, arm), {"paid": Figure(np.ones(300))}, segments))
    assert {row["segment"] for row in rows} == {"*", "fit"}


def test_the_largest_is_of_everybody_alone() -> None:
    customers = np.arange(300, dtype=np.int64)
    y = np.zeros(300)
    y[4] = 9.0
    rows = list(sums(drawn(customers, customers % 3), {"paid": Figure(y)}, {}))
    assert {row["arm"]: row["largest"] for row in rows} == {"comparison": 0, "a": 9, "b": 0}


def test_whoever_is_in_several_arms_is_in_none() -> None:
    found = placed([BitMap([1, 5, 7]), BitMap([2, 5]), BitMap([7, 9])])
    assert found.customers.tolist() == [1, 2, 9]
    assert found.arm.tolist() == [0, 1, 2]
    assert found.in_several == 2


def test_nobody_is_nobody() -> None:
    found = placed([BitMap()])
    assert (len(found.customers), found.in_several) == (0, 0)
