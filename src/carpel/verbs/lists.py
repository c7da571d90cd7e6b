"""`carpel ls`: lists of what a build holds, and of what was done."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlglot import exp

from carpel.engine.query import query, table
from carpel.errors import NotFound
from carpel.specs.fitness import CRITERIA
from carpel.store.accounting import accounts
from carpel.verbs import companies
from carpel.verbs.checked import JUDGING, listing
from carpel.verbs.reader import Reader, reading
from carpel.verbs.session import Session
from carpel.verbs.spent import all_spent

Rows = list[dict[str, Any]]


def ls(session: Session, kind: str, limit: int | None = None, build: str | None = None) -> Rows:
    """What there is of a kind, the first `limit` only, in the current build or one that is named.

    Raises NotFound with the kinds, or the builds, that there are.
    """
    if kind == "log":
        return _log(session)[:limit]
    if kind == "campaigns":
        from carpel.verbs import campaign_pages

        return campaign_pages.ls(session)[:limit]
    if kind == "coupons":
        from carpel.verbs import coupons

        return coupons.ls(session)[:limit]
    if kind == "jobs":
        from carpel.verbs import scheduled

        return scheduled.ls(session)[:limit]
    if kind not in (*_LISTS, "customers"):
        more = ("campaigns", "coupons", "customers", "jobs", "log")
        raise NotFound("list", kind, [*_LISTS, *more])
    with reading(session, build) as reader:
        return _customers(reader, limit) if kind == "customers" else _LISTS[kind](reader)[:limit]


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
    return [
        {
            "event": event,
            **reader.dicts(
                query(
                    "SELECT count(*) AS events, min(at) AS first, max(at) AS last, "
                    "count(DISTINCT coalesce(a.survivor, e.customer)) AS people "
                    "FROM :t AS e LEFT JOIN aliases AS a ON a.customer = e.customer",
                    t=table(home),
                )
            )[0],
        }
        for event, home in sorted(reader.build.events().items())
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


def _checks(reader: Reader) -> Rows:
    judged = {stage: reader.build.notes(stage) for stage in JUDGING}
    return list(listing(judged, reader.definitions))


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
    "checks": _checks,
    "findings": lambda reader: reader.dicts(
        query(
            "SELECT source, severity, message, rows, of, fixed, proposal FROM findings "
            "ORDER BY severity, rows DESC"
        )
    ),
}
