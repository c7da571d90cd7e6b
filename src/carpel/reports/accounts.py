"""The data, source by source: rows and money accounted for, a score and what lowers it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from carpel.engine.query import query
from carpel.reports.figures import number
from carpel.reports.tables import Rows, Tables
from carpel.specs import Definitions
from carpel.specs.words import on_screen
from carpel.store import accounting

MOST_FINDINGS = 8


@dataclass(frozen=True)
class Account:
    """What became of one source's rows, and what is the matter with them."""

    label: str
    read: int
    rows: Mapping[str, int]
    """Rows by fate; together they are `read`."""
    amounts: Mapping[str, float] | None
    """Money by fate, where the rows carry amounts."""
    reasons: tuple[accounting.Reason, ...]
    """Why rows were set aside."""
    score: float | None
    findings: Rows
    more: int
    """How many lesser findings are left out here."""


def accounts(tables: Tables, definitions: Definitions) -> list[Account]:
    """One account a source, those with most rows first."""
    findings = tables.dicts(
        query("""
        SELECT * FROM findings WHERE "check" NOT IN ('set_aside', 'duplicated') OR fixed IS FALSE
        ORDER BY list_position(['error', 'warning', 'note'], severity), rows DESC, message""")
    )
    scores = {row["source"]: row["score"] for row in tables.dicts(query("SELECT * FROM scores"))}
    found = [
        _account(
            label(definitions, each.source),
            each,
            [row for row in findings if row["source"] == each.source],
            scores.get(each.source),
        )
        for each in accounting.accounts(tables.engine)
    ]
    return sorted(found, key=lambda account: -account.read)


def label(definitions: Definitions, source: str) -> str:
    """What a source is called on screen."""
    spec = definitions.sources.get(source)
    return spec.label if spec and spec.label else source.replace("_", " ").capitalize()


def _account(
    label: str, counted: accounting.Account, findings: Rows, score: float | None
) -> Account:
    listed = _gathered([row for row in findings if row["check"] != "set_aside"])
    return Account(
        label,
        counted.read,
        counted.rows,
        counted.amounts,
        counted.reasons,
        score,
        listed[:MOST_FINDINGS],
        max(0, len(listed) - MOST_FINDINGS),
    )


def _gathered(findings: Rows) -> Rows:
    """Columns that are not filled in everywhere share a line, as there may be many."""
    bare = [row for row in findings if row["check"] == "missing" and not row["proposal"]]
    rest = [row for row in findings if row not in bare]
    return [*rest, _missing(bare)] if bare else rest


def _missing(bare: Rows) -> dict[str, Any]:
    named = ", ".join(
        f"{on_screen(row['column'])} ({number(row['rows'])} of {number(row['of'])})" for row in bare
    )
    lowers = any(row["severity"] != "note" for row in bare)
    return {
        **bare[0],
        "message": f"Not filled in everywhere: {named}.",
        "severity": "warning" if lowers else "note",
    }
