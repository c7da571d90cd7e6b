"""The rule tree: what a rule can say, as frozen values. No SQL, no data.

What they compare with is in `language.operands`. The nodes here are the core that data decides;
those in `language.sayings` say the same in fewer words and unfold into these.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from carpel.language.operands import (
    ALL_TIME,
    AT_LEAST_ONCE,
    Aggregate,
    Comparison,
    Missing,
    Period,
    Window,
)


class Node:
    """One place in a rule tree."""


class Branch(Node):
    """A rule with rules in it, of any depth: compared and hashed laid out flat, off the stack."""

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Branch) and _flat(self) == _flat(other))

    def __hash__(self) -> int:
        return hash(tuple(_flat(self)))


def _flat(branch: Branch) -> list[object]:
    """All that a rule says in reading order: leaves, and of branches what they say themselves."""
    said: list[object] = []
    waiting: list[Node] = [branch]
    while waiting:
        each = waiting.pop()
        if not isinstance(each, Branch):
            said.append(each)
            continue
        own = dict(vars(each))
        below = own.pop("children") if "children" in own else (own.pop("child"),)
        said.append((type(each), tuple(own.values()), len(below)))
        waiting += reversed(below)
    return said


@dataclass(frozen=True, eq=False)
class All(Branch):
    """Everybody in each of the children."""

    children: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class Any(Branch):
    """Everybody in at least one of the children."""

    children: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class NoneOf(Branch):
    """Everybody in no child."""

    children: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class Not(Branch):
    """Everybody not in the child; who is unknown there stays unknown."""

    child: Node


@dataclass(frozen=True, eq=False)
class Some(Branch):
    """Everybody in at least so many of the children; an equal child counts once for each time."""

    at_least: int
    children: tuple[Node, ...]


@dataclass(frozen=True)
class Trait(Node):
    """A fact about the person compares so."""

    trait: str
    comparison: Comparison
    missing: Missing = "unknown"
    zone: str = ""
    """Whose days they are: the project's (empty), a named zone's, or the person's `own`."""


@dataclass(frozen=True)
class Doing:
    """Events of one kind whose properties compare so."""

    event: str
    where: Mapping[str, Comparison] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.event, _hashable(self.where)))


@dataclass(frozen=True)
class Anchor:
    """The person's first or last event of a kind: a window may begin right after it."""

    which: str
    """`first` or `last`."""
    doing: Doing


@dataclass(frozen=True)
class Did(Node):
    """An aggregate over what the person did compares so; by default: at least once."""

    event: str
    where: Mapping[str, Comparison] = field(default_factory=dict)
    window: Window = ALL_TIME
    aggregate: Aggregate = "count"
    property: str | None = None
    comparison: Comparison = AT_LEAST_ONCE
    missing: Missing = "unknown"
    zone: str = ""
    since: Anchor | None = None
    """Only events strictly later than this one; without it nothing is known."""

    def __hash__(self) -> int:
        rest = (self.event, self.window, self.aggregate, self.property, self.comparison)
        return hash((*rest, _hashable(self.where), self.missing, self.zone, self.since))


@dataclass(frozen=True)
class Step:
    """One step of a sequence: what happens, and how it follows on the step before.

    `within` is the longest gap and `after` the shortest; `without` must not happen between the
    two. An `absent` step is one that does not happen within its gap, once the gap is over.
    """

    doing: Doing
    within: Period | None = None
    after: Period | None = None
    without: tuple[Doing, ...] = ()
    absent: bool = False


@dataclass(frozen=True)
class Sequence(Node):
    """Steps one after the other, each strictly later than the one before."""

    steps: tuple[Step, ...]
    window: Window = ALL_TIME
    """All steps lie in it."""
    ends: Window = ALL_TIME
    """The last step that happens lies in it."""
    zone: str = ""


@dataclass(frozen=True)
class Holds(Node):
    """So many contracts, held now or ever, whose terms compare so; by default: at least one."""

    where: Mapping[str, Comparison] = field(default_factory=dict)
    ever: bool = False
    comparison: Comparison = AT_LEAST_ONCE
    zone: str = ""

    def __hash__(self) -> int:
        return hash((_hashable(self.where), self.ever, self.comparison, self.zone))


@dataclass(frozen=True)
class SegmentRef(Node):
    """Member of another segment; with `since`, without a break for at least so long."""

    segment: str
    since: Period | None = None


@dataclass(frozen=True)
class Entered(Node):
    """Joined a segment within a window."""

    segment: str
    window: Window = ALL_TIME


@dataclass(frozen=True)
class Left(Node):
    """Left a segment within a window."""

    segment: str
    window: Window = ALL_TIME


@dataclass(frozen=True)
class SegmentationRef(Node):
    """In one of the named places of a segmentation."""

    segmentation: str
    places: tuple[str, ...]


@dataclass(frozen=True)
class Moved(Node):
    """Went from one of these places of a segmentation to one of those, within a window."""

    segmentation: str
    before: tuple[str, ...]
    now: tuple[str, ...]
    window: Window = ALL_TIME


@dataclass(frozen=True)
class Consent(Node):
    """May be contacted by this channel for this purpose."""

    channel: str
    purpose: str = "marketing"


@dataclass(frozen=True)
class Sample(Node):
    """A share of everybody, drawn by hash: the same people for the same salt, for ever."""

    share: float
    salt: str
    start: float = 0.0
    """Where the share begins: 0 to 0.1 and 0.1 to 0.2 have nobody in common."""


@dataclass(frozen=True)
class Near(Node):
    """Lives within so many kilometres of a point, in degrees; as the crow flies."""

    latitude: float
    longitude: float
    kilometres: float


@dataclass(frozen=True)
class Holiday(Node):
    """Lives where a holiday, or the named one, is today or within so long."""

    within: Period
    name: str = ""


@dataclass(frozen=True, eq=False)
class Account(Branch):
    """Belongs to an account that the rule matches."""

    child: Node


@dataclass(frozen=True, eq=False)
class PeopleWhere(Branch):
    """An account with so many people whom the rule matches; by default: at least one."""

    child: Node
    comparison: Comparison = AT_LEAST_ONCE


@dataclass(frozen=True)
class People(Node):
    """Exactly these people."""

    customers: tuple[int, ...]


def _hashable(where: Mapping[str, Comparison]) -> tuple[tuple[str, Comparison], ...]:
    return tuple(sorted(where.items(), key=lambda item: item[0]))
