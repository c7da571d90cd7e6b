"""Conditions on rows, all counted in one pass over a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from carpel.engine.base import Engine
from carpel.engine.query import Tree, aliased, query
from carpel.stages.quality.finding import Finding, Severity, told
from carpel.stages.quality.subject import Subject

TOGETHER = 100
"""Aggregates that one query computes."""


@dataclass(frozen=True)
class Condition:
    """Rows that are wrong in one way, and what is said of them: `{rows} have no email`."""

    check: str
    column: str
    wrong: Tree
    message: str
    proposal: str = ""
    severity: Severity = "warning"
    note_below: float = 0.0
    """A share of rows under which this is only worth a note."""
    among: Tree | None = None
    """Which rows count at all; every row when left out."""


def counted(engine: Engine, subject: Subject, conditions: Sequence[Condition]) -> list[Finding]:
    """The conditions that any row meets, in order."""
    trees = [
        each for at, condition in enumerate(conditions) for each in _counts(subject, at, condition)
    ]
    counts = aggregated(engine, subject.rows, trees)
    pairs = zip(counts[::2], counts[1::2], conditions, strict=True)
    return [_finding(subject, each, rows, of) for rows, of, each in pairs if rows]


def aggregated(engine: Engine, rows: Tree, figures: Sequence[Tree]) -> list[Any]:
    """Aggregates over all rows, in order; so many a pass that an engine has memory for them."""
    found: list[Any] = []
    for start in range(0, len(figures), TOGETHER):
        some = list(figures[start : start + TOGETHER])
        found += engine.rows(query("SELECT :some FROM :rows AS r", some=some, rows=rows))[0]
    return found


def _counts(subject: Subject, at: int, condition: Condition) -> tuple[Tree, Tree]:
    among = condition.among if condition.among is not None else query("true")
    each = "DISTINCT (file, row)" if subject.permits else "*"
    wrong = query(
        f"count({each}) FILTER (WHERE (:among) AND (:wrong))", among=among, wrong=condition.wrong
    )
    of = query("count(*) FILTER (WHERE :among)", among=among)
    if subject.permits:
        of = query("CAST(:of AS BIGINT)", of=subject.of)
    return aliased(wrong, f"rows_{at}"), aliased(of, f"of_{at}")


def _finding(subject: Subject, condition: Condition, rows: int, of: int) -> Finding:
    small = rows / of < condition.note_below
    return Finding(
        subject.source,
        condition.check,
        condition.column,
        "note" if small else condition.severity,
        rows,
        of,
        False,
        told(condition.message, rows, of),
        condition.proposal,
    )
