"""Which names a rule uses, and cycles among rules that use each other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from carpel.language.mistakes import Path
from carpel.language.nodes import (
    Account,
    Consent,
    Did,
    Doing,
    Entered,
    Left,
    Moved,
    Node,
    SegmentationRef,
    SegmentRef,
    Sequence,
    Step,
    Trait,
)
from carpel.language.sayings import Changed, Restarted, Stopped
from carpel.language.walking import beneath

Kind = Literal[
    "trait",
    "account trait",
    "event",
    "property",
    "segment",
    "account segment",
    "segmentation",
    "place",
    "channel",
]


@dataclass(frozen=True)
class Reference:
    """A name in a rule: what kind of thing it names and where it stands in the rule's data.

    `of` is the event of a property and the segmentation of a place.
    """

    kind: Kind
    name: str
    path: Path
    of: str = ""


def references(node: Node, path: Path = (), *, account: bool = False) -> tuple[Reference, ...]:
    """Give every name the rule uses, in reading order; `account` when it is about accounts."""
    return tuple(_references(node, path, account))


Trail = tuple["Trail", Path] | None
"""The way to a rule, last step first: what many rules share of their paths is there once."""


def _references(node: Node, path: Path, about_account: bool) -> Iterator[Reference]:
    waiting: list[tuple[Node, Trail, bool]] = [(node, None, about_account)]
    while waiting:
        each, trail, account = waiting.pop()
        below = [
            (child, (trail, step), (account or isinstance(each, Account)) and "people" not in step)
            for step, child in beneath(each)
        ]
        waiting += reversed(below)
        if not below:
            yield from _of_leaf(each, (*path, *whole(trail)), account)


def whole(trail: Trail) -> Path:
    """The path that a trail is."""
    steps: list[Path] = []
    while trail:
        trail, step = trail
        steps.append(step)
    return tuple(word for step in reversed(steps) for word in step)


def _of_leaf(node: Node, path: Path, account: bool) -> Iterator[Reference]:
    match node:
        case Trait():
            yield Reference("account trait" if account else "trait", node.trait, (*path, "trait"))
        case Did():
            yield from _of_did(node, path)
        case Sequence(steps):
            for index, step in enumerate(steps):
                yield from _of_step(step, index, (*path, "sequence", index))
        case Stopped(doing):
            yield from _of_doing(doing, "stopped", path)
        case Restarted(doing):
            yield from _of_doing(doing, "restarted", path)
        case Changed(trait):
            yield Reference("trait", trait, (*path, "changed"))
        case SegmentRef(segment):
            yield Reference(_segment(account), segment, (*path, "segment"))
        case Entered(segment):
            yield Reference(_segment(account), segment, (*path, "entered"))
        case Left(segment):
            yield Reference(_segment(account), segment, (*path, "left"))
        case _:
            yield from _of_belonging(node, path)


def _segment(account: bool) -> Kind:
    return "account segment" if account else "segment"


def _of_belonging(node: Node, path: Path) -> Iterator[Reference]:
    match node:
        case SegmentationRef(segmentation, places):
            yield Reference("segmentation", segmentation, (*path, "segmentation"))
            for place in places:
                yield Reference("place", place, (*path, "in"), segmentation)
        case Moved(segmentation, before, now):
            yield Reference("segmentation", segmentation, (*path, "moved"))
            for word, places in (("from", before), ("to", now)):
                for place in places:
                    yield Reference("place", place, (*path, word), segmentation)
        case Consent(channel):
            yield Reference("channel", channel, (*path, "consent"))


def _of_did(node: Did, path: Path) -> Iterator[Reference]:
    yield from _of_doing(Doing(node.event, node.where), "did", path)
    if node.property is not None:
        yield Reference("property", node.property, (*path, node.aggregate), node.event)
    if node.since is not None:
        word = f"since_{node.since.which}"
        inner = (*path, word) if node.since.doing.where else path
        yield from _of_doing(node.since.doing, "did" if node.since.doing.where else word, inner)


def _of_step(step: Step, index: int, path: Path) -> Iterator[Reference]:
    word = "then_not" if step.absent else "then" if index else "did"
    yield from _of_doing(step.doing, word, path)
    for each in step.without:
        yield from _of_doing(each, "did", (*path, "without"))


def _of_doing(doing: Doing, word: str, path: Path) -> Iterator[Reference]:
    yield Reference("event", doing.event, (*path, word))
    for name in doing.where:
        yield Reference("property", name, (*path, "where", name), doing.event)


def segment_names(node: Node) -> tuple[str, ...]:
    """The segments that a rule names itself, each once."""
    named = (each for each in references(node) if each.kind in ("segment", "account segment"))
    return tuple(dict.fromkeys(each.name for each in named))


def find_cycle(segments: Mapping[str, Node]) -> tuple[str, ...] | None:
    """A chain of segments that leads back to its beginning, such as (a, b, a); None without one."""
    finished: set[str] = set()
    for name in segments:
        if found := _circle(name, segments, finished):
            return found
    return None


def _circle(name: str, segments: Mapping[str, Node], finished: set[str]) -> tuple[str, ...] | None:
    """A circle that can be reached from here; whatever leads to none is `finished`."""
    chain: dict[str, Iterator[str]] = {}
    following: str | None = name
    while following is not None or chain:
        if following is None:
            finished.add(chain.popitem()[0])
        elif following in chain:
            names = list(chain)
            return (*names[names.index(following) :], following)
        elif following in segments and following not in finished:
            chain[following] = iter(segment_names(segments[following]))
        last = next(reversed(chain.values()), None)
        following = next(last, None) if last is not None else None
    return None
