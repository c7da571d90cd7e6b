"""One meaning on every engine: the same rules over the same rows find the same people."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from carpel.engine.base import Engine
from carpel.engine.duckdb import DuckDB
from carpel.evaluation import Evaluator, Sets
from carpel.language import Node, parse

from ..evaluation import conftest as plain
from . import strange

Rules = Mapping[str, dict[str, Any]]
SEED = 20260401
ALL_OPERATORS = strange.every_rule()


def evaluator(
    engine: Engine, tables: Mapping[str, pa.Table], segments: Rules, moment: Any, zone: Any
) -> Evaluator:
    for name, table in tables.items():
        engine.register(name, table)
    known: dict[str, Node] = {name: parse(rule) for name, rule in segments.items()}
    return Evaluator(engine, as_of=moment, zone=zone, segments=known)


def differences(found: Mapping[str, Sets], other: Mapping[str, Sets], rules: Rules) -> list[str]:
    """The rules that find other people on the other engine, and which people."""
    return [
        f"{rules[name]}: yes {sorted(found[name].yes ^ other[name].yes)}, "
        f"unknown {sorted(found[name].unknown ^ other[name].unknown)}"
        for name in rules
        if found[name] != other[name]
    ]


def compare(
    other: Engine, tables: Mapping[str, pa.Table], rules: Rules, segments: Rules, *when: Any
) -> None:
    """The rules find the same on DuckDB and on another engine, over equal tables."""
    parsed = {name: parse(rule) for name, rule in rules.items()}
    ours = DuckDB()
    try:
        found = evaluator(ours, tables, segments, *when).all(parsed)
    finally:
        ours.close()
    assert any(each.yes for each in found.values())
    theirs = evaluator(other, tables, segments, *when).all(parsed)
    assert not differences(found, theirs, rules)


def strange_rules(other: Engine, seed: int, rules: Rules) -> None:
    tables = strange.tables(Random(seed))
    compare(other, tables, rules, strange.SEGMENTS, strange.MOMENT, strange.ZONE)


def random_rules(other: Engine, seed: int, count: int, rule: Callable[[Random], Any]) -> None:
    random = Random(seed)
    world = plain.random_world(random)
    rules = {f"rule {number}": rule(random) for number in range(count)}
    compare(other, world.tables(), rules, world.segments, plain.MOMENT, plain.ZONE)


def test_an_eighth_of_every_operator_aggregate_and_window_on_postgres(postgres: Engine) -> None:
    listed = list(ALL_OPERATORS.items())
    strange_rules(postgres, SEED, dict(listed[::8]))


@pytest.mark.slow
def test_every_operator_aggregate_and_window_on_postgres(postgres: Engine) -> None:
    strange_rules(postgres, SEED + 1, ALL_OPERATORS)


def test_random_rules_on_postgres(postgres: Engine) -> None:
    random_rules(postgres, SEED, 100, plain.random_rule)


@pytest.mark.slow
def test_a_quarter_of_every_operator_aggregate_and_window_on_spark(spark: Engine) -> None:
    listed = list(ALL_OPERATORS.items())
    strange_rules(spark, SEED, dict(listed[::4]))


@pytest.mark.prove
@pytest.mark.parametrize("number", range(10))
def test_2_000_random_rules_on_postgres_and_spark(
    number: int, postgres: Engine, spark: Engine
) -> None:
    for other in (postgres, spark):
        random_rules(other, 8_000_000 + number, 200, plain.random_rule)
        strange_rules(other, 8_000_000 + number, ALL_OPERATORS)
