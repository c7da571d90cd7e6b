"""The project's own checks on the rows of a source, by what the reading counted."""

from collections.abc import Mapping
from typing import Any

from carpel.specs import Check
from carpel.stages.base import Line
from carpel.stages.quality.finding import Finding, Severity, told

SEVERITY: Mapping[str, Severity] = {"fail": "error", "warn": "warning"}


def checks(line: Line) -> list[Check]:
    """The checks on rows, by name."""
    found = (check for check in line.definitions.checks.values() if check.rows)
    return sorted(found, key=lambda check: check.name)


def counts(line: Line, check: Check) -> Mapping[str, Any]:
    """Of the loaded rows of a check's source: how many say something of it (`of`), how many of
    them break it (`rows`), and the first of these as file and row (`places`)."""
    source = check.source or ""
    found: Mapping[str, Any] = line.parts[f"sources/{source}"].notes[source]["checks"][check.name]
    return found


def holds(check: Check, found: Mapping[str, Any]) -> bool:
    """Whether the share of rows that a check asks for holds to it; where no row says anything of
    it, it does."""
    of = found["of"]
    return not of or (of - found["rows"]) / of >= check.at_least


def finding(check: Check, found: Mapping[str, Any]) -> Finding:
    """What a check found; a note as long as it holds."""
    message = f"{{rows}} do not hold to: {check.label or check.name}."
    return Finding(
        check.source or "",
        f"check_{check.name}",
        ", ".join(check.rows),
        "note" if holds(check, found) else SEVERITY[check.severity],
        found["rows"],
        found["of"],
        False,
        told(message, found["rows"], found["of"]),
        f"For example {listed(found['places'])}.",
    )


def listed(places: list[tuple[str, int]]) -> str:
    """Rows by file: `a.csv rows 3, 8 and 9, b.csv row 1`."""
    by_file: dict[str, list[int]] = {}
    for file, row in places:
        by_file.setdefault(file, []).append(row)
    return ", ".join(f"{file} {_rows(rows)}" for file, rows in by_file.items())


def _rows(rows: list[int]) -> str:
    *first, last = [f"{row:,}" for row in rows]
    return f"rows {', '.join(first)} and {last}" if first else f"row {last}"
