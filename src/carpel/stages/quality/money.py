"""Amounts in more than one currency."""

from collections.abc import Iterator

from carpel.engine.query import query
from carpel.stages.base import Line
from carpel.stages.quality.finding import Finding, said
from carpel.stages.quality.subject import Subject

RATES = "described_currency"


def mixed_currencies(line: Line, subject: Subject) -> Iterator[Finding]:
    """Rows whose amount is in another currency than the project's; fixed where a rate is known."""
    if not subject.has("amount", "currency"):
        return
    known, unknown, of = 0, 0, 0
    names: list[str] = []
    for code, rows, rated in _by_currency(line, subject):
        of += rows
        if code == line.definitions.project.currency:
            continue
        known, unknown = (known + rows, unknown) if rated else (known, unknown + rows)
        names += [] if rated else [code]
    own, shown = line.definitions.project.currency, subject.said("currency")
    if unknown:
        yield Finding(
            subject.source,
            "mixed_currencies",
            shown,
            "warning",
            unknown,
            of,
            False,
            f"{said(unknown, of, 'are')} in {', '.join(sorted(names))} and not in {own}: "
            "their amounts are left out of every sum.",
            "Bring the rates: a file with `currency` and `rate`.",
        )
    if known:
        yield Finding(
            subject.source,
            "mixed_currencies",
            shown,
            "note",
            known,
            of,
            True,
            f"{said(known, of, 'are')} converted to {own} by the rates given.",
        )


def _by_currency(line: Line, subject: Subject) -> list[tuple[str, int, bool]]:
    rated = query("SELECT NULL::VARCHAR AS currency WHERE false")
    if RATES in line.tables() and "rate" in line.engine.columns(RATES):
        rated = query("SELECT DISTINCT currency FROM described_currency WHERE rate IS NOT NULL")
    return line.engine.rows(
        query(
            """SELECT r.currency, count(*), count(d.currency) > 0 FROM :rows AS r
               LEFT JOIN :rated AS d ON d.currency = r.currency
               WHERE r.currency IS NOT NULL AND r.amount IS NOT NULL GROUP BY 1 ORDER BY 1""",
            rows=subject.rows,
            rated=rated,
        )
    )
