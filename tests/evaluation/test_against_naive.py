"""Random rules over random data: our sets, our SQL and one person at a time, against a naive
evaluator in plain Python that shares no code with ours."""

from random import Random
from typing import Any

import pytest

WORLDS = 3
SEED = 20260301


def _check(kit: Any, seed: int, count: int, *, with_sql: int, with_people: int) -> None:
    random = Random(seed)
    world = kit.world(random)
    rules = kit.rules(random, count)
    parsed = kit.parsed(rules)
    evaluator = world.evaluator()
    found = evaluator.all(parsed)
    for name, rule in rules.items():
        yes, unknown = kit.sets(rule, world)
        told = f"seed {seed}: {rule}"
        assert set(found[name].yes) == yes, told
        assert set(found[name].unknown) == unknown, told
    engine = evaluator.catalogue.engine
    for name in list(rules)[:with_sql]:
        rows = engine.connection.execute(evaluator.sql(parsed[name])).fetchall()
        assert [row[0] for row in rows] == sorted(found[name].yes), rules[name]
    for name in list(rules)[:with_people]:
        customer = random.choice(world.customers)
        verdict = evaluator.explain(parsed[name], customer).verdict
        said = kit.verdict(rules[name], world, customer)
        assert verdict == {True: "yes", False: "no", None: "unknown"}[said], rules[name]


@pytest.mark.parametrize("number", range(WORLDS))
def test_random_rules_give_what_a_naive_evaluator_gives(kit: Any, number: int) -> None:
    _check(kit, SEED + number, 100, with_sql=10, with_people=15)


@pytest.mark.prove
@pytest.mark.parametrize("number", range(40))
def test_20_000_random_rules(kit: Any, number: int) -> None:
    _check(kit, 7_000_000 + number, 500, with_sql=50, with_people=50)
