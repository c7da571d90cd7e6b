"""What the reading of a source noted: fixes applied, values refused, doubts about dates."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from carpel.specs.words import counted
from carpel.stages.quality.finding import Finding, Severity, told

FIXES = {
    "spaces": "spaces taken away",
    "case": "letters in their usual case",
    "characters": "characters read in the right encoding",
    "zeros": "leading zeros given back",
    "form": "written in the one usual form",
    "form without country": "digits only, as no country is known",
}
"""What was done to a value, by the fix that `values` names."""
NOTHING = ("placeholder", "empty")
FILLERS = "n/a, 000, test@example.com and the like"
DATES = {
    "cannot be read": ("malformed", "that cannot be read"),
    "in the future": ("future_dated", "in the future"),
    "before 1900": ("implausible_date", "before 1900"),
}
"""Why a day of birth is none: the check, and what is said of the column."""
STALE_DAYS = 30
"""A source whose last event is older is not kept up to date, or has ended."""
LEFT_OUT = "The value is left out, the rest of the row is used."


class Noted:
    """The notes of one source as findings; `rows` were read, `clock` is now (UTC, no zone)."""

    def __init__(self, source: str, notes: Mapping[str, Any], rows: int, clock: datetime) -> None:
        self.source, self.notes, self.rows, self.clock = source, notes, rows, clock

    def findings(self) -> Iterator[Finding]:
        """Everything noted that somebody should know."""
        yield from self._encodings()
        yield from self._sheets()
        yield from self._columns()
        yield from self._fixes()
        yield from self._refused()
        yield from self._unreadable()
        yield from self._doubts()
        yield from self._keys()
        yield from self._stale()

    def _finding(
        self,
        check: str,
        column: str,
        rows: int,
        message: str,
        proposal: str = "",
        severity: Severity = "note",
        fixed: bool = False,
    ) -> Finding:
        message = told(message, rows, self.rows)
        return Finding(
            self.source, check, column, severity, rows, self.rows, fixed, message, proposal
        )

    def _each(self, what: str) -> Iterator[tuple[str, Any]]:
        return iter(sorted(self.notes.get(what, {}).items()))

    def _encodings(self) -> Iterator[Finding]:
        for _, each in self._each("recoded"):
            yield self._finding(
                "mixed_encodings",
                "",
                min(each["lines"], self.rows),
                each["said"],
                "See that names with accents are right there; export the file in UTF-8.",
                "warning",
                fixed=True,
            )

    def _sheets(self) -> Iterator[Finding]:
        for file, sheets in self._each("unread_sheets"):
            yield self._finding(
                "unread_sheets",
                "",
                0,
                f"Of {file} one sheet is read, and not {', '.join(sheets)}.",
                "Save each as a file of its own, or write a source for it with "
                "`format: {sheet: NAME}`; name the one that is read as well if the others may stay "
                "unread.",
                "warning",
            )

    def _columns(self) -> Iterator[Finding]:
        for column, was in self._each("renamed_columns"):
            called = f"called {was.strip()} as well" if was.strip() else "without a name"
            yield self._finding(
                "column_name",
                column,
                self.rows,
                f"A column is {called}, so its name was given a number.",
                "Name it in the file, or map it by that name.",
                "warning" if was.strip() else "note",
            )

    def _fixes(self) -> Iterator[Finding]:
        for column, fixes in self._each("fixes"):
            for fix, rows in sorted(fixes.items()):
                message = f"{{rows}} had {column} put right: {FIXES.get(fix, fix)}."
                yield self._finding("fixed", column, rows, message, fixed=True)

    def _refused(self) -> Iterator[Finding]:
        for column, reasons in self._each("refused"):
            for reason, rows in sorted(reasons.items()):
                yield self._none(column, reason, rows)

    def _none(self, column: str, reason: str, rows: int) -> Finding:
        if reason in NOTHING:
            message = f"{{rows}} have a {column} that only fills the field: {FILLERS}."
            return self._finding("missing", column, rows, message, LEFT_OUT)
        check, words = DATES.get(reason, ("malformed", f"that cannot be used: {reason}"))
        message = f"{{rows}} have a {column} {words}."
        return self._finding(check, column, rows, message, LEFT_OUT, "warning")

    def _unreadable(self) -> Iterator[Finding]:
        """Numbers and dates that are none; what was refused is told there with its reason."""
        for column, rows in self._each("unreadable"):
            if column not in self.notes.get("refused", {}):
                message = f"{{rows}} have a {column} that cannot be read."
                yield self._finding("malformed", column, rows, message, LEFT_OUT, "warning")

    def _doubts(self) -> Iterator[Finding]:
        for column, doubt in self._each("ambiguous"):
            yield self._date(column, doubt) if doubt["type"] == "date" else self._number(column)
        for column, zones in self._each("unclear_zones"):
            yield self._zone(column, zones)
        for column, rows in self._each("repaired_hours"):
            message = f"{{rows}} have a {column} in an hour that a clock change skips or repeats."
            yield self._finding("repaired_hours", column, rows, message, fixed=True)

    def _date(self, column: str, doubt: Mapping[str, Any]) -> Finding:
        order = {"dmy": "day first", "mdy": "month first"}.get(str(doubt["order"]), "as written")
        return self._finding(
            "ambiguous_date",
            column,
            self.rows,
            f"Nothing in {counted(self.rows, 'row')} says whether {column} begins with the day or "
            f"the month; it is read {order}.",
            "Say it under `format`: `date_order: dmy` or `mdy`.",
            "warning",
        )

    def _zone(self, column: str, zones: Sequence[str]) -> Finding:
        return self._finding(
            "unclear_zone",
            column,
            self.rows,
            f"Times of {column} say {' or '.join(zones)}, as several zones are called: these are "
            "read in the zone of the data source.",
            "Say which it is under `timezone`.",
            "warning",
        )

    def _number(self, column: str) -> Finding:
        return self._finding(
            "ambiguous_number",
            column,
            self.rows,
            f"Nothing in {counted(self.rows, 'row')} says whether the sign in {column} is a "
            "decimal one or parts thousands: a point is read as decimal, a comma as thousands.",
            "Say it under `format`: `decimal: ','` or `'.'`.",
            "warning",
        )

    def _keys(self) -> Iterator[Finding]:
        for event, rows in self._each("same_key_other_content"):
            column = "" if event == "row" else event
            yield self._finding(
                "repeated_key",
                column,
                rows,
                "{rows} repeat a key with other content; all are kept.",
                "Add the column that tells them apart to the key.",
                "warning",
            )
        if self.notes.get("row_is_person"):
            yield self._finding(
                "no_identifier",
                "",
                self.rows,
                "No column says who the rows are about: each row counts as a person.",
                "Say in the data source's file which column tells who it is, if one does.",
            )

    def _stale(self) -> Iterator[Finding]:
        last = self.notes.get("last_event_at")
        days = (self.clock - datetime.fromisoformat(last)).days if last else 0
        if days > STALE_DAYS:
            message = f"The last of {counted(self.rows, 'row')} is {_age(days)} old."
            proposal = "See whether the file is still brought up to date."
            yield self._finding("stale", "", self.rows, message, proposal, "warning")


def _age(days: int) -> str:
    return counted(days, "day") if days < 730 else counted(days // 365, "year")
