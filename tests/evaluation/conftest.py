"""A small random business, rules about it, and a naive evaluator that shares no code with ours."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest

from carpel.language import Node, parse

from .naive.logic import Naive
from .naive.rules import Rule, random_rule, words
from .naive.world import World, random_world


def sets(rule: Rule, naive: Naive) -> tuple[set[int], set[int]]:
    """Who matches, and of whom it is not known."""
    verdicts = {customer: naive.verdict(rule, customer) for customer in naive.everybody}
    return (
        {c for c, verdict in verdicts.items() if verdict},
        {c for c, verdict in verdicts.items() if verdict is None},
    )


def plain_rule(random: Random) -> Rule:
    """A rule whose clauses all can come out otherwise by one change."""
    return random_rule(random, plain=True)


@dataclass(frozen=True)
class Kit:
    """What the tests of this folder share."""

    world: Callable[..., World] = random_world
    empty: type[World] = World
    naive: type[Naive] = Naive
    rule: Callable[..., Rule] = plain_rule
    sets: Callable[[Rule, Naive], tuple[set[int], set[int]]] = sets
    words: Callable[[Any], Mapping[str, int]] = words

    def verdict(self, rule: Rule, world: World, customer: int) -> bool | None:
        return Naive(world).verdict(rule, customer)

    def rules(self, random: Random, count: int, depth: int = 3) -> dict[str, Rule]:
        """Rules of every kind, of up to so many levels."""
        return {f"r{number}": random_rule(random, depth) for number in range(count)}

    def parsed(self, rules: Mapping[str, Rule]) -> dict[str, Node]:
        return {name: parse(rule) for name, rule in rules.items()}


@pytest.fixture(scope="session")
def kit() -> Iterator[Kit]:
    yield Kit()
