"""A finding: what is wrong in how many rows, and what was or could be done; and what it costs."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from carpel.specs.words import counted, on_screen

Severity = Literal["note", "warning", "error"]
GRAVE = 0.1
"""Share of rows from which a warning of a check that weighs half or more is an error."""

WEIGHTS: Mapping[str, float] = {
    "set_aside": 1.0,
    "malformed": 0.5,
    "contradictory": 0.5,
    "future_dated": 0.5,
    "implausible_date": 0.5,
    "wrong_scale": 0.5,
    "mixed_currencies": 0.5,
    "orphaned": 0.5,
    "repeated_key": 0.5,
    "shared": 0.5,
    "duplicated": 0.3,
    "ambiguous_date": 0.3,
    "unclear_zone": 0.3,
    "unknown_category": 0.3,
    "unknown_status": 0.3,
    "order_totals": 0.3,
    "outlying": 0.1,
    "missing": 0.1,
    "stale": 0.1,
}
"""How much of its score a source loses when every row has this, by check."""


OF_ONE: Mapping[str, str] = {
    "are": "is",
    "have": "has",
    "were": "was",
    "do": "does",
    "had": "had",
    **{verb: f"{verb}s" for verb in ("cost", "lie", "repeat", "say", "stand")},
}
"""What messages say rows do, and what one row does."""


@dataclass(frozen=True)
class Finding:
    """One line of the table `findings`; `rows` of `of` rows, 0 <= rows <= of."""

    source: str
    check: str
    column: str
    severity: Severity
    rows: int
    of: int
    fixed: bool
    message: str
    proposal: str = ""


def score(findings: Iterable[Finding]) -> float:
    """The product over checks of 1 - weight x share, 0 to 1; 1 where nothing is wrong.

    A check's share is its worst column's rows / of. Only warnings and errors that were not fixed
    cost; notes and the project's own checks do not.
    """
    worst: dict[str, float] = {}
    for each in findings:
        if each.severity != "note" and not each.fixed and each.of:
            worst[each.check] = max(worst.get(each.check, 0.0), min(each.rows / each.of, 1.0))
    left = 1.0
    for check, share in worst.items():
        left *= 1 - WEIGHTS.get(check, 0.0) * share
    return left


def graded(finding: Finding) -> Finding:
    """The finding, an error where a warning is about a grave matter in many rows."""
    grave = WEIGHTS.get(finding.check, 0.0) >= 0.5 and finding.rows >= GRAVE * finding.of
    if finding.severity == "warning" and not finding.fixed and grave:
        return replace(finding, severity="error")
    return finding


def worded(finding: Finding) -> Finding:
    """The finding with its column named in words: `an e-mail`, `quantity (product purchased)`."""
    event, words = finding.column.rpartition(".")[0], on_screen(finding.column)
    words += f" ({event.replace('_', ' ')})" if event else ""
    if not words:
        return finding
    column = re.escape(finding.column)
    article = "an" if words[0].lower() in "aeio" else "a"
    message = re.sub(rf"\ba {column}(?!\w)", f"{article} {words}", finding.message)
    return replace(finding, message=re.sub(rf"(?<!\w){column}(?!\w)", words, message))


def said(rows: int, of: int, verb: str) -> str:
    """Who a sentence is about, and its verb: `12 of 1,000 rows have`, `1 of 1,000 rows has`."""
    if rows == of > 1:
        return f"All {counted(of, 'row')} {verb}"
    return f"{rows:,} of {counted(of, 'row')} {OF_ONE[verb] if rows == 1 else verb}"


def told(message: str, rows: int, of: int) -> str:
    """The message with the count in it: `{rows} have no time` becomes `1 of 9 rows has no time`."""
    return re.sub(r"\{rows\} (\w+)", lambda verb: said(rows, of, verb[1]), message)
