"""Why: which clause decides, and why records were joined."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from carpel.engine.query import query
from carpel.errors import NotFound
from carpel.language import Node
from carpel.stages.identity.reasons import reasons as why_joined
from carpel.verbs.reader import Reader, reading
from carpel.verbs.session import Session


@dataclass(frozen=True)
class SegmentReasons:
    """A segment clause by clause: how many match, how many do not, and of how many nobody knows."""

    segment: str
    plain: str
    people: int
    clauses: list[dict[str, Any]]
    differences: list[dict[str, Any]]


@dataclass(frozen=True)
class Reasons:
    """Why a person's records are one person, and with a segment, why they are in or out."""

    customer: int
    joined: list[dict[str, Any]]
    segment: str | None = None
    decided: bool | None = None
    explanation: Any = None
    changes: list[Any] = field(default_factory=list)
    about: Mapping[str, Any] = field(default_factory=dict)


def explain_segment(session: Session, name: str) -> SegmentReasons:
    """How many people each clause of a segment lets in, and what sets its members apart."""
    with reading(session) as reader:
        members = reader.segment(name)
        rule = reader.definitions.segments.get(name)
        clauses = _clauses(reader, rule.where) if rule else []
        rows = reader.dicts(query("SELECT * EXCLUDE (segment) FROM differences "
                                  "WHERE segment = :it", it=name))
        plain = reader.dicts(query("SELECT plain FROM sizes WHERE segment = :it", it=name))
        return SegmentReasons(name, plain[0]["plain"] if plain else "", len(members), clauses, rows)


def explain_customer(session: Session, customer: int, segment: str | None) -> Reasons:
    """Why this person's records were joined, or why they are in a segment or not."""
    with reading(session) as reader:
        if segment is None:
            return Reasons(customer, why_joined(reader.engine, customer))
        if segment not in reader.definitions.segments:
            raise NotFound("segment of the project's own", segment, reader.definitions.segments)
        rule = reader.definitions.segments[segment].where
        return Reasons(customer, [], segment, customer in reader.segment(segment),
                       reader.evaluator.explain(rule, customer),
                       list(reader.evaluator.changes(rule, customer)))
