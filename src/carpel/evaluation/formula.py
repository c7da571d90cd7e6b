"""Many rules about one customer at once: Kleene's logic on numbers, a level of all trees after
the other.

0 is no, 1 is unknown, 2 is yes: `all` is the least, `any` the largest, `not` the distance from 2.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from carpel.evaluation.leaves import parts, plainly
from carpel.language import All, Any, Did, Node, NoneOf, Not, SegmentRef, Some, Trait
from carpel.language.depth import Walk, in_turn, walked

Array = np.ndarray
NO, UNKNOWN, YES = 0, 1, 2
LEAST, MOST, OPPOSITE, MISSING, MEMBER = "least", "most", "opposite", "missing", "member"


@dataclass(frozen=True)
class _Step:
    """Places of one level whose verdicts are made alike of those of others."""

    word: str
    enough: int
    made: Array
    of: Array
    starts: Array
    """Where in `of` those for each place begin."""


class Formula:
    """Where in one row of verdicts those of leaves and of rules stand; `verdicts` makes the rest.

    `segments` are the rules that others may name, in an order in which each comes after those
    that it names.
    """

    def __init__(self, rules: Mapping[str, Node], segments: Mapping[str, Node]) -> None:
        self.leaves: dict[Node, int] = {}
        self.references: dict[str, int] = {}
        """Where a segment that is named by others stands as they see it."""
        self._levels: list[int] = []
        self._known: dict[Hashable, int] = {}
        self._plan: dict[tuple[int, str, int], list[tuple[int, tuple[int, ...]]]] = {}
        for name, rule in segments.items():
            self.references[name] = self._made(MEMBER, (walked(self._place(rule)),), name)
        self.rules = {name: walked(self._place(rule)) for name, rule in rules.items()}
        self.steps = list(self._steps())

    def _place(self, node: Node) -> Walk[int]:
        below = yield from in_turn(map(self._place, parts(node)))
        return self._of(node, tuple(below))

    def _of(self, node: Node, below: tuple[int, ...]) -> int:
        match node:
            case All():
                return self._made(LEAST, below)
            case Any():
                return self._made(MOST, below)
            case NoneOf():
                return self._made(OPPOSITE, (self._made(MOST, below),))
            case Not():
                return self._made(OPPOSITE, below)
            case Some(least):
                return self._made("some", below, enough=least)
            case SegmentRef(segment, None) if segment in self.references:
                return self.references[segment]
            case Trait(missing="match") | Did(missing="match"):
                return self._made(MISSING, (self._leaf(plainly(node)),))
        return self._leaf(node)

    def _leaf(self, node: Node) -> int:
        if node not in self.leaves:
            self.leaves[node] = self._fresh(0)
        return self.leaves[node]

    def _fresh(self, level: int) -> int:
        self._levels.append(level)
        return len(self._levels) - 1

    def _made(self, word: str, below: tuple[int, ...], name: str = "", enough: int = 0) -> int:
        key = word, below, name, enough
        if key not in self._known:
            level = 1 + max((self._levels[each] for each in below), default=0)
            self._known[key] = place = self._fresh(level)
            self._plan.setdefault((level, word if below else f"no {word}", enough), []).append(
                (place, below)
            )
        return self._known[key]

    def _steps(self) -> Iterator[_Step]:
        for (_, word, enough), made in sorted(self._plan.items()):
            counts = [len(below) for _, below in made]
            yield _Step(
                word,
                enough,
                np.array([place for place, _ in made]),
                np.array([each for _, below in made for each in below], np.intp),
                np.cumsum([0, *counts[:-1]]),
            )

    def verdicts(self, leaves: Array, members: Mapping[str, bool]) -> Array:
        """The verdicts of all places, by those of the leaves in the order of `leaves`.

        `members` are segments of which it is known already whether the customer is in.
        """
        row = np.zeros(len(self._levels), np.int8)
        row[list(self.leaves.values())] = leaves
        given = {self.references[name]: YES * held for name, held in members.items()}
        for step in self.steps:
            row[step.made] = _MADE[step.word](row[step.of], step)
            if step.word == MEMBER:
                for place in given.keys() & set(step.made.tolist()):
                    row[place] = given[place]
        return row


def _some(of: Array, step: _Step) -> Array:
    yes = np.add.reduceat((of == YES).astype(np.intp), step.starts) >= step.enough
    possible = np.add.reduceat((of != NO).astype(np.intp), step.starts) >= step.enough
    found: Array = yes.astype(np.int8) + possible
    return found


_MADE: Mapping[str, Callable[[Array, _Step], Array | int]] = {
    LEAST: lambda of, step: np.minimum.reduceat(of, step.starts),
    MOST: lambda of, step: np.maximum.reduceat(of, step.starts),
    OPPOSITE: lambda of, _step: YES - of,
    "some": _some,
    MISSING: lambda of, _step: np.where(of == UNKNOWN, YES, of),
    MEMBER: lambda of, _step: np.where(of == YES, YES, NO),
    f"no {LEAST}": lambda _of, _step: YES,
    f"no {MOST}": lambda _of, _step: NO,
    "no some": lambda _of, _step: NO,
}
