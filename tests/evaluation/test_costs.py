"""What rules cost is what was spent, each clause's part shared evenly by those who have it."""

from random import Random
from time import perf_counter
from typing import Any

import pytest

from carpel.evaluation.costs import shared_out
from carpel.language import parse

TEA, CUPS = parse({"did": "tea"}), parse({"did": "cups"})


def test_what_rules_share_is_split_evenly() -> None:
    rules = {"a": TEA, "b": parse({"all": [{"did": "tea"}, {"not": {"did": "cups"}}]}), "c": CUPS}
    found = shared_out({TEA: 4.0, CUPS: 1.0}, {**rules, "d": parse({"segment": "a"})})
    assert found == {"a": 2.0, "b": 2.5, "c": 0.5, "d": 0.0}


@pytest.mark.slow
def test_all_seconds_are_somebodys(kit: Any) -> None:
    random = Random(4)
    evaluator, rules = kit.world(random).evaluator(), kit.parsed(kit.rules(random, 40))
    evaluator.universe  # noqa: B018 - read before the watch begins
    began = perf_counter()
    evaluator.all(rules)
    taken = perf_counter() - began
    found = evaluator.seconds(rules)
    assert found.keys() == rules.keys() and sum(found.values()) <= taken
    assert sum(found.values()) > 0.2 * taken
    assert sum(evaluator.seconds({"r0": rules["r0"]}).values()) == pytest.approx(
        sum(evaluator.seconds({"r0": rules["r0"], "again": rules["r0"]}).values())
    )


def test_what_is_known_costs_nothing_again(kit: Any) -> None:
    """Nor does a rule inside a rule: of people, of their account, of its people."""
    evaluator = kit.world(Random(4)).evaluator()
    rules = {"r": parse({"account": {"people": {"where": {"did": "bought"}, "at_least": 1}}})}
    evaluator.all(rules)
    spent = evaluator.seconds(rules)
    evaluator.all(rules)
    assert evaluator.seconds(rules) == spent and spent["r"] > 0
