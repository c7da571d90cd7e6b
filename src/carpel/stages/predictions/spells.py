"""Plans of people without a break between them, out of the table `contracts`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from carpel.engine.query import Tree, literal, query
from carpel.evaluation.contracts import judged
from carpel.evaluation.survivors import surviving
from carpel.stages.base import Line
from carpel.stats.contracts.spells import Spells

MONTH = 30.4375 * 86_400
"""Seconds of an average month."""
GRACE = 0.25
"""Share of an interval that may lie between two plans of one person who never left."""


@dataclass(frozen=True)
class Held:
    """Spells of one interval; `cancelled` have said no already and run to `left` months ahead."""

    interval: float | None
    customers: NDArray[np.int64]
    spells: Spells
    cancelled: NDArray[np.bool_]
    left: NDArray[np.float64]

    @property
    def runs(self) -> NDArray[np.bool_]:
        """Which still run, those that were cancelled among them."""
        return ~self.spells.ended | self.cancelled

    @property
    def name(self) -> str:
        """What these plans are called on a card."""
        if self.interval is None:
            return "plans without an interval"
        return f"plans of {self.interval:.3g} month{'s' * (self.interval != 1)}"


def held(line: Line, plans: Sequence[str]) -> tuple[list[Held], int]:
    """Spells by interval, and how many contracts are over without anybody saying since when."""
    rows = line.engine.fetch(_spells(line, plans))
    undated = int(
        line.engine.value(
            query(
                "SELECT count(*) FROM :judged AS j WHERE NOT active AND over_at IS NULL",
                judged=_judged(line, plans),
            )
        )
    )
    lasts = np.round(rows.column("lasts").to_numpy().astype(np.float64), 3)
    kinds = sorted(set(lasts[~np.isnan(lasts)].tolist()))
    found = [_held(rows.filter(pa.array(lasts == each)), each) for each in kinds]
    unknown = rows.filter(pa.array(np.isnan(lasts)))
    return [*found, *([_held(unknown, None)] if unknown.num_rows else [])], undated


def _held(rows: pa.Table, interval: float | None) -> Held:
    begun, over = (rows.column(each).to_numpy().astype(np.float64) for each in ("begun", "over"))
    cancelled = rows.column("cancelled").to_numpy(zero_copy_only=False).astype(np.bool_)
    ahead = np.where(over < 0, -over, np.nan)
    decided = np.where(cancelled & (over < 0), 0.0, np.where(over >= 0, over, np.nan))
    return Held(
        interval,
        rows.column("customer").to_numpy().astype(np.int64),
        Spells(begun, decided, interval),
        cancelled & (over < 0),
        ahead,
    )


def _judged(line: Line, plans: Sequence[str]) -> Tree:
    rows = surviving("contracts", line.engine.columns("contracts"))
    chosen = query("SELECT * FROM :rows AS r", rows=rows)
    if plans:
        chosen = query(
            "SELECT * FROM :rows AS r WHERE plan IN (:plans)",
            rows=rows,
            plans=[literal(each) for each in plans],
        )
    return judged(chosen, line.moment)


def _spells(line: Line, plans: Sequence[str]) -> Tree:
    """A row a spell: months ago that it began and was over, below 0 when that is to come."""
    return query(
        """
        WITH paid AS (
          SELECT customer, lasts, cancelled_at <= :now AS cancelled,
                 greatest(started_at, coalesce(trial_ends_at, started_at)) AS begun,
                 CASE WHEN over_at <= :now OR cancelled_at <= :now THEN over_at END AS over
          FROM :judged AS j
          WHERE started_at IS NOT NULL AND (active OR over_at IS NOT NULL)
        ), stepped AS (
          SELECT *, max(coalesce(epoch(over), 1e18)) OVER (
                   PARTITION BY customer ORDER BY begun, over NULLS LAST
                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
          FROM paid WHERE begun < :now AND (over IS NULL OR over > begun)
        ), numbered AS (
          SELECT *, sum(CASE WHEN before IS NULL OR epoch(begun) > before
                          + greatest(604800, :grace * coalesce(lasts, 0) * :month)
                        THEN 1 ELSE 0 END)
                    OVER (PARTITION BY customer ORDER BY begun, over NULLS LAST
                          ROWS UNBOUNDED PRECEDING) AS spell
          FROM stepped)
        SELECT customer, arg_max(lasts, begun) AS lasts,
               (epoch(:now) - epoch(min(begun))) / :month AS begun,
               CASE WHEN count(over) = count(*)
                    THEN (epoch(:now) - epoch(max(over))) / :month END AS over,
               coalesce(arg_max(cancelled, begun), false) AS cancelled
        FROM numbered GROUP BY customer, spell ORDER BY customer, spell""",
        judged=_judged(line, plans),
        now=line.moment,
        grace=GRACE,
        month=MONTH,
    )
