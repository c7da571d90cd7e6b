"""Why: which clause decides, and why records were joined."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from carpel.engine.query import query
from carpel.errors import NotFound
from carpel.evaluation import Evaluator, Explanation
from carpel.language import (
    Node,
    SegmentationRef,
    Trait,
    plain_comparison,
    plain_value,
)
from carpel.stages.identity.reasons import Reason
from carpel.stages.identity.reasons import reasons as why_joined
from carpel.verbs import companies
from carpel.verbs.asked import Unit
from carpel.verbs.predicted import Ends, between, likely
from carpel.verbs.preview import clauses, says
from carpel.verbs.reader import Reader, reading
from carpel.verbs.session import Session
from carpel.verbs.steps import step


@dataclass(frozen=True)
class SegmentReasons:
    """A segment clause by clause: how many match, how many do not, and of how many nobody knows."""

    segment: str
    plain: str
    people: int
    clauses: list[dict[str, Any]]
    differences: list[dict[str, Any]]
    unit: Literal["customer"] = "customer"


@dataclass(frozen=True)
class Clause:
    """One clause of a rule, in words: the verdict, the person's value, the threshold."""

    depth: int
    says: str
    verdict: str
    value: Any = None
    threshold: str | None = None
    decides: bool = False
    has: str = ""
    """The value as it is said: a place by its label."""


@dataclass(frozen=True)
class Reasons:
    """Why a person's records are one person, or why they are in a segment or not.

    `changes` are the fewest things that would have to be otherwise for the decision to flip. Of an
    account (`unit`), `customer` is its key.
    """

    customer: int
    joined: list[Reason] = field(default_factory=list)
    segment: str | None = None
    member: bool | None = None
    clauses: list[Clause] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    unit: Unit = "customer"
    called: str = "person"


def explain_segment(
    session: Session, name: str
) -> SegmentReasons | companies.AccountSegmentReasons:
    """How many people each clause of a segment lets in, and what sets its members apart."""
    with reading(session) as reader:
        if companies.is_of_accounts(reader, name):
            return companies.reasons(reader, name)
        members = reader.segment(name)
        counted = reader.evaluator.preview(_rule(reader, name))
        rows = reader.differences(name)
        plain = reader.dicts(query("SELECT plain FROM sizes WHERE segment = :it", it=name))
        return SegmentReasons(
            name,
            plain[0]["plain"] if plain else "",
            len(members),
            list(clauses(counted, 0, reader.labels)),
            rows,
        )


def explain_customer(
    session: Session, customer: int, segment: str | None, build: str | None = None
) -> Reasons:
    """Why this person's records were joined, or why they are in a segment or not, by a build."""
    with reading(session, build) as reader:
        if segment is None:
            return Reasons(customer, why_joined(reader.engine, customer))
        return _reasons(reader, reader.evaluator, _rule(reader, segment), customer, segment)


def explain_account(
    session: Session, account: int, segment: str, build: str | None = None
) -> Reasons:
    """Why an account is in a segment of accounts or not, by a build; raises NotFound."""
    with reading(session, build) as reader:
        spec = reader.definitions.segments.get(segment)
        if spec is None or segment not in reader.account_segments:
            raise NotFound("segment of accounts", segment, reader.account_segments)
        found = _reasons(reader, reader.account_evaluator, spec.rule, account, segment)
        one, many = reader.definitions.account_words
        first, *rest = found.clauses
        whole = replace(first, says=f"{many.capitalize()} {says(spec.rule, 1, reader.labels)}.")
        return replace(found, unit="account", called=one, clauses=[whole, *rest])


def _reasons(reader: Reader, evaluator: Evaluator, rule: Node, key: int, segment: str) -> Reasons:
    found = evaluator.explain(rule, key)
    changes = [step(reader, key, each) for each in evaluator.changes(rule, key)]
    ends = likely(reader, key) if evaluator is reader.evaluator else {}
    told = list(_told(found, 0, reader.labels, ends))
    return Reasons(key, [], segment, found.verdict == "yes", told, changes)


def _rule(reader: Reader, name: str) -> Node:
    """The rule of a segment of people, or of a place of a segmentation."""
    if name in reader.definitions.segments and name not in reader.account_segments:
        return reader.definitions.segments[name].rule
    reader.segment(name)
    segmentation, _, place = name.partition(".")
    return SegmentationRef(segmentation, (place,))


def _told(
    found: Explanation, depth: int, labels: Mapping[str, str], ends: Mapping[str, Ends]
) -> Iterator[Clause]:
    waiting = [(found, depth)]
    while waiting:
        each, level = waiting.pop()
        threshold = each.threshold
        yield Clause(
            level,
            says(each.node, level, labels),
            each.verdict,
            each.value,
            None if threshold is None else plain_comparison(threshold),
            each.decides,
            _has(each, labels, ends),
        )
        waiting += [(child, level + 1) for child in reversed(each.children)]


def _has(found: Explanation, labels: Mapping[str, str], ends: Mapping[str, Ends]) -> str:
    """What the person has, where the verdict alone does not say it."""
    if found.value is None or isinstance(found.value, bool):
        return ""
    if isinstance(found.node, SegmentationRef):
        return f"“{labels.get(found.value, found.value)}”"
    if isinstance(found.node, Trait) and found.node.trait in ends:
        return f"{plain_value(found.value)} ({between(ends[found.node.trait])})"
    return plain_value(found.value)
