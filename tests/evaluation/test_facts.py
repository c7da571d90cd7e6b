"""Clauses about traits, decided by their different values: beside the same ones decided by SQL."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest

from carpel.engine.duckdb import DuckDB
from carpel.evaluation import Evaluator
from carpel.evaluation import everybody as everybody_module
from carpel.evaluation.counting.facts import Customers
from carpel.language import parse

AS_OF = datetime.fromisoformat("2026-03-01T12:00")
KINDS = {
    "age": ("integer", pa.int64()),
    "city": ("text", pa.string()),
    "spend": ("number", pa.float64()),
    "score": ("number", pa.decimal128(9, 2)),
    "joined": ("date", pa.date32()),
    "seen_at": ("instant", pa.timestamp("us")),
    "vip": ("boolean", pa.bool_()),
    "likes": ("list", pa.list_(pa.string())),
}
RULES: list[dict[str, Any]] = [
    {"trait": "age", "between": [20, 40]},
    {"trait": "age", "is": 2**53 + 1},
    {"trait": "age", "is_set": True},
    {"trait": "age", "at_least": 30, "missing": "match"},
    {"trait": "city", "in": ["Bonn", "Cologne"]},
    {"trait": "city", "is": "cologne", "fold": True},
    {"trait": "city", "contains": "o"},
    {"trait": "city", "is_empty": True},
    {"trait": "spend", "more_than": 10},
    {"trait": "spend", "is_not": 0},
    {"trait": "spend", "top": "20%"},
    {"trait": "score", "is": 0.1},
    {"trait": "joined", "in_last": "30 days"},
    {"trait": "joined", "anniversary_in": "10 days"},
    {"trait": "seen_at", "older_than": "5 days"},
    {"trait": "vip", "is": True},
    {"trait": "likes", "any_of": ["tea", "golf"]},
    {"trait": "likes", "none_of": ["tea"]},
    {"trait": "likes", "length": {"at_least": 2}},
]


def _row(random: Random) -> dict[str, Any]:
    drawn = {
        "age": random.choice([17, 20, 40, 2**53, 2**53 + 1]),
        "city": random.choice(["Bonn", "Cologne", "cologne", ""]),
        "spend": random.choice([0.0, -0.0, 10.0, 10.5, float("nan"), float("inf")]),
        "score": random.choice([Decimal("0.10"), Decimal(9)]),
        "joined": date(2026, 3, 1) - timedelta(days=random.choice([0, 29, 30, 31, 360])),
        "seen_at": AS_OF - timedelta(days=random.choice([1, 5, 6])),
        "vip": random.random() < 0.5,
        "likes": random.choice([[], ["tea"], ["golf", "tea"], ["golf", None], ["yoga"]]),
    }  # fmt: skip
    return {name: each if random.random() < 0.85 else None for name, each in drawn.items()}


def _evaluator(random: Random, keys: list[int]) -> Evaluator:
    rows = [{"customer": key, **_row(random)} for key in keys]
    schema = pa.schema({"customer": pa.int64()} | {n: kind for n, (_, kind) in KINDS.items()})
    engine = DuckDB()
    engine.register("profiles", pa.Table.from_pylist(rows, schema))
    everybody = pa.array(sorted({*keys, 5}), pa.int64())  # one of whom nothing is known
    engine.register("customers", pa.table({"customer": everybody}))
    traits = [
        {"trait": name, "type": kind, "table": "profiles", "expression": name}
        for name, (kind, _) in KINDS.items()
    ]
    engine.register("traits", pa.Table.from_pylist(traits))
    return Evaluator(engine, as_of=AS_OF, zone=ZoneInfo("UTC"))


@pytest.mark.parametrize(
    "keys",
    [
        list(range(10, 70)),
        [*range(0, 60, 2), 65_536, 70_000],
        [2**31, 3, 9, 8],
        [7, 7, 8, 8, 9],
        [],
    ],
    ids=["gapless", "sparse", "in any order", "twice", "nobody"],
)
def test_in_memory_as_by_sql(monkeypatch: pytest.MonkeyPatch, keys: list[int]) -> None:
    rules = {str(place): parse(rule) for place, rule in enumerate(RULES)}
    found = _evaluator(Random(3), keys).all(rules)
    monkeypatch.setattr(everybody_module, "is_fact", lambda _atom: False)
    expected = _evaluator(Random(3), keys).all(rules)
    for name in rules:
        assert found[name] == expected[name], RULES[int(name)]
    assert all(5 in found[name].unknown for name in ("0", "4", "8", "16"))


def test_what_was_read_is_kept() -> None:
    evaluator = _evaluator(Random(3), list(range(10, 70)))
    first = evaluator.sets(parse(RULES[0]))
    evaluator.catalogue.engine.register(
        "profiles", pa.table({"customer": pa.array([], pa.int64())})
    )
    assert evaluator.sets(parse({"not": RULES[0]})).yes == evaluator.universe - first.possible
    assert first.yes | evaluator.sets(parse({"trait": "age", "less_than": 20})).yes > first.yes


@pytest.mark.parametrize("keys", [[2, 5, 9], [9, 2, 5], []])
def test_where_a_customer_is_among_those_of_a_table(keys: list[int]) -> None:
    customers = Customers(np.array(keys, np.uint32))
    for who in range(12):
        assert customers.place(who) == (keys.index(who) if who in keys else None)
