"""Which names a rule uses, and cycles among rules that use each other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from carpel.language.mistakes import Path
from carpel.language.nodes import (
    All,
    Any,
    Did,
    Node,
    NoneOf,
    Not,
    SegmentationRef,
    SegmentRef,
    Trait,
)

Kind = Literal["trait", "event", "property", "segment", "segmentation", "place"]


@dataclass(frozen=True)
class Reference:
    """A name in a rule: what kind of thing it names and where it stands in the rule's data.

    `of` is the event of a property and the segmentation of a place.
    """

    kind: Kind
    name: str
    path: Path
    of: str = ""


def references(node: Node, path: Path = ()) -> tuple[Reference, ...]:
    """Give every name the rule uses, in reading order."""
    return tuple(_references(node, path))


def _references(node: Node, path: Path) -> Iterator[Reference]:
    match node:
        case All(children) | Any(children) | NoneOf(children):
            word = {All: "all", Any: "any", NoneOf: "none"}[type(node)]
            for index, child in enumerate(children):
                yield from _references(child, (*path, word, index))
        case Not(child):
            yield from _references(child, (*path, "not"))
        case Trait():
            yield Reference("trait", node.trait, (*path, "trait"))
        case Did():
            yield from _of_did(node, path)
        case SegmentRef(segment):
            yield Reference("segment", segment, (*path, "segment"))
        case SegmentationRef(segmentation, places):
            yield Reference("segmentation", segmentation, (*path, "segmentation"))
            for place in places:
                yield Reference("place", place, (*path, "in"), segmentation)


def _of_did(node: Did, path: Path) -> Iterator[Reference]:
    yield Reference("event", node.event, (*path, "did"))
    for name in node.where:
        yield Reference("property", name, (*path, "where", name), node.event)
    if node.property is not None:
        yield Reference("property", node.property, (*path, node.aggregate), node.event)


def segment_names(node: Node) -> tuple[str, ...]:
    """The segments that a rule names itself, each once."""
    return tuple(dict.fromkeys(each.name for each in references(node) if each.kind == "segment"))


def find_cycle(segments: Mapping[str, Node]) -> tuple[str, ...] | None:
    """A chain of segments that leads back to its beginning, such as (a, b, a); None without one."""
    finished: set[str] = set()

    def walk(name: str, above: tuple[str, ...]) -> tuple[str, ...] | None:
        if name in above:
            return (*above[above.index(name) :], name)
        if name in finished or name not in segments:
            return None
        for other in segment_names(segments[name]):
            if found := walk(other, (*above, name)):
                return found
        finished.add(name)
        return None

    return next((found for name in segments if (found := walk(name, ()))), None)
