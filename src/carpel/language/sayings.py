"""Nodes that say in few words what the core says in many; `core` unfolds them."""

from dataclasses import dataclass, replace

from carpel.language.nodes import (
    Account,
    All,
    Any,
    Did,
    Doing,
    Node,
    NoneOf,
    Not,
    PeopleWhere,
    Sequence,
    Some,
    Step,
)
from carpel.language.operands import ALL_TIME, AT_LEAST_ONCE, Comparison, Period, Window


@dataclass(frozen=True)
class Regularly(Node):
    """Did so in at least so many of the last periods, each rolling and as long as `each`."""

    did: Did
    at_least: int
    of: int
    each: Period


@dataclass(frozen=True)
class Stopped(Node):
    """Did so within a stretch that ended `since` ago, and not once from then on."""

    doing: Doing
    since: Period
    within: Period | None = None
    comparison: Comparison = AT_LEAST_ONCE


@dataclass(frozen=True)
class Restarted(Node):
    """Did so again after a break of at least so long; `window` is when it started again."""

    doing: Doing
    after: Period
    window: Window = ALL_TIME


@dataclass(frozen=True)
class Changed(Node):
    """A trait changed, from one value to another where they are said."""

    trait: str
    before: Comparison | None = None
    now: Comparison | None = None
    window: Window = ALL_TIME


def core(node: Node) -> Node:
    """The same rule in core nodes only: what is evaluated."""
    match node:
        case All(children):
            return All(tuple(map(core, children)))
        case Any(children):
            return Any(tuple(map(core, children)))
        case NoneOf(children):
            return NoneOf(tuple(map(core, children)))
        case Some(at_least, children):
            return Some(at_least, tuple(map(core, children)))
        case Not(child):
            return Not(core(child))
        case Account(child):
            return Account(core(child))
        case PeopleWhere(child, comparison):
            return PeopleWhere(core(child), comparison)
        case Regularly() | Stopped() | Restarted() | Changed():
            return _unfolded(node)
    return node


def _unfolded(node: Regularly | Stopped | Restarted | Changed) -> Node:
    match node:
        case Regularly(did, at_least, of, each):
            return Some(at_least, tuple(_in_period(did, each, back) for back in range(of)))
        case Stopped(doing, since, within, comparison):
            before = Window(within=within, ago=since)
            did = Did(doing.event, doing.where, before, comparison=comparison)
            return All((did, Not(Did(doing.event, doing.where, Window(within=since)))))
        case Restarted(doing, after, window):
            steps = (Step(doing), Step(doing, after=after, without=(doing,)))
            return Sequence(steps, ends=window)
        case Changed(trait, before, now, window):
            said = {"trait": Comparison("eq", trait), "was": before, "now": now}
            where = {name: each for name, each in said.items() if each is not None}
            return Did("trait_changed", where, window)


def _in_period(did: Did, each: Period, back: int) -> Did:
    ago = replace(each, count=each.count * back) if back else None
    return replace(did, window=Window(within=each, ago=ago))
