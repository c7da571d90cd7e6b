"""Random rules over random data: our sets, our SQL and one person at a time, against a naive
evaluator in plain Python that shares no code with ours."""

from collections import Counter
from random import Random
from typing import Any, get_args

import pytest

from carpel.language import Aggregate, Operator

WORLDS = 3
SEED = 20260303
WORDS = [
    "all",
    "any",
    "none",
    "not",
    "some",
    "at_least",
    "union",
    "intersect",
    "minus",
    "trait",
    "did",
    "sequence",
    "then",
    "then_not",
    "without",
    "within",
    "after",
    "ends_within",
    "regularly",
    "each",
    "of",
    "stopped",
    "since",
    "restarted",
    "changed",
    "from",
    "to",
    "holds",
    "held",
    "account",
    "people",
    "segment",
    "for",
    "entered",
    "left",
    "moved",
    "segmentation",
    "consent",
    "purpose",
    "sample",
    "salt",
    "near",
    "holiday",
    "missing",
    "zone",
    "where",
    "fold",
    "ago",
    "until",
    "during",
    "since_last",
    "since_first",
]
"""Every word of a node, a step and a window."""
SAID = {"ge": "at_least", "le": "at_most", "gt": "more_than", "lt": "less_than"}
SAID |= {"eq": "is", "ne": "is_not"}
OPERATORS = [SAID.get(word, word) for word in get_args(Operator)]
AGGREGATES = [word for word in get_args(Aggregate) if word != "count"]


def _check(
    kit: Any,
    seed: int,
    depth: int,
    *,
    with_sql: int,
    with_people: int,
    with_kept: int,
    count: int = 100,
) -> Counter[str]:
    """Compare rules; gives how often each word of the language was met."""
    random = Random(seed)
    world = kit.world(random, moment=seed)
    rules = kit.rules(random, count, depth)
    parsed = kit.parsed(rules)
    evaluator, naive = world.evaluator(), kit.naive(world)
    found = evaluator.all(parsed)
    for name, rule in rules.items():
        told = f"seed {seed}, {world.moment} {world.zone}: {rule}"
        assert (set(found[name].yes), set(found[name].unknown)) == kit.sets(rule, naive), told
    kept = world.evaluator()
    kept.keep(list(parsed.values())[::2])
    for name, rule in list(parsed.items())[:with_kept]:
        assert kept.sets(rule) == found[name], f"seed {seed}, kept in memory: {rules[name]}"
    engine = evaluator.catalogue.engine
    for name in list(rules)[:with_sql]:
        rows = engine.connection.execute(evaluator.sql(parsed[name])).fetchall()
        assert [row[0] for row in rows] == sorted(found[name].yes), rules[name]
    for name in list(rules)[-with_people:]:
        customer = random.choice(world.customers)
        verdict = evaluator.explain(parsed[name], customer).verdict
        said = naive.verdict(rules[name], customer)
        assert verdict == {True: "yes", False: "no", None: "unknown"}[said], rules[name]
    return sum(map(kit.words, rules.values()), Counter())


def _rare(met: Counter[str], least: int) -> dict[str, int]:
    return {word: met[word] for word in (*WORDS, *OPERATORS, *AGGREGATES) if met[word] < least}


def test_some_random_rules_give_what_a_naive_evaluator_gives(kit: Any) -> None:
    assert _check(kit, SEED - 1, 1, with_sql=2, with_people=5, with_kept=10, count=25)


@pytest.mark.slow
def test_random_rules_give_what_a_naive_evaluator_gives(kit: Any) -> None:
    met = Counter[str]()
    for number in range(WORLDS):
        met += _check(kit, SEED + number, 1, with_sql=5, with_people=10, with_kept=30)
    assert not _rare(met, 1)


@pytest.mark.prove
def test_20_000_random_rules(kit: Any, fresh_seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    met = Counter[str]()
    for number in range(200):
        met += _check(kit, fresh_seed + number, 3, with_sql=10, with_people=10, with_kept=100)
    assert not _rare(met, 100)
    with capsys.disabled():
        print("\n20,000 rules;", *(f"{word} {met[word]:,}" for word in sorted(met)))
