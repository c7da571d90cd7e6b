"""Retention: of the people who first ordered in a month, how many ordered in each month since."""

from dataclasses import dataclass
from datetime import date, datetime

from carpel.engine.base import Engine
from carpel.engine.query import query, table
from carpel.evaluation.refunds import bought


@dataclass(frozen=True)
class Cohort:
    """People by the month, on local calendars, in which they first did it."""

    month: date
    """The first day of that month."""
    people: int
    returned: tuple[int, ...]
    """How many did it in the month itself (all of them), the next, and so on up to now."""
    complete: int
    """How many of those months are over; a later one counts what it holds so far."""


def cohorts(engine: Engine, event: str, until: datetime, today: date) -> list[Cohort]:
    """Cohorts of an event up to a moment (UTC without a zone; `today` where the project is).

    A refund is no order. The first months of the data are those of people who may have begun long
    before it does.
    """
    rows = engine.rows(
        query(
            """
            WITH done AS (
                SELECT DISTINCT coalesce(a.survivor, e.customer) AS customer,
                       CAST(date_trunc('month', e.local_date) AS DATE) AS month
                FROM :event AS e LEFT JOIN aliases AS a ON a.customer = e.customer
                WHERE e.at <= :until AND e.local_date IS NOT NULL AND :bought),
            begun AS (SELECT customer, min(month) AS cohort FROM done GROUP BY customer)
            SELECT cohort, month, count(*) FROM done JOIN begun USING (customer)
            GROUP BY cohort, month ORDER BY cohort, month""",
            event=table(event),
            until=until,
            bought=bought(engine.columns(event), "e"),
        )
    )
    counts: dict[date, dict[int, int]] = {}
    for cohort, month, people in rows:
        counts.setdefault(cohort, {})[_months(cohort, month)] = people
    return [
        Cohort(
            month,
            each[0],
            tuple(each.get(at, 0) for at in range(_months(month, today) + 1)),
            _months(month, today),
        )
        for month, each in counts.items()
    ]


def _months(start: date, end: date) -> int:
    return 12 * (end.year - start.year) + end.month - start.month
