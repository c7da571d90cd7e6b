"""What the reading of a source noted: fixes applied, values refused, doubts about dates."""

from collections.abc import Iterator, Mapping
from typing import Any

from carpel.stages.quality.finding import Finding, said

FIXES = {
    "spaces": "spaces taken away",
    "case": "letters in their usual case",
    "characters": "characters read in the right encoding",
    "form": "written in the one usual form",
    "form without country": "digits only, as no country is known",
}
"""What was done to a value, by the fix that `values` names."""


def noted(source: str, notes: Mapping[str, Any], rows: int) -> Iterator[Finding]:
    """Findings from the notes of one source; `rows` were read."""
    for column, what in sorted(notes.get("fixes", {}).items()):
        yield from _fixes(source, column, what, rows)
    for column, why in sorted(notes.get("refused", {}).items()):
        yield from _refused(source, column, why, rows)
    for column, facts in sorted(notes.get("facts", {}).items()):
        yield from _doubts(source, column, facts, rows)


def _fixes(source: str, column: str, what: Mapping[str, int], rows: int) -> Iterator[Finding]:
    for fix, count in sorted(what.items()):
        yield Finding(
            source,
            "fixed",
            column,
            "note",
            count,
            rows,
            True,
            f"{said(count, rows)} had their {column} put right: {FIXES.get(fix, fix)}.",
        )


def _refused(source: str, column: str, why: Mapping[str, int], rows: int) -> Iterator[Finding]:
    for reason, count in sorted(why.items()):
        check = "missing" if reason in ("placeholder", "empty") else "malformed"
        what = (
            "a word for nothing" if reason == "placeholder" else f"none that can be used: {reason}"
        )
        yield Finding(
            source,
            check,
            column,
            "warn" if check == "malformed" else "note",
            count,
            rows,
            False,
            f"{said(count, rows)} have as {column} {what}.",
            "The value is left out, the rest of the row is used.",
        )


def _doubts(source: str, column: str, facts: Mapping[str, Any], rows: int) -> Iterator[Finding]:
    if facts.get("ambiguous") == "date":
        order = {"dmy": "day first", "mdy": "month first"}.get(
            str(facts.get("order")), "as written"
        )
        yield Finding(
            source,
            "ambiguous_date",
            column,
            "warn",
            rows,
            rows,
            False,
            f"Nothing in {rows:,} rows says whether {column} begins with the day or the "
            f"month; it is read {order}.",
            "Say it under `format`: `date_order: dmy` or `mdy`.",
        )
    if facts.get("ambiguous") == "number":
        yield Finding(
            source,
            "ambiguous_number",
            column,
            "note",
            rows,
            rows,
            False,
            f"Nothing in {rows:,} rows says whether a comma in {column} is a decimal one.",
            "Say it under `format`: `decimal: ','`.",
        )
    if repaired := int(facts.get("repaired_hours", 0)):
        yield Finding(
            source,
            "repaired_hours",
            column,
            "note",
            repaired,
            rows,
            True,
            f"{said(repaired, rows)} stand in an hour that a clock change skipped or "
            f"repeated; {column} is read as the first, or as shifted by the change.",
        )
