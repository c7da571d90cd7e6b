"""Spark: rows in and out, ranges of keys, what is refused."""

from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyroaring import BitMap

from carpel.engine.duckdb import DuckDB
from carpel.engine.query import column, query, table
from carpel.engine.spark import Spark
from carpel.errors import EngineError
from carpel.language import parse
from carpel.testing.conformance import business
from carpel.testing.conformance.check import evaluator
from carpel.testing.conformance.rules import SEGMENTS

from .test_postgres import ALL, EVERY_KIND, cells

pytestmark = pytest.mark.slow


def test_every_kind_of_column_comes_back_as_it_went(spark: Spark, tmp_path: Path) -> None:
    ours = DuckDB()
    for engine in (ours, spark):
        engine.register("it", EVERY_KIND)
    assert spark.columns("it")["key"] == "UBIGINT"
    assert cells(spark.rows(ALL)) == cells(ours.rows(ALL))
    assert spark.write(ALL, tmp_path / "written.parquet") == EVERY_KIND.num_rows
    written = pq.read_table(tmp_path / "written.parquet").to_pylist()
    assert cells([tuple(row.values()) for row in written]) == cells(ours.rows(ALL))
    ours.close()


def test_edges_of_words_are_ascii_as_everywhere(spark: Spark) -> None:
    words = pa.table({"a": ["ßs", "as", "s", "a s", "Σας"]})
    ours = DuckDB()
    for pattern in (r"\bs", r"s\b", r"\Bs", r"s\B"):
        matched = query("REGEXP_MATCHES(:a, :p)", a=column("a"), p=pattern)
        asked = query("SELECT a, :m AS m FROM :t", m=matched, t=table("it"))
        for engine in (ours, spark):
            engine.register("it", words)
        assert cells(spark.rows(asked)) == cells(ours.rows(asked)), pattern
    ours.close()


@pytest.mark.prove
def test_ranges_of_keys_together_are_everybody(spark: Spark) -> None:
    tables = business.tables(Random(3))
    when = business.MOMENT, business.ZONE
    whole = evaluator(spark, tables, SEGMENTS, *when)
    rules = {name: parse(rule) for name, rule in SEGMENTS.items()}
    found = whole.all(rules)
    apart: dict[str, BitMap] = {name: BitMap() for name in rules}
    for low, high in ((0, 60), (60, 120), (120, 200)):
        part = spark.within(low, high)
        evaluated = type(whole)(part, as_of=when[0], zone=when[1], segments=rules).all(rules)
        for name, sets in evaluated.items():
            assert not apart[name] & sets.yes
            apart[name] |= sets.yes
    assert apart == {name: sets.yes for name, sets in found.items()}


def test_what_it_cannot_do_is_an_error(spark: Spark) -> None:
    with pytest.raises(EngineError, match="spark does not do this"):
        spark.handle()
    with pytest.raises(EngineError, match="no_such"):
        spark.fetch(query("SELECT * FROM no_such"))
