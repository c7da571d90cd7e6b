"""Rows about what people hold and belong to, prepared for the catalogue's formulas."""

from carpel.engine.query import Tree, column, literal, query
from carpel.stages.profiles.purchases import orders, revenue
from carpel.stages.profiles.relations import Relations, stacked

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


def contracts(relations: Relations) -> Tree | None:
    """Contracts begun by `as_of`: whether each runs, is on trial, paused or unpaid, and what it
    is worth a month. Columns that no source fills are left out."""
    rows = relations.table("contracts")
    if rows is None:
        return None
    worded = relations.read(
        """
        SELECT c.*, replace(replace(lower(trim(coalesce(status, ''))), ' ', '_'), '-', '_') AS word,
               coalesce(ended_at, CASE WHEN cancelled_at IS NOT NULL THEN
                          greatest(cancelled_at, coalesce(renews_at, cancelled_at)) END) AS over_at
        FROM :rows AS c WHERE coalesce(started_at, :as_of) <= :as_of""",
        rows=rows,
    )
    judged = relations.read(
        """
        SELECT w.*, coalesce(over_at > :as_of, word NOT IN (:over)) AS active,
               coalesce(trial_ends_at > :as_of, word IN (:trial)) AS in_trial,
               coalesce(paused_at <= :as_of, false) OR word IN (:paused) AS paused,
               word IN (:past_due) AS past_due, amount / :months AS monthly
        FROM :worded AS w""",
        worded=worded,
        over=_texts(OVER),
        trial=_texts(TRIAL),
        paused=_texts(PAUSED),
        past_due=_texts(PAST_DUE),
        months=_months(),
    )
    judged = query(
        """SELECT j.*, active AND NOT paused AND NOT in_trial AS earning
                      FROM :judged AS j""",
        judged=judged,
    )
    return _without_empty(relations, judged)


def _without_empty(relations: Relations, rows: Tree) -> Tree:
    columns = list(relations.engine.columns("contracts"))
    ((_, *filled),) = relations.engine.rows(
        query(
            "SELECT count(*), :counts FROM contracts",
            counts=[query("count(:it)", it=column(each)) for each in columns],
        )
    )
    empty = [each for each, known in zip(columns, filled, strict=True) if not known]
    kept = [
        column(each) for each in relations.engine.columns(rows) if each not in ("customer", *empty)
    ]
    return query("SELECT customer, :kept FROM :rows AS c", kept=kept, rows=rows)


def _texts(words: tuple[str, ...]) -> list[Tree]:
    return [literal(word) for word in words]


def _months() -> Tree:
    months = query("CAST(NULL AS DOUBLE)")
    for word, number in MONTHS.items():
        months = query(
            """CASE WHEN starts_with(lower(trim("interval")), :word) THEN :number
                          ELSE :otherwise END""",
            word=word,
            number=number,
            otherwise=months,
        )
    return months


def customers(relations: Relations) -> Tree | None:
    """Everybody, when of anybody it is known since when."""
    rows = relations.table("customers")
    known = relations.engine.value(query("SELECT count(known_since) FROM customers"))
    return rows if known else None


def since(relations: Relations) -> Tree | None:
    """When each began to be a customer: orders and contracts, a row each."""
    bought, held = orders(relations), relations.table("contracts")
    began = []
    if bought is not None:
        began.append(query("SELECT customer, at FROM :rows AS e", rows=bought))
    if held is not None:
        began.append(
            relations.read(
                """SELECT customer, started_at AS at FROM :rows AS c
                                       WHERE started_at <= :as_of""",
                rows=held,
            )
        )
    return stacked(began)


def accounts(relations: Relations) -> Tree | None:
    """By customer, the companies or households they belong to: people and spend in each."""
    rows = relations.table("belongings")
    if rows is None:
        return None
    members = query("SELECT DISTINCT customer, account FROM :rows AS b", rows=rows)
    if relations.line.table_files("accounts"):
        members = query(
            """SELECT b.customer, a.* EXCLUDE (account_key, name) FROM :members AS b
               LEFT JOIN accounts AS a ON a.account = b.account""",
            members=members,
        )
    came = revenue(relations)
    if came is None:
        return query(
            """SELECT m.*, count(*) OVER (PARTITION BY account) AS people
                        FROM :members AS m""",
            members=members,
        )
    spent = relations.read(
        """SELECT customer, sum(amount) AS spend FROM :came AS c
                              WHERE at > :since_365d GROUP BY customer""",
        came=came,
    )
    return query(
        """SELECT m.*, count(*) OVER (PARTITION BY account) AS people,
                           coalesce(round(sum(spend) OVER (PARTITION BY account), 4), 0)
                             AS spend_365d
                    FROM :members AS m LEFT JOIN :spent AS s ON s.customer = m.customer""",
        members=members,
        spent=spent,
    )
