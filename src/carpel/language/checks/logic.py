"""Rules that hold for nobody or everybody, and clauses that add nothing to those beside them.

What is claimed is sure: bounds are never narrower than the people they stand for, so an empty one
is nobody. What is not claimed may still be so.
"""

from collections.abc import Iterator
from collections.abc import Sequence as Listed
from dataclasses import dataclass, field

from carpel.language.checks.boxes import every, meet, nobody, some
from carpel.language.checks.clauses import Box, Truth, of_clause
from carpel.language.checks.vocabulary import Finding, Vocabulary
from carpel.language.depth import Walk, walked
from carpel.language.mistakes import Path
from carpel.language.nodes import (
    Account,
    All,
    Any,
    Node,
    NoneOf,
    Not,
    PeopleWhere,
    SegmentRef,
    Some,
)
from carpel.language.references import Trail, whole
from carpel.language.sayings import Regularly
from carpel.language.text import to_text
from carpel.language.walking import beneath

ANYBODY = Truth({}, {}, {}, {})
_LONGEST = 80


@dataclass
class Logic:
    """Reads rules by a vocabulary; `found` is what there is to say, each with its path."""

    vocabulary: Vocabulary
    path: Path = ()
    found: list[Finding] = field(default_factory=list)
    _segments: dict[str, Truth] = field(default_factory=dict)

    def read(self, node: Node, *, account: bool = False) -> Truth:
        """Find everything about a rule; gives the bounds of it."""
        return walked(self._read(node, None, account=account, only_yes=True))

    def _read(self, node: Node, trail: Trail, *, account: bool, only_yes: bool) -> Walk[Truth]:
        below = [] if isinstance(node, Regularly) else list(beneath(node))
        inside = (account or isinstance(node, Account)) and not isinstance(node, PeopleWhere)
        straight = only_yes and isinstance(node, All | Any)
        said = len(self.found)
        truths: list[Truth] = []
        for step, child in below:
            trail_ = (trail, step)
            truths.append((yield self._read(child, trail_, account=inside, only_yes=straight)))
        if isinstance(node, SegmentRef) and node.since is None and self._knows(node.segment):
            truth = yield from self._member(node, account)
        else:
            truth = self._together(node, truths, account)
        if len(self.found) == said:
            self.found += self._constant(node, truth, truths, trail)
        if len(self.found) == said and isinstance(node, All | Any) and len(truths) > 1:
            self.found += self._idle(node, truths, trail, only_yes)
        return truth

    def _knows(self, segment: str) -> bool:
        return segment in self.vocabulary.segments

    def _together(self, node: Node, truths: Listed[Truth], account: bool) -> Truth:
        match node:
            case All():
                return every(truths)
            case Any():
                return some(truths)
            case NoneOf():
                return some(truths).turned()
            case Not():
                return truths[0].turned()
            case Some(least, children) if least in (1, len(children)):
                return every(truths) if least > 1 else some(truths)
            case Some():
                return ANYBODY
        return of_clause(node, account, self.vocabulary)

    def _member(self, node: SegmentRef, account: bool) -> Walk[Truth]:
        """Members match the segment's rule; the others do not, or are unknown there."""
        segment = node.segment
        if segment not in self._segments:
            self._segments[segment] = ANYBODY
            inner = Logic(self.vocabulary, _segments=self._segments)
            rule = self.vocabulary.segments[segment]
            self._segments[segment] = yield inner._read(rule, None, account=account, only_yes=True)
        own, known = of_clause(node, False, self.vocabulary), self._segments[segment]
        yes, no = meet([own.yes, known.yes]), meet([own.no, known.not_yes])
        return Truth(yes, no, no, yes)

    # ---- what is said ----

    def _constant(
        self, node: Node, truth: Truth, truths: Listed[Truth], trail: Trail
    ) -> Iterator[Finding]:
        if nobody(truth.yes):
            path = self._path(trail)
            if isinstance(node, All):
                index = next(n for n in range(len(truths)) if nobody(_yes(truths[: n + 1])))
                path = (*path, "all", index)
                node = node.children[index]
                yield Finding(f"nobody can match: {_told(node)} excludes what stands with it", path)
            else:
                yield Finding(f"nobody can match: {_told(node)} never holds", path)
        elif nobody(truth.not_yes):
            yield Finding(f"{_told(node)} holds for everybody", self._path(trail))

    def _idle(
        self, node: All | Any, truths: Listed[Truth], trail: Trail, only_yes: bool
    ) -> Iterator[Finding]:
        """Clauses without which the others say the same, the last ones first."""
        word = "all" if isinstance(node, All) else "any"
        turned = [each if word == "all" else each.turned() for each in truths]
        asked = _both if not only_yes else _forward if word == "all" else _backward
        before = [ANYBODY]
        for truth in turned:
            before.append(every([before[-1], truth]))
        after = ANYBODY
        for index in reversed(range(len(turned))):
            others = every([before[index], after])
            if asked(others, turned[index]):
                path = (*self._path(trail), word, index)
                yield Finding(
                    f"{_told(node.children[index])} adds nothing to what stands with it", path
                )
            else:
                after = every([after, turned[index]])

    def _path(self, trail: Trail) -> Path:
        return (*self.path, *whole(trail))


def _yes(truths: Listed[Truth]) -> Box:
    return meet(each.yes for each in truths)


def _forward(others: Truth, clause: Truth) -> bool:
    """Whether whoever matches all the others matches the clause."""
    return nobody(meet([others.yes, clause.not_yes]))


def _backward(others: Truth, clause: Truth) -> bool:
    """Whether whoever is no by the clause is no by the others."""
    return nobody(meet([clause.no, others.not_no]))


def _both(others: Truth, clause: Truth) -> bool:
    return _forward(others, clause) and _backward(others, clause)


def _told(node: Node) -> str:
    said = to_text(node)
    return f"`{said if len(said) <= _LONGEST else said[:_LONGEST] + '…'}`"
