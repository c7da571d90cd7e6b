"""What a contract is at a moment: running, on trial, paused, unpaid, when it was renewed last."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from carpel.engine.functions import later_by
from carpel.engine.query import Tree, aliased, column, literal, query
from carpel.evaluation.days import ahead

OVER = (
    "ended",
    "cancelled",
    "canceled",
    "expired",
    "churned",
    "terminated",
    "inactive",
    "closed",
    "refunded",
    "incomplete_expired",
)
PAST_DUE = ("past_due", "overdue", "unpaid", "in_arrears", "payment_failed", "delinquent")
TRIAL = ("trial", "trialing", "trialling", "in_trial")
PAUSED = ("paused", "frozen", "suspended", "on_hold")
MONTHS = {
    "da": 12 / 365.25,
    "week": 84 / 365.25,
    "month": 1,
    "quarter": 3,
    "half": 6,
    "semi": 6,
    "year": 12,
    "annual": 12,
}
"""Months that one interval lasts, by how its word begins."""
STATED = (
    "plan",
    "amount",
    "currency",
    "interval",
    "seats",
    "status",
    "started_at",
    "ended_at",
    "trial_ends_at",
    "renews_at",
    "paused_at",
    "cancelled_at",
)
"""Columns of a contract that say what it is at any moment."""
TERMS: Mapping[str, tuple[str, str]] = {
    "plan": ("plan", "text"),
    "price": ("amount", "number"),
    "amount": ("amount", "number"),
    "currency": ("currency", "text"),
    "interval": ("interval", "text"),
    "seats": ("seats", "integer"),
    "status": ("status", "text"),
    "started": ("started_at", "instant"),
    "ended": ("over_at", "instant"),
    "cancelled": ("cancelled_at", "instant"),
    "trial_ends": ("trial_ends_at", "instant"),
    "renews": ("renews_at", "instant"),
    "renewed": ("renewed_at", "instant"),
    "on_trial": ("in_trial", "boolean"),
    "paused": ("paused", "boolean"),
    "past_due": ("past_due", "boolean"),
    "monthly_price": ("monthly", "number"),
}
"""What rules can say of a contract: the column of `judged` and its kind."""

STEP = "SELECT r.*, :it FROM :rows AS r OFFSET 0"
"""One step after the other: without `OFFSET`, PostgreSQL puts each step wherever the next names it,
and a zone's hundreds of clock changes, three steps deep, no longer fit its memory."""


def judged(rows: Tree, moment: datetime) -> Tree:
    """Contracts begun by the moment, each with what it is then.

    `over_at` is when it ended or ends; one that was cancelled runs to its next renewal.
    """
    worded = query(
        """
        SELECT c.*, REPLACE(REPLACE(LOWER(TRIM(COALESCE(status, ''))), ' ', '_'), '-', '_') AS word,
               :months AS lasts,
               COALESCE(ended_at, CASE WHEN cancelled_at IS NOT NULL THEN
                          GREATEST(cancelled_at, COALESCE(renews_at, cancelled_at)) END) AS over_at
        FROM :rows AS c WHERE COALESCE(started_at, :as_of) <= :as_of""",
        rows=rows,
        months=_months(),
        as_of=moment,
    )
    return query(
        """
        SELECT w.*, COALESCE(over_at > :as_of, word NOT IN (:over)) AS active,
               COALESCE(trial_ends_at > :as_of, word IN (:trial)) AS in_trial,
               COALESCE(paused_at <= :as_of, FALSE) OR word IN (:paused) AS paused,
               word IN (:past_due) AS past_due, amount / lasts AS monthly
        FROM :worded AS w""",
        worded=worded,
        over=_texts(OVER),
        trial=_texts(TRIAL),
        paused=_texts(PAUSED),
        past_due=_texts(PAST_DUE),
        as_of=moment,
    )


def with_renewal(contracts: Tree, zone: ZoneInfo) -> Tree:
    """Judged contracts, each with when it was renewed last: `renewed_at`.

    That is an interval before it renews next, on the calendar of a zone, when it began before.
    """
    renews, before = column("renews_at"), column("before")
    steps = {
        "ahead": ahead(renews, zone),
        "before": _an_interval_before(later_by(renews, column("ahead"))),
        "about": later_by(before, query("-ahead")),
        "at": later_by(before, query("-:it", it=ahead(column("about"), zone))),
        "renewed_at": query("CASE WHEN at > started_at THEN at END"),
    }
    for name, tree in steps.items():
        contracts = query(STEP, it=aliased(tree, name), rows=contracts)
    return contracts


def _texts(words: tuple[str, ...]) -> list[Tree]:
    return [literal(word) for word in words]


def _months() -> Tree:
    months = query("CAST(NULL AS DOUBLE)")
    for word, number in MONTHS.items():
        months = query(
            """CASE WHEN STARTS_WITH(LOWER(TRIM("interval")), :word) THEN :number
                          ELSE :otherwise END""",
            word=word,
            number=number,
            otherwise=months,
        )
    return months


def _an_interval_before(moment: Tree) -> Tree:
    return query(
        """CASE WHEN lasts >= 12 THEN :it - INTERVAL 12 MONTH
                WHEN lasts >= 6 THEN :it - INTERVAL 6 MONTH
                WHEN lasts >= 3 THEN :it - INTERVAL 3 MONTH
                WHEN lasts >= 1 THEN :it - INTERVAL 1 MONTH
                WHEN lasts > 0.1 THEN :it - INTERVAL 7 DAY
                WHEN lasts > 0 THEN :it - INTERVAL 1 DAY END""",
        it=moment,
    )
