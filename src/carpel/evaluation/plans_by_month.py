"""Plans by month: who pays, what, who leaves, who grows; and which trials came to be paid.

A plan is paid from its beginning, or the end of its trial, until it ends or is paused. What a
person (or a company, where people belong to one) pays a month is the sum over their plans. Of
those who paid when a month began:

- lost: who pay nothing when it ends; `logo churn` is their share, `revenue churn` the share of what
  was paid that they and those who pay less take away;
- `grr` (gross revenue retention) is what is left of it, growth not counted, `nrr` (net revenue
  retention) with the growth of those who pay more.

Who did not pay when the month began and does when it ends is new, or came back, and counts in none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from carpel.engine.base import Engine
from carpel.engine.query import Tree, query
from carpel.evaluation.contracts import OVER, PAUSED, STATED, TRIAL, judged
from carpel.evaluation.survivors import surviving

CONVERTED = timedelta(days=7)
"""A trial came to be paid where a plan is paid from its end or within so long after."""


@dataclass(frozen=True)
class PlanMonth:
    """One month: people or companies who paid when it began, and amounts a month in the project's
    currency."""

    payers: int
    lost: int
    fewer: int
    """Who pay less than before, but something."""
    more: int
    new: int
    paid: float
    churned: float
    contraction: float
    expansion: float
    fresh: float

    @property
    def logo_churn(self) -> float | None:
        """Share of payers who were lost, 0 to 1."""
        return self.lost / self.payers if self.payers else None

    @property
    def revenue_churn(self) -> float | None:
        """Share of what was paid that was lost, by leaving or paying less, 0 to 1."""
        return (self.churned + self.contraction) / self.paid if self.paid else None

    @property
    def grr(self) -> float | None:
        """Gross revenue retention, 0 to 1."""
        return None if self.revenue_churn is None else 1 - self.revenue_churn

    @property
    def nrr(self) -> float | None:
        """Net revenue retention; above 1 where those who stay grow by more than is lost."""
        return None if self.grr is None else self.grr + self.expansion / self.paid


@dataclass(frozen=True)
class Trials:
    """Trials that ended in a month, and how many of these people came to pay."""

    ended: int
    paid: int


def plan_months(
    engine: Engine, edges: Sequence[datetime], moment: datetime, by_account: bool
) -> list[PlanMonth]:
    """A row for each stretch between two edges (UTC without a zone, ascending)."""
    who = query("coalesce(-b.account - 1, p.customer)") if by_account else query("p.customer")
    rows = engine.rows(
        query(
            """
            WITH paid AS (SELECT * FROM :paid AS q),
            held AS (SELECT p.*, :who AS who FROM paid AS p
                     LEFT JOIN (SELECT customer, min(account) AS account FROM belongings
                                GROUP BY customer) AS b ON b.customer = p.customer),
            edges AS (SELECT place, edge FROM (SELECT unnest(range(:count)) AS place,
                                                      unnest([:edges]) AS edge)),
            at_edge AS (SELECT place, who, sum(monthly) AS monthly FROM edges
                        JOIN held ON begun <= edge AND (until IS NULL OR until > edge)
                        GROUP BY place, who),
            both_ends AS (SELECT coalesce(a.place, b.place - 1) AS place,
                       coalesce(a.monthly, 0) AS before, coalesce(b.monthly, 0) AS after
                FROM at_edge AS a FULL JOIN at_edge AS b
                    ON b.who = a.who AND b.place = a.place + 1)
            SELECT place,
                count(*) FILTER (WHERE before > 0),
                count(*) FILTER (WHERE before > 0 AND after = 0),
                count(*) FILTER (WHERE after > 0 AND after < before),
                count(*) FILTER (WHERE before > 0 AND after > before),
                count(*) FILTER (WHERE before = 0 AND after > 0),
                coalesce(sum(before), 0),
                coalesce(sum(before) FILTER (WHERE after = 0), 0),
                coalesce(sum(before - after) FILTER (WHERE after > 0 AND after < before), 0),
                coalesce(sum(after - before) FILTER (WHERE before > 0 AND after > before), 0),
                coalesce(sum(after) FILTER (WHERE before = 0), 0)
            FROM both_ends GROUP BY place""",
            paid=_paid(moment),
            who=who,
            count=len(edges),
            edges=[query(":it", it=each) for each in edges],
        )
    )
    found = {row[0]: PlanMonth(*row[1:]) for row in rows}
    nothing = PlanMonth(0, 0, 0, 0, 0, 0.0, 0.0, 0.0, 0.0, 0.0)
    return [found.get(place, nothing) for place in range(len(edges) - 1)]


def trials(engine: Engine, edges: Sequence[datetime], moment: datetime) -> list[Trials]:
    """For each stretch: trials that ended in it at least a week before the moment."""
    rows = engine.rows(
        query(
            """
            WITH paid AS (SELECT * FROM :paid AS q),
            edges AS (SELECT unnest([:starts]) AS start, unnest([:ends]) AS edge),
            tried AS (SELECT c.customer, c.contract_id, c.trial_ends_at AS ended
                      FROM :all AS c WHERE c.trial_ends_at <= :until),
            came AS (SELECT t.*, EXISTS (
                         SELECT 1 FROM paid AS p WHERE p.customer = t.customer
                         AND p.begun >= t.ended AND p.begun <= t.ended + :days * INTERVAL 1 DAY
                         AND (p.until IS NULL OR p.until > p.begun)) AS paid
                     FROM tried AS t)
            SELECT start, count(*), count(*) FILTER (WHERE paid)
            FROM came JOIN edges ON ended >= start AND ended < edge GROUP BY start""",
            paid=_paid(moment),
            starts=[query(":it", it=each) for each in edges[:-1]],
            ends=[query(":it", it=each) for each in edges[1:]],
            all=surviving("contracts", ("contract_id", "trial_ends_at")),
            until=moment - CONVERTED,
            days=CONVERTED.days,
        )
    )
    found = {start: Trials(ended, paid) for start, ended, paid in rows}
    return [found.get(each, Trials(0, 0)) for each in edges[:-1]]


def undated(engine: Engine, moment: datetime) -> int:
    """Plans that are over or paused, nobody knows since when: they are in no month."""
    rows = engine.rows(query("SELECT count(*) FROM :r AS r WHERE undated", r=_worded(moment)))
    return int(rows[0][0])


def _worded(moment: datetime) -> Tree:
    """Contracts with what their status says that no date does."""
    return query(
        """SELECT j.*, (over_at IS NULL AND word IN (:over))
                       OR (paused_at IS NULL AND word IN (:paused)) AS undated,
                  trial_ends_at IS NULL AND word IN (:trial) AS trying
           FROM :rows AS j""",
        rows=judged(surviving("contracts", (*STATED, "contract_id")), moment),
        over=[query(":it", it=each) for each in OVER],
        paused=[query(":it", it=each) for each in PAUSED],
        trial=[query(":it", it=each) for each in TRIAL],
    )


def _paid(moment: datetime) -> Tree:
    """A row a plan that was ever paid: from when until when, and how much a month."""
    return query(
        """SELECT customer, monthly, greatest(started_at, trial_ends_at) AS begun,
                  least(over_at, paused_at) AS until
           FROM :rows AS w
           WHERE NOT undated AND NOT trying AND monthly > 0 AND started_at IS NOT NULL
             AND coalesce(least(over_at, paused_at) > greatest(started_at, trial_ends_at), true)""",
        rows=_worded(moment),
    )
