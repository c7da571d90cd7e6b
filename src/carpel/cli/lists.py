"""Lists as people read them: the words of the screen, money and per cent, how many stand behind."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from carpel.cli.screen import figure, money, share
from carpel.specs.fitness import CRITERIA, VERDICTS
from carpel.specs.goal import unmeasured

Row = Mapping[str, Any]


def worded(kind: str, rows: Sequence[Row], currency: str) -> list[Row]:
    """The rows of a list of this kind, its figures written out."""
    written = _WRITTEN.get(kind)
    return [written(row, currency) for row in rows] if written else list(rows)


def aside(row: Row) -> Row:
    """Rows set aside for one reason, of how many that were read."""
    kept = {key: each for key, each in row.items() if key != "of"}
    return {**kept, "rows": f"{row['rows']:,} of {row['of']:,}"}


def _segment(row: Row, currency: str) -> Row:
    """What running plans bring in a year stands under a heading of its own; what evaluating it
    took has a list of its own, `carpel ls costs`."""
    told = {key: each for key, each in row.items() if key not in ("revenue_kind", "seconds")}
    told["revenue_365d"] = money(row["revenue_365d"], currency)
    if row.get("revenue_kind") != "recurring":
        return told
    return {"recurring_revenue" if key == "revenue_365d" else key: told[key] for key in told}


def _goal(row: Row, currency: str) -> Row:
    def said(value: float | None) -> str:
        if row["metric"].endswith("_rate"):
            return share(value)
        return money(value, currency) if row["metric"] == "revenue" else figure(value)

    return {
        "goal": row["goal"],
        "metric": row["metric"].replace("_", " "),
        "segment": row["segment"] or "everybody",
        "now": said(row["value"]) if row["value"] is not None else unmeasured(row["metric"]),
        "target": said(row["target"]),
        "by": row["by"],
        "on that day": f"{said(row['ends'])} ({said(row['ends_low'])} to {said(row['ends_high'])})"
        if row.get("ends") is not None
        else "too early to say",
        "counted": f"{row['n']:,} of {row['of']:,}",
    }


def _finding(row: Row, _currency: str) -> Row:
    """The message says how many rows there are, and of how many."""
    return {key: each for key, each in row.items() if key not in ("rows", "of")}


def _check(row: Row, _currency: str) -> Row:
    return {**row, "at_least": share(row["at_least"])}


def _fitness(row: Row, _currency: str) -> Row:
    asked = {CRITERIA[key]: VERDICTS.get(row[key] or "", "–") for key in CRITERIA}
    return {"segment": row["segment"], **asked}


def _deed(row: Row, _currency: str) -> Row:
    return {**row, "outcome": OUTCOMES.get(row["outcome"], row["outcome"])}


OUTCOMES: Mapping[str, str] = {
    "running": "at work, or stopped by force",
    "Interrupted": "interrupted",
    "Error": "failed unexpectedly",
    "CarpelError": "could not be done",
    "ProjectError": "mistakes in the project's files",
    "NotFound": "nothing of that name",
    "SourceError": "a source could not be read",
    "CheckFailed": "made and not published: a check or a guard refused",
    "Busy": "somebody else was at work",
    "StoreError": "the store could not be read or written",
    "MissingExtra": "something it needs is not installed",
    "EngineError": "the database or engine could not do it",
    "RuleError": "a mistake in a rule",
    "Refused": "not allowed, and nothing was done",
    "ChannelError": "what carries messages could not be reached, or refused them",
}
"""How a verb ended, as the log keeps it, in words."""
_WRITTEN: Mapping[str, Callable[[Row, str], Row]] = {
    "segments": _segment,
    "goals": _goal,
    "log": _deed,
    "fitness": _fitness,
    "findings": _finding,
    "checks": _check,
}
