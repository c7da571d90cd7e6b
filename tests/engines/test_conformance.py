"""One meaning on every engine: the same rules over the same rows find the same people."""

from random import Random

import pytest

from carpel.engine.base import Engine
from carpel.engine.duckdb import DuckDB
from carpel.engine.query import Tree
from carpel.testing import check_engine
from carpel.testing.conformance.check import compare

from ..evaluation.naive.rules import random_rule
from ..evaluation.naive.world import PLACES, random_world

pytestmark = pytest.mark.slow

SEED = 20260401
ALL = 2_175
"""Rules of the kit."""


def random_rules(other: Engine, seed: int, count: int) -> None:
    """Rules of every word of the language, over a business of the naive evaluator's."""
    random = Random(seed)
    world = random_world(random, moment=seed)
    rules = {f"rule {number}": random_rule(random) for number in range(count)}
    places = {f"tier.{place}": {"segmentation": "tier", "in": [place]} for place in PLACES}
    segments = {**places, **world.segments}
    compare(other, world.tables(), rules, segments, world.moment, world.zone)


def test_some_of_every_operator_aggregate_window_and_clause_on_postgres(postgres: Engine) -> None:
    assert check_engine(postgres, seed=SEED, every=40) >= ALL // 40
    assert "customers" not in postgres.tables()


def test_more_of_every_operator_aggregate_window_and_clause_on_postgres(
    postgres: Engine,
) -> None:
    check_engine(postgres, seed=SEED + 1, every=80)


def test_random_rules_on_postgres(postgres: Engine) -> None:
    random_rules(postgres, SEED, 20)


def test_some_of_every_operator_aggregate_window_and_clause_on_spark(spark: Engine) -> None:
    check_engine(spark, seed=SEED, every=320)


@pytest.mark.prove
@pytest.mark.parametrize("number", range(10))
def test_2_000_random_rules_and_all_others_on_postgres_and_spark(
    number: int, fresh_seed: int, postgres: Engine, spark: Engine
) -> None:
    for other in (postgres, spark):
        random_rules(other, fresh_seed + number, 200)
        check_engine(other, seed=fresh_seed + number)


class Different(DuckDB):
    """An engine that means something else by a word."""

    def text(self, tree: Tree, *, pretty: bool = False) -> str:
        return super().text(tree, pretty=pretty).replace("MD5(", "SHA256(")


def test_an_engine_that_means_something_else_is_told_by_which_rule() -> None:
    engine = Different()
    world = random_world(Random(1))
    rules = {"a": {"sample": 0.5, "salt": "spring"}, "b": {"people": list(range(50))}}
    with pytest.raises(AssertionError, match="1 of 2 rules differ") as told:
        compare(engine, world.tables(), rules, {}, world.moment, world.zone)
    engine.close()
    assert "{'sample': 0.5, 'salt': 'spring'}: yes [" in str(told.value)
    assert "people" not in str(told.value)
