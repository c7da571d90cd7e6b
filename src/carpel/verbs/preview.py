"""A rule that is not saved: how many people it means, who can be reached, what it overlaps."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyroaring import BitMap

from carpel.errors import Problem, ProjectError
from carpel.evaluation import Preview
from carpel.language import Node, is_deeper, plain, plain_clause
from carpel.language.checks import Cost, Vocabulary, cost
from carpel.manifest.meaning import findings
from carpel.stages.reach import reached
from carpel.verbs.asked import Asked, Rule, Unit, asked
from carpel.verbs.reader import Held, Reader, reading
from carpel.verbs.session import Session
from carpel.verbs.vocabulary import vocabulary

Rows = list[dict[str, Any]]
MOST_CLAUSES = 500
"""So many clauses are remembered at most from one preview to the next."""
READABLE = 100
"""Levels that a clause may be nested to be said in words."""


@dataclass(frozen=True)
class Previewed:
    """What a rule comes to over the current build, exactly.

    `share` is of all people, 0 to 1. `reach` has a row a channel, as the table of that name;
    `overlaps` a row a segment that shares people, the largest first: how many, and what share that
    is of the rule's people and of the segment's. `clauses` count every clause of the rule.
    `findings` say what is hardly meant, `cost` estimates what evaluating it reads.

    Of a rule about accounts (`unit`), `accounts` match, `unknown`, `of` and `share` are of accounts
    and so are overlaps and clauses; `people` and `reach` count the people of those that match.
    """

    plain: str
    people: int
    unknown: int
    of: int
    share: float
    reach: Rows
    overlaps: Rows
    clauses: Rows
    findings: Sequence[Problem]
    cost: Cost
    unit: Unit = "customer"
    called: str = "people"
    accounts: int | None = None


def preview(session: Session, rule: Rule, unit: Unit = "customer") -> Previewed:
    """Count a rule; raises ProjectError with all that is wrong in it."""
    found = asked(rule, session.definitions, unit)
    with reading(session) as reader:
        return _previewed(reader, vocabulary(reader), found)


class Previews(Held):
    """Keeps one build open, and what its rules ask about in memory, to count rule after rule.

    For one thread at a time. Close it, or use it in `with`; it goes on answering from its build
    while newer ones are published.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._vocabulary = vocabulary(self._reader)
        self._reader.evaluator.keep(self._reader.evaluator.segments.values())

    def preview(self, rule: Rule, unit: Unit = "customer") -> Previewed:
        """Count a rule; raises ProjectError with all that is wrong in it."""
        self._reader.evaluator.forget(MOST_CLAUSES)
        found = asked(rule, self._session.definitions, unit)
        return _previewed(self._reader, self._vocabulary, found)


def _previewed(reader: Reader, known: Vocabulary, found: Asked) -> Previewed:
    told = findings(found.ruled, known, found.written)
    if wrong := [each for each in told if each.severity == "error"]:
        raise ProjectError(wrong)
    spent = cost(found.rule, known, account=found.of_accounts)
    return (_accounts if found.of_accounts else _people)(reader, found.rule, told, spent)


def _people(reader: Reader, rule: Node, told: Sequence[Problem], spent: Cost) -> Previewed:
    counted = reader.evaluator.preview(rule)
    members = reader.evaluator.sets(rule).yes
    return Previewed(
        says(rule, 0, reader.labels),
        counted.people,
        counted.unknown,
        counted.of,
        counted.people / counted.of if counted.of else 0.0,
        reach_of(reader, members),
        overlapping(members, reader.sets),
        list(clauses(counted, 0, reader.labels)),
        told,
        spent,
    )


def _accounts(reader: Reader, rule: Node, told: Sequence[Problem], spent: Cost) -> Previewed:
    evaluator = reader.account_evaluator
    counted, members = evaluator.preview(rule), evaluator.sets(rule).yes
    people = evaluator.people_in(members)
    called = reader.definitions.account_words[1]
    said = f"{called.capitalize()} {says(rule, 1, reader.labels)}."
    shared = overlapping(members, reader.account_sets)
    return Previewed(
        said,
        len(people),
        counted.unknown,
        counted.of,
        counted.people / counted.of if counted.of else 0.0,
        reach_of(reader, people),
        [{"accounts" if key == "people" else key: row[key] for key in row} for row in shared],
        in_accounts(counted, said, reader.labels),
        told,
        spent,
        "account",
        called,
        len(members),
    )


def in_accounts(counted: Preview, said: str, labels: Mapping[str, str]) -> Rows:
    """The counts of every clause of a rule about accounts; `said` is the whole of it in words."""
    first, *rest = (
        {"accounts" if key == "people" else key: each for key, each in row.items()}
        for row in clauses(counted, 0, labels)
    )
    return [{**first, "says": said}, *rest]


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
    waiting = [(found, depth)]
    while waiting:
        each, level = waiting.pop()
        yield {
            "depth": level,
            "says": says(each.node, level, labels),
            "people": each.people,
            "unknown": each.unknown,
            "of": each.of,
        }
        waiting += [(child, level + 1) for child in reversed(each.children)]


def says(node: Node, depth: int, labels: Mapping[str, str]) -> str:
    """The whole rule as a sentence, what is in it as clauses; one too deep to be read is named."""
    if is_deeper(node, READABLE):
        return f"a rule nested deeper than {READABLE} levels"
    return plain_clause(node, labels) if depth else plain(node, labels)
