"""Rows found by blocks, against looking at each; and what is said of values without the engine."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest

from carpel.engine.duckdb import DuckDB
from carpel.engine.query import column
from carpel.evaluation.catalogue import Catalogue, Fact
from carpel.evaluation.comparisons import Clock
from carpel.evaluation.counting import blocks, told
from carpel.evaluation.counting.blocks import Coded, Event
from carpel.evaluation.measures import Atom
from carpel.language import comparison

CHANNEL, CATEGORY = column("channel"), column("category")


def _event(random: Random, many: int, *, laid: bool) -> Event:
    """Rows sorted by category and time, or in no order."""
    rows = [(random.randrange(5), random.randrange(100)) for _ in range(many)]
    categories, at = np.array(sorted(rows) if laid else rows, np.int64).reshape(-1, 2).T
    channels = np.array([random.randrange(3) for _ in range(many)], np.uint8)
    coded = {
        CATEGORY: Coded(categories.astype(np.uint8), pa.array(["a", "b", "c", "d"])),  # 4: missing
        CHANNEL: Coded(channels, pa.array(["x", "y"])),
    }
    return Event(np.arange(many, dtype=np.uint32), at, np.arange(many, dtype=np.uint64), coded)


@pytest.mark.parametrize("laid", [True, False])
@pytest.mark.parametrize("many", [0, 1, 7, 8, 200])
def test_the_rows_that_are_meant_are_found(
    monkeypatch: pytest.MonkeyPatch, many: int, laid: bool
) -> None:
    monkeypatch.setattr(blocks, "BLOCK", 4)
    random, shapes = Random(many), set[type]()
    for _ in range(60):
        event = _event(random, many, laid=laid)
        event.ready()
        start, end = sorted(random.sample(range(-1, 102), 2))
        meant = [
            (name, np.array([random.random() < 0.6 for _ in coded.different] + [False]))
            for name, coded in event.properties.items()
            if random.random() < 0.5
        ]
        held = (event.at >= start) & (event.at < end)
        for name, true in meant:
            held &= true[event.properties[name].codes]
        found = event.rows(meant, start, end)
        assert found.of(event.customers).tolist() == np.flatnonzero(held).tolist()
        shapes |= set(map(type, found.parts))
    assert shapes == {slice, np.ndarray} or not laid or many < 200


NOW = datetime.fromisoformat("2026-03-29T00:30")
ZONES = ["UTC", "Europe/Berlin", "America/Los_Angeles"]
DAYS = [NOW.date() - timedelta(days=days) for days in (-8, -1, 0, 1, 6, 7, 8, 30, 31, 400)]
INSTANTS = [
    NOW - timedelta(days=days, microseconds=tick) for days in (-7, 0, 7, 30) for tick in (-1, 0, 1)
]
ABOUT_TIME: list[Any] = [
    {"in_last": "7 days"}, {"not_in_last": "7 days"}, {"in_next": "7 days"},
    {"older_than": "1 month"}, {"during": "last month"}, {"before": "2026-03-22"},
    {"after": "2026-03-22"}, {"on": "2026-03-29"}, {"between": ["2026-02-27", "2026-03-22"]},
    {"weekday": ["monday"]}, {"in": ["2026-03-29", "2026-03-30"]}, "2026-03-29",
    {"is_set": True}, {"is_missing": True}, {"is_not": "2026-03-29"},
]  # fmt: skip
ABOUT_NUMBERS: list[Any] = [
    3, {"is_not": 3}, {"at_least": 2.5}, {"at_most": 2.5}, {"more_than": 3}, {"less_than": 3},
    {"between": [1, 3]}, {"in": [1, "3"]}, {"not_in": [1, 3]}, {"is_set": True},
    {"is_missing": True},
]  # fmt: skip
VALUES: list[tuple[str, pa.Array, list[Any]]] = [
    ("date", pa.array(DAYS, pa.date32()), ABOUT_TIME),
    ("date", pa.array([date(1, 1, 2), date(9999, 12, 31)], pa.date32()), ABOUT_TIME),
    ("instant", pa.array(INSTANTS, pa.timestamp("us")), ABOUT_TIME),
    ("integer", pa.array([-1, 0, 2, 3, 2**62], pa.int64()), ABOUT_NUMBERS),
    ("integer", pa.array([-1, 0, 2, 3], pa.int32()), ABOUT_NUMBERS),
    ("number", pa.array([-0.5, 2.5, 3.0, np.nan, np.inf, -np.inf]), ABOUT_NUMBERS),
    ("number", pa.array([], pa.float64()), ABOUT_NUMBERS),
]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("kind", "values", "said"), VALUES, ids=lambda it: str(it)[:12])
def test_values_compare_as_the_engine_says(
    kind: str, values: pa.Array, said: list[Any], zone: str
) -> None:
    catalogue = Catalogue(DuckDB(), Clock(NOW, ZoneInfo(zone)))
    fact = Fact("profiles", column("it"), kind)
    atoms = [Atom(fact, comparison(each)) for each in said]
    found = told.of_different(values, atoms, catalogue)
    conditions = [each.holds(column("it"), catalogue) for each in atoms]
    expected = told._asked(values, conditions, catalogue.engine)
    for each, ours, theirs in zip(said, found, expected, strict=True):
        assert ours.values.tolist() == theirs.values.tolist(), each
        there = [True] * (len(values) + 1)
        told_of = [there if it.there is None else it.there.tolist() for it in (ours, theirs)]
        assert told_of[0] == told_of[1], each
    catalogue.engine.close()
