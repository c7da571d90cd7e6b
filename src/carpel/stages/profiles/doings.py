"""Rows about what people do beside buying, prepared for the catalogue's formulas."""

from carpel.engine.query import Tree, column, query
from carpel.stages.profiles.purchases import counted, orders
from carpel.stages.profiles.relations import Relations, stacked

RECEIVED = {
    "email_sent", "email_delivered", "email_bounced", "sms_sent", "push_sent", "message_sent",
    "trait_changed", "ticket_resolved", "payment_failed", "visit_missed",
    "visit_cancelled",
}  # fmt: skip
"""Events that happen to people, or did not happen; everything else is something they do."""


def activity(relations: Relations) -> Tree | None:
    """By customer and event: the first, the last, and the last 28 days with any, a bit a day."""
    names = (name.removeprefix("event_") for name in relations.line.tables("event"))
    done = (relations.event(name) for name in names if name not in RECEIVED)
    return stacked(
        relations.read(
            """
        SELECT customer, min(at) AS first_at, max(at) AS last_at,
               bit_or(CASE WHEN :today - local_date BETWEEN 0 AND 27
                      THEN 1 << CAST(:today - local_date AS INTEGER) ELSE 0 END) AS days
        FROM :rows AS e GROUP BY customer""",
            rows=rows,
        )
        for rows in done
        if rows is not None
    )


def sessions(relations: Relations) -> Tree | None:
    """Visits: by `session_id`, or else until half an hour passes without a page."""
    pages = relations.event("page_viewed")
    if pages is None:
        return None
    if "session_id" not in relations.columns(pages):
        pages = query(
            """
            SELECT customer, at, sum(fresh) OVER (PARTITION BY customer ORDER BY at
                     ROWS UNBOUNDED PRECEDING) AS session_id
            FROM (SELECT customer, at, CASE WHEN at - lag(at) OVER (
                           PARTITION BY customer ORDER BY at) <= INTERVAL 30 MINUTE
                         THEN 0 ELSE 1 END AS fresh FROM :pages AS e) AS steps""",
            pages=pages,
        )
    return query(
        """SELECT customer, min(at) AS at, count(*) AS pages,
                           epoch(max(at)) - epoch(min(at)) AS seconds
                    FROM :pages AS p GROUP BY customer, session_id""",
        pages=pages,
    )


def carts(relations: Relations) -> Tree | None:
    """Carts by `cart_id`, or else by day; abandoned without an order within a day of the last
    addition, unknown while that day lasts."""
    added = relations.event("product_added")
    if added is None:
        return None
    cart = "cart_id" if "cart_id" in relations.columns(added) else "local_date"
    filled = query(
        """SELECT customer, :basket AS cart, min(at) AS first_at, max(at) AS at
                      FROM :added AS e GROUP BY customer, :basket""",
        basket=column(cart),
        added=added,
    )
    bought = orders(relations)
    if bought is None:
        return filled
    return relations.read(
        """
        SELECT c.customer, c.at, CASE WHEN count(o.at) > 0 THEN false
                 WHEN c.at > :as_of - INTERVAL 1 DAY THEN NULL ELSE true END AS abandoned
        FROM :filled AS c LEFT JOIN :bought AS o ON o.customer = c.customer
             AND o.at >= c.first_at AND o.at <= c.at + INTERVAL 1 DAY
        GROUP BY c.customer, c.cart, c.at""",
        filled=filled,
        bought=bought,
    )


def emails(relations: Relations, event: str) -> Tree | None:
    """E-mails by `message_id` or `campaign`, each once, with the first and last time."""
    rows = relations.event(event)
    if rows is None:
        return None
    own = relations.columns(rows)
    key = next(each for each in ("message_id", "campaign", "event_key") if each in own)
    return query(
        """SELECT customer, min(at) AS at, max(at) AS last_at
                    FROM :rows AS e GROUP BY customer, :key""",
        rows=rows,
        key=column(key),
    )


def tickets(relations: Relations) -> Tree | None:
    """Support tickets with the hours until they were resolved, where that is known."""
    opened, resolved = (relations.event(f"ticket_{each}") for each in ("opened", "resolved"))
    if opened is None or "resolution_hours" in (own := relations.columns(opened)):
        return opened
    if "resolved_at" in own:
        return relations.read(
            """SELECT e.*, CASE WHEN resolved_at <= :as_of THEN
                                   (epoch(resolved_at) - epoch(at)) / 3600 END AS resolution_hours
                                 FROM :opened AS e""",
            opened=opened,
        )
    if resolved is None or not {"ticket_id"} <= own & relations.columns(resolved):
        return opened
    return query(
        """SELECT e.*, (epoch(r.at) - epoch(e.at)) / 3600 AS resolution_hours
                    FROM :opened AS e LEFT JOIN (
                      SELECT customer, ticket_id, max(at) AS at FROM :resolved AS t
                      GROUP BY customer, ticket_id) AS r
                    ON r.customer = e.customer AND r.ticket_id = e.ticket_id""",
        opened=opened,
        resolved=resolved,
    )


def feature_favourites(relations: Relations) -> Tree | None:
    """Features, counted."""
    rows = relations.event("feature_used")
    if rows is None or "feature" not in relations.columns(rows):
        return None
    return counted(rows, ["feature"], amounts=False)
