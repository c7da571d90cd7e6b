"""What rules cost: the seconds that evaluating their clauses took, shared evenly."""

from collections import Counter
from collections.abc import Collection, Hashable, Mapping
from time import perf_counter
from typing import TypeVar

from carpel.evaluation.leaves import given, leaves
from carpel.language import Node

T = TypeVar("T", bound=Hashable)


class Watch:
    """Seconds by what they were spent on; each lap belongs to all that it found, evenly."""

    def __init__(self) -> None:
        self.began = perf_counter()

    def lap(self, found: Collection[T], spent: dict[T, float]) -> None:
        """Add the seconds since the last lap."""
        now = perf_counter()
        for each in found:
            spent[each] = spent.get(each, 0.0) + (now - self.began) / len(found)
        self.began = now


def shared_out(spent: Mapping[Node, float], rules: Mapping[str, Node]) -> dict[str, float]:
    """Seconds of each rule; those of a clause that many rules have are split evenly among them.

    Rules are given as they are evaluated. Of segments that a rule names, the cost is their own.
    """
    asked = {name: [*leaves(rule), *given(rule)] for name, rule in rules.items()}
    users = Counter(leaf for listed in asked.values() for leaf in listed)
    return {
        name: sum(spent.get(leaf, 0.0) / users[leaf] for leaf in listed)
        for name, listed in asked.items()
    }
