"""The data, source by source: rows and money accounted for, a score and what lowers it."""

from dataclasses import dataclass
from typing import Any

from carpel.engine.query import query
from carpel.reports.figures import number
from carpel.reports.tables import Rows, Tables
from carpel.specs import Definitions

MOST_FINDINGS = 8
FATES = ("loaded", "merged", "set aside")


@dataclass(frozen=True)
class Account:
    """What became of one source's rows, and what is the matter with them."""

    label: str
    read: int
    rows: dict[str, int]
    """Rows by fate; together they are `read`."""
    amounts: dict[str, float] | None
    """Money by fate, where the rows carry amounts."""
    reasons: Rows
    """Why rows were set aside: `reason`, `rows`, `amount`."""
    score: float | None
    findings: Rows
    more: int
    """How many lesser findings are left out here."""


def accounts(tables: Tables, definitions: Definitions) -> list[Account]:
    """One account a source, those with most rows first."""
    fates = tables.dicts(
        query("""
        SELECT source, fate, reason, sum(rows)::BIGINT AS rows, sum(amount) AS amount
        FROM accounting GROUP BY ALL ORDER BY rows DESC, reason""")
    )
    findings = tables.dicts(
        query("""
        SELECT * FROM findings WHERE "check" NOT IN ('set_aside', 'duplicated') OR fixed IS FALSE
        ORDER BY list_position(['error', 'warning', 'note'], severity), rows DESC, message""")
    )
    scores = {row["source"]: row["score"] for row in tables.dicts(query("SELECT * FROM scores"))}
    sources = list(dict.fromkeys(row["source"] for row in fates))
    found = [
        _account(
            label(definitions, each),
            [row for row in fates if row["source"] == each],
            [row for row in findings if row["source"] == each],
            scores.get(each),
        )
        for each in sources
    ]
    return sorted(found, key=lambda account: -account.read)


def label(definitions: Definitions, source: str) -> str:
    """What a source is called on screen."""
    spec = definitions.sources.get(source)
    return spec.label if spec and spec.label else source.replace("_", " ").capitalize()


def _account(label: str, fates: Rows, findings: Rows, score: float | None) -> Account:
    rows = {fate: sum(row["rows"] for row in fates if row["fate"] == fate) for fate in FATES}
    with_money = any(row["amount"] is not None for row in fates)
    amounts = (
        {fate: sum(row["amount"] or 0.0 for row in fates if row["fate"] == fate) for fate in FATES}
        if with_money
        else None
    )
    listed = _gathered([row for row in findings if row["check"] != "set_aside"])
    return Account(
        label,
        sum(rows.values()),
        rows,
        amounts,
        [row for row in fates if row["fate"] == "set aside" and row["rows"]],
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
        f"{_column(row['column'])} ({number(row['rows'])} of {number(row['of'])})" for row in bare
    )
    lowers = any(row["severity"] != "note" for row in bare)
    return {
        **bare[0],
        "message": f"Not filled in everywhere: {named}.",
        "severity": "warning" if lowers else "note",
    }


def _column(name: str) -> str:
    return name.rpartition(".")[2].replace("_", " ").replace("email", "e-mail")
