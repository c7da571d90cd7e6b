"""Nodes that say in few words what the core says in many; `language.unfolding` unfolds them."""

from dataclasses import dataclass

from carpel.language.nodes import Did, Doing, Node
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
