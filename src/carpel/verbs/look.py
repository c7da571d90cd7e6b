"""Looking at a build: one segment, one customer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from carpel.engine.query import literal, query, table
from carpel.verbs import companies
from carpel.verbs.companies import or_why_not
from carpel.verbs.predicted import likely, why
from carpel.verbs.reader import Reader, reading
from carpel.verbs.session import Session
from carpel.verbs.spent import Spent, spent
from carpel.verbs.sql import statement

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class SegmentPage:
    """A segment in plain English, in SQL and in numbers."""

    segment: str
    numbers: Mapping[str, Any]
    plain: str
    sql: str
    reach: Rows
    differences: Rows
    currency: str
    fitness: Rows = field(default_factory=list)
    """Rows of the table of that name, in the order of the card."""
    fitness_details: Rows = field(default_factory=list)
    cost: Spent | None = None
    unit: Literal["customer"] = "customer"


@dataclass(frozen=True)
class CustomerPage:
    """One person: facts, where they are from, what they did last, where they belong."""

    customer: int
    contact: Mapping[str, Any]
    provenance: Rows
    traits: Rows
    segments: list[str]
    standings: Mapping[str, Any]
    consents: Rows
    last_events: Rows = field(default_factory=list)


def show_segment(session: Session, name: str) -> SegmentPage | companies.AccountSegmentPage:
    """Everything about one segment; raises NotFound."""
    with reading(session) as reader:
        if companies.is_of_accounts(reader, name):
            return companies.page(reader, name)
        reader.segment(name)
        numbers = _one(reader, "sizes", name)
        return SegmentPage(
            name,
            numbers,
            str(numbers.get("plain") or ""),
            or_why_not(lambda: statement(reader, name)),
            _rows(reader, "reach", name),
            reader.differences(name),
            reader.definitions.project.currency,
            _rows(reader, "fitness", name),
            _rows(reader, "fitness_details", name),
            spent(reader, name),
        )


def show_customer(session: Session, customer: int) -> CustomerPage:
    """Everything known about one person."""
    with reading(session) as reader:
        contact = _of(reader, "contacts", customer)
        standings = _of(reader, "standings", customer)
        return CustomerPage(
            customer,
            {name: contact[0][each] for each, name in reader.stated.items()} if contact else {},
            [
                {**row, "field": reader.stated.get(row["field"], row["field"])}
                for row in _of(reader, "provenance", customer)
            ],
            _traits(reader, customer),
            sorted(name for name, members in reader.sets.items() if customer in members),
            standings[0] if standings else {},
            _of(reader, "consents", customer),
            _last_events(reader, customer),
        )


def _of(reader: Reader, name: str, customer: int) -> Rows:
    """A person's rows of a table, which may have no other column than whose they are."""
    rows = reader.dicts(query("SELECT * FROM :t WHERE customer = :it", t=table(name), it=customer))
    return [{key: each for key, each in row.items() if key != "customer"} for row in rows]


def _rows(reader: Reader, name: str, segment: str) -> Rows:
    return reader.dicts(
        query("SELECT * EXCLUDE (segment) FROM :t WHERE segment = :it", t=table(name), it=segment)
    )


def _one(reader: Reader, name: str, segment: str) -> dict[str, Any]:
    rows = _rows(reader, name, segment)
    return rows[0] if rows else {}


def _traits(reader: Reader, customer: int) -> Rows:
    """The person's traits that are known, with their labels and units."""
    named = reader.dicts(query("SELECT trait, label, unit, criterion FROM traits ORDER BY ALL"))
    values, ends = reader.evaluator.values(customer), likely(reader, customer)
    reasons = why(reader, customer)
    return [
        {
            **each,
            "value": values[each["trait"]],
            "likely": ends.get(each["trait"]),
            "why": reasons.get(each["trait"], ()),
        }
        for each in named
        if values.get(each["trait"]) is not None
    ]


def _last_events(reader: Reader, customer: int, shown: int = 10) -> Rows:
    tables = [name for name in reader.build.tables() if name.startswith("activity_")]
    keys = [literal(key) for key in reader.evaluator.catalogue.keys(customer)]
    rows: Rows = []
    for name in tables:
        found = reader.dicts(
            query(
                "SELECT at, * EXCLUDE (customer, at, event_key, local_date, local_hour, loaded_at) "
                "FROM :t WHERE customer IN (:keys) ORDER BY at DESC LIMIT :n",
                t=table(name),
                keys=keys,
                n=shown,
            )
        )
        rows += [
            {
                "at": row.pop("at"),
                "event": name.removeprefix("activity_"),
                "properties": {key: each for key, each in row.items() if each is not None},
            }
            for row in found
        ]
    return sorted(rows, key=lambda row: row["at"], reverse=True)[:shown]
