"""Columns filled batch by batch are those of the whole."""

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from carpel.engine.duckdb import DuckDB
from carpel.engine.query import query
from carpel.evaluation.counting.filling import filled
from carpel.evaluation.counting.rows import Column

KINDS = {"n": pa.int64(), "x": pa.float64(), "word": pa.string(), "flag": pa.bool_()} | {
    "day": pa.date32()
}
CODES = {"word", "day"}


def _rows(random: Random, many: int, *, gaps: bool) -> list[dict[str, Any]]:
    def some(value: Any) -> Any:
        return None if gaps and random.random() < 0.3 else value

    return [
        {
            "n": some(random.randrange(9)),
            "x": some(random.randrange(9) / 4),
            "word": some(random.choice("abc")),
            "flag": some(random.random() < 0.5),
            "day": some(date(2026, 1, random.randint(1, 3))),
        }
        for _ in range(many)
    ]


def _told(found: Column, different: pa.Array | None = None) -> list[Any]:
    there = np.ones(len(found.values), bool) if found.there is None else found.there
    values: Sequence[Any] = found.values.tolist()
    if different is not None:
        values = [
            different[each].as_py() if ok else None for each, ok in zip(values, there, strict=True)
        ]
    return [value if ok else None for value, ok in zip(values, there, strict=True)]


@pytest.mark.parametrize("room", [0, 7, 100])
@pytest.mark.parametrize("gapless", [0, 1, 3])
@pytest.mark.parametrize("batches", [0, 1, 4])
def test_columns_are_those_of_all_batches(batches: int, gapless: int, room: int) -> None:
    random = Random(batches)
    listed = [_rows(random, random.randrange(1, 9), gaps=n >= gapless) for n in range(batches)]
    schema = pa.schema(KINDS)
    made = [pa.RecordBatch.from_pylist(rows, schema) for rows in listed]
    reader = pa.RecordBatchReader.from_batches(schema, made)
    columns, different = filled(reader, CODES, room)
    whole = [row for rows in listed for row in rows]
    assert columns.keys() == KINDS.keys() and different.keys() == CODES
    for name in KINDS:
        assert _told(columns[name], different.get(name)) == [row[name] for row in whole]


def test_an_engine_hands_over_rows_in_their_order() -> None:
    engine = DuckDB()
    tree = query("SELECT i, CAST(i % 3 AS VARCHAR) AS word FROM range(300000) AS r(i)")
    reader = engine.batches(tree)
    assert [each.num_rows for each in reader] and engine.value(query("SELECT 1")) == 1
    columns, different = filled(engine.batches(tree), ["word"], 1000)
    assert columns["i"].values.tolist() == list(range(300_000))
    assert sorted(different["word"].to_pylist()) == ["0", "1", "2"]
    engine.close()
