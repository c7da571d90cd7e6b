"""Looking at a build: lists, one segment, one customer, the summary of a run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlglot import exp

from carpel.engine.query import literal, query, table
from carpel.errors import NotFound
from carpel.specs.fitness import CRITERIA
from carpel.store.accounting import accounts
from carpel.verbs import companies
from carpel.verbs.companies import or_why_not
from carpel.verbs.predicted import likely, why
from carpel.verbs.reader import Reader, reading
from carpel.verbs.session import Session
from carpel.verbs.spent import Spent, all_spent, spent
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


def ls(session: Session, kind: str, limit: int | None = None) -> Rows:
    """What there is of a kind, the first `limit` only; raises NotFound with the kinds there are."""
    if kind == "log":
        return _log(session)[:limit]
    if kind not in (*_LISTS, "customers"):
        raise NotFound("list", kind, [*_LISTS, "customers", "log"])
    with reading(session) as reader:
        return _customers(reader, limit) if kind == "customers" else _LISTS[kind](reader)[:limit]


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


def _log(session: Session) -> Rows:
    from carpel.store.audit import deeds

    return [
        {
            "at": deed.at,
            "actor": deed.actor,
            "verb": deed.verb,
            "arguments": ", ".join(f"{key}={each}" for key, each in deed.arguments.items()),
            "person": deed.customer,
            "outcome": deed.outcome,
        }
        for deed in deeds(session.store.ledger)
    ]


def _events(reader: Reader) -> Rows:
    names = sorted(name for name in reader.build.tables() if name.startswith("event_"))
    return [
        {
            "event": name.removeprefix("event_"),
            **reader.dicts(
                query(
                    "SELECT count(*) AS events, min(at) AS first, max(at) AS last, "
                    "count(DISTINCT coalesce(a.survivor, e.customer)) AS people "
                    "FROM :t AS e LEFT JOIN aliases AS a ON a.customer = e.customer",
                    t=table(name),
                )
            )[0],
        }
        for name in names
    ]


def _customers(reader: Reader, limit: int | None) -> Rows:
    rows = query("SELECT customer, known_since, records FROM customers ORDER BY customer")
    assert isinstance(rows, exp.Select)
    return reader.dicts(rows if limit is None else rows.limit(limit))


def _sources(reader: Reader) -> Rows:
    scores = dict(
        reader.engine.rows(query("SELECT source, any_value(score) FROM scores GROUP BY 1"))
    )
    return [
        {
            "source": each.source,
            "read": each.read,
            "loaded": each.rows["loaded"],
            "merged": each.rows["merged"],
            "set_aside": each.rows["set aside"],
            "score": scores.get(each.source),
        }
        for each in accounts(reader.engine)
    ]


LISTED = (
    "segment",
    "label",
    "people",
    "share",
    "revenue_365d",
    "revenue_share",
    "revenue_kind",
    "objective",
)
"""What a list says of each segment; builds of older versions do not tell all of it."""


def _segments(reader: Reader) -> Rows:
    """Those of people; where there are any of accounts, these after them with a column more."""
    sizes = reader.dicts(query("SELECT * FROM sizes ORDER BY segment"))
    rows = [{key: row.get(key) for key in LISTED} for row in sizes]
    of_accounts = companies.listed(reader)
    if of_accounts:
        kind = rows[0].get("revenue_kind") if rows else None
        blank = {"revenue_365d": None, "revenue_share": None, "revenue_kind": kind}
        rows = [
            *({**row, "accounts": None} for row in rows),
            *({**row, **blank} for row in of_accounts),
        ]
    took = {row["segment"]: row["seconds"] for row in costs(reader)}
    return [{**row, "seconds": took.get(row["segment"])} for row in rows]


def costs(reader: Reader) -> Rows:
    """What evaluating each segment took, the dearest first; see `Evaluator.seconds`."""
    return [
        {"segment": each.segment, "seconds": each.seconds, "rows": each.rows}
        for each in all_spent(reader)
    ]


def _fitness(reader: Reader) -> Rows:
    """A row a segment, the answer to each question of the card."""
    answers: dict[str, dict[str, Any]] = {}
    for segment, criterion, verdict in reader.engine.rows(
        query("SELECT segment, criterion, verdict FROM fitness")
    ):
        answers.setdefault(segment, dict.fromkeys(CRITERIA))[criterion] = verdict
    return [{"segment": name, **each} for name, each in sorted(answers.items())]


_LISTS: Mapping[str, Callable[[Reader], Rows]] = {
    "segments": _segments,
    "fitness": _fitness,
    "costs": costs,
    "segmentations": lambda reader: [
        {"segmentation": name, "kind": each.kind, "label": each.label}
        for name, each in reader.definitions.segmentations.items()
    ],
    "traits": lambda reader: reader.dicts(
        query(
            "SELECT trait, label, criterion, type, unit, known, meaning FROM traits ORDER BY trait"
        )
    ),
    "events": _events,
    "sources": _sources,
    "goals": lambda reader: reader.dicts(query("SELECT * FROM goals ORDER BY goal")),
    "findings": lambda reader: reader.dicts(
        query(
            "SELECT source, severity, message, rows, of, fixed, proposal FROM findings "
            "ORDER BY severity, rows DESC"
        )
    ),
}
