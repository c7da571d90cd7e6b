"""The leaves of rules, and the order in which segments depend on each other."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from carpel.errors import NotFound
from carpel.evaluation.comparisons import RELATIVE
from carpel.language import (
    Account,
    All,
    Any,
    Comparison,
    Did,
    Entered,
    Left,
    Moved,
    Node,
    NoneOf,
    People,
    PeopleWhere,
    RuleError,
    SegmentRef,
    Some,
    Trait,
    children,
    find_cycle,
    segment_names,
)
from carpel.language.depth import Walk, walked

_LOGIC = All | Any | NoneOf | Some


def parts(node: Node) -> tuple[Node, ...]:
    """The rules beneath a rule that speak of the same people; none for a leaf."""
    return () if isinstance(node, Account | PeopleWhere) else children(node)


def all_leaves(node: Node) -> Iterator[Node]:
    """The leaves as they stand, in reading order."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        below = parts(each)
        if not below and not isinstance(each, _LOGIC):
            yield each
        waiting += reversed(below)


def plainly(leaf: Node) -> Node:
    """The leaf without saying what a missing value counts as."""
    if isinstance(leaf, Trait | Did) and leaf.missing == "match":
        return replace(leaf, missing="unknown")
    return leaf


def is_given(leaf: Node) -> bool:
    """Whether a leaf is a set made of other sets: of history, of accounts, of their people."""
    of_past = isinstance(leaf, SegmentRef) and leaf.since is not None
    return of_past or isinstance(leaf, Entered | Left | Moved | Account | PeopleWhere)


def looks_back(node: Node) -> bool:
    """Whether a rule asks about the past of segments, its own or that of an account's people."""
    return any(
        is_given(each) and not isinstance(each, Account | PeopleWhere) for each in _all(node)
    )


def alone(node: Node) -> bool:
    """Whether a rule speaks of each person by themselves, as they are now.

    Not when people are compared with each other, belong to accounts, or have been in segments.
    """
    return not any(is_given(leaf) or _compares_people(leaf) for leaf in all_leaves(node))


def _compares_people(leaf: Node) -> bool:
    comparison = getattr(leaf, "comparison", None)
    return isinstance(comparison, Comparison) and comparison.operator in RELATIVE


def _all(node: Node) -> Iterator[Node]:
    """A rule and all rules in it, those of accounts and of their people too."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        yield each
        waiting += children(each)


def given(node: Node) -> list[Node]:
    """The distinct leaves that are sets made of other sets."""
    return list(dict.fromkeys(leaf for leaf in all_leaves(node) if is_given(leaf)))


def leaves(node: Node) -> list[Node]:
    """The distinct leaves that rows decide, without saying what a missing value counts as."""
    return list(
        dict.fromkeys(
            plainly(leaf)
            for leaf in all_leaves(node)
            if not isinstance(leaf, SegmentRef | People) and not is_given(leaf)
        )
    )


def segment_order(
    rules: Iterable[Node], segments: Mapping[str, Node], stored: Collection[str]
) -> list[str]:
    """Segments that these rules need, each after those it needs itself.

    Raises RuleError naming the circle when segments refer to each other, NotFound for a name that
    is neither defined nor stored.
    """
    open_rules = {name: rule for name, rule in segments.items() if name not in stored}
    if circle := find_cycle(open_rules):
        raise RuleError(f"segments refer to each other in a circle: {' → '.join(circle)}")
    order: dict[str, None] = {}
    for rule in rules:
        walked(_needed(rule, segments, stored, order))
    return list(order)


def _needed(
    rule: Node, segments: Mapping[str, Node], stored: Collection[str], order: dict[str, None]
) -> Walk[None]:
    """Put the segments that a rule needs in order; those of its accounts are none of these."""
    for name in _named(rule):
        if name in order or name in stored:
            continue
        if name not in segments:
            raise NotFound("segment", name, {*segments, *stored})
        yield _needed(segments[name], segments, stored, order)
        order[name] = None


def _named(rule: Node) -> Iterable[str]:
    leaves = (leaf for leaf in all_leaves(rule) if not isinstance(leaf, Account | PeopleWhere))
    return dict.fromkeys(name for leaf in leaves for name in segment_names(leaf))
