"""A rule that is not saved: how many people it means, who can be reached, what it overlaps."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyroaring import BitMap

from carpel.evaluation import Preview
from carpel.language import Node, plain, plain_clause
from carpel.stages.reach import reached
from carpel.verbs.asked import Rule, asked
from carpel.verbs.reader import Reader, reading
from carpel.verbs.session import Session

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Previewed:
    """What a rule comes to over the current build, exactly.

    `share` is of all people, 0 to 1. `reach` has a row a channel, as the table of that name;
    `overlaps` a row a segment that shares people, the largest first: how many, and what share that
    is of the rule's people and of the segment's. `clauses` count every clause of the rule.
    """

    plain: str
    people: int
    unknown: int
    of: int
    share: float
    reach: Rows
    overlaps: Rows
    clauses: Rows


def preview(session: Session, rule: Rule) -> Previewed:
    """Count a rule; raises ProjectError with all that is wrong in it."""
    node = asked(rule, session.definitions)
    with reading(session) as reader:
        counted = reader.evaluator.preview(node)
        members = reader.evaluator.sets(node).yes
        return Previewed(
            plain(node, reader.labels),
            counted.people,
            counted.unknown,
            counted.of,
            counted.people / counted.of if counted.of else 0.0,
            reach_of(reader, members),
            overlapping(members, reader.sets),
            list(clauses(counted, 0, reader.labels)),
        )


def reach_of(reader: Reader, members: BitMap) -> Rows:
    """How many of these people can and may be contacted, a row a channel."""
    rows = reached(reader.engine, {"": members})
    return [{key: each for key, each in row.items() if key != "segment"} for row in rows]


def overlapping(members: BitMap, sets: Mapping[str, BitMap]) -> Rows:
    """The sets that share people with these, the most people first."""
    shared = {name: members.intersection_cardinality(each) for name, each in sets.items()}
    return [
        {
            "segment": name,
            "people": people,
            "share": people / len(members),
            "of_segment": people / len(sets[name]),
        }
        for name, people in sorted(shared.items(), key=lambda item: (-item[1], item[0]))
        if people
    ]


def clauses(found: Preview, depth: int, labels: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """The counts of a rule and all that is in it, in reading order."""
    yield {
        "depth": depth,
        "says": says(found.node, depth, labels),
        "people": found.people,
        "unknown": found.unknown,
        "of": found.of,
    }
    for child in found.children:
        yield from clauses(child, depth + 1, labels)


def says(node: Node, depth: int, labels: Mapping[str, str]) -> str:
    """The whole rule as a sentence, what is in it as clauses."""
    return plain_clause(node, labels) if depth else plain(node, labels)
