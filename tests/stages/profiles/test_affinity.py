"""Affinity traits: planted tastes are told, what everybody buys is none, nor is one big basket."""

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from carpel.specs import AffinityTrait, Definitions, Project
from carpel.stages.profiles import Profiles
from carpel.stats.shares import beyond_share
from carpel.testing.line import line_with, read, take

pytest.importorskip("scipy")
AS_OF = datetime(2026, 2, 1, 12)  # noqa: DTZ001
GOODS = ("bread", "milk", "tea", "wine", "toys")
USUAL = (0.4, 0.4, 0.1, 0.07, 0.03)
TASTE = AffinityTrait(name="taste", kind="affinity")


def told(folder, people, spec=TASTE, column="category"):
    """The taste of everybody; people are lists of (days ago, category)."""
    rows = []
    for key, bought in enumerate(people):
        for days, what in bought:
            at = AS_OF - timedelta(days=int(days), hours=1)
            row = {"customer": key, "at": at, "local_date": at.date(), "local_hour": 11}
            rows.append({**row, column: what, "source": "till", "event_key": len(rows)})
    keys = pa.array(range(len(people)), pa.int64())
    tables = {
        "customers": pa.table(
            {"customer": keys, "known_since": pa.nulls(len(people), pa.timestamp("us"))}
        ),
        "event_product_purchased": pa.Table.from_pylist(rows),
    }
    definitions = Definitions(Project(name="shop"), traits={spec.name: spec})
    line = line_with(folder, tables, definitions=definitions, as_of=AS_OF)
    return [row[spec.name] for row in read(take(line, [Profiles()]), "profiles")]


def usual(rng, count):
    return list(zip(rng.integers(0, 300, count), rng.choice(GOODS, count, p=USUAL), strict=True))


def test_planted_tastes_are_told_and_no_others(tmp_path):
    rng = np.random.default_rng(1)
    lovers = [
        usual(rng, 10) + [(day, "wine") for day in rng.choice(300, 12, replace=False)]
        for _ in range(40)
    ]
    hoarders = [usual(rng, 10) + [(7, "toys")] * 30 for _ in range(40)]
    people = lovers + hoarders + [usual(rng, 30) for _ in range(400)]
    found = told(tmp_path, people)
    assert found[:40].count("wine") >= 38
    assert found[40:80].count("toys") <= 2
    assert sum(each is not None for each in found[80:]) <= 10


def test_what_is_long_ago_does_not_count_within_a_window(tmp_path):
    rng = np.random.default_rng(2)
    former = [usual(rng, 10) + [(200 + day, "wine") for day in range(12)] for _ in range(20)]
    rest = [usual(rng, 20) for _ in range(200)]
    spec = TASTE.model_copy(update={"within": "150 days"})
    assert told(tmp_path / "all", former + rest)[:20].count("wine") >= 19
    assert told(tmp_path / "now", former + rest, spec)[:20].count("wine") <= 1


def test_without_the_property_nobody_has_a_taste(tmp_path):
    assert told(tmp_path, [[(1, "x")]], column="colour") == [None]


def test_how_often_it_is_told_falsely_counts_pairs_never_met():
    inside, of, share = (np.array(each) for each in ([5.0, 1.0], [5.0, 5.0], [0.1, 0.5]))
    alone, among = beyond_share(inside, of, share), beyond_share(inside, of, share, 20)
    assert alone == pytest.approx([2e-5, 1 - 0.5**5])
    assert among == pytest.approx([2e-4, 1.0])
