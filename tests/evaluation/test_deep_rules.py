"""Rules nested thousands of levels deep are evaluated; what cannot be said of them is refused."""

from random import Random
from typing import Any

import pytest

from carpel.errors import CarpelError
from carpel.language import All, Node, Not, SegmentRef, parse

DEEP = 1500


@pytest.mark.slow
def test_a_rule_of_any_depth_gives_what_it_says(kit: Any) -> None:
    world = kit.world(Random(3))
    evaluator = world.evaluator()
    flat = parse({"trait": "age", "at_least": 20})
    deep: Node = flat
    for level in range(DEEP):
        deep = Not(deep) if level % 2 else Not(All((deep,)))
    assert evaluator.sets(deep) == evaluator.sets(flat)
    customer = world.customers[0]
    told, plainly = (evaluator.explain(each, customer) for each in (deep, flat))
    assert [each.node for each in told.deciding()] == [flat]
    assert told.verdict == plainly.verdict
    assert evaluator.preview(deep).people == evaluator.preview(flat).people
    chain = {f"s{level}": Not(SegmentRef(f"s{level + 1}")) for level in range(DEEP)}
    linked = world.evaluator()
    linked.segments = {**linked.segments, **chain, f"s{DEEP}": flat}
    assert linked.sets(SegmentRef("s0")).yes == evaluator.sets(flat).yes


def test_a_rule_too_deep_for_one_statement_is_refused_in_words(kit: Any) -> None:
    world = kit.world(Random(3))
    deep: Node = parse({"trait": "age", "at_least": 20})
    for _ in range(DEEP):
        deep = Not(deep)
    with pytest.raises(CarpelError, match="deep"):
        world.evaluator().sql(deep)
