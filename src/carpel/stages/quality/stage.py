"""The stage: one part a source, and one for the project's own checks."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

import pyarrow as pa

from carpel.engine.query import query
from carpel.stages.base import Line, Output, Part
from carpel.stages.quality import accounts, between, keys, malformed, money, numbers, states
from carpel.stages.quality.checks import checks, counts, finding, holds
from carpel.stages.quality.conditions import conditions
from carpel.stages.quality.counting import counted
from carpel.stages.quality.finding import Finding, graded, score, worded
from carpel.stages.quality.formulas import formulas
from carpel.stages.quality.noted import Noted
from carpel.stages.quality.once import once_an_order
from carpel.stages.quality.subject import Subject, read_rows, subjects
from carpel.stages.rows import as_table

LOOKED_AT = ("records", "costs", "accounting")


class Quality:
    """Writes findings and scores; changes no data.

    Of the project's own checks on rows it notes `checks`, what each found, and which did not hold:
    `failed`, those that are to stop the build, and `warned`.
    """

    name = "quality"
    version = 14
    writes = ("findings", "scores")

    def parts(self, line: Line) -> Iterable[Part]:
        """Made again when what the source brought changes, or the day does."""
        for source in sorted(line.definitions.sources):
            yield Part(f"quality/{source}", _depends(line, source), partial(_look, line, source))
        asked = checks(line)
        if asked:
            yield Part(
                "quality/_checks",
                {
                    "checks": [each.model_dump(mode="json", fallback=str) for each in asked],
                    "counts": [counts(line, each) for each in asked],
                },
                partial(_check, line),
            )


def _depends(line: Line, source: str) -> dict[str, Any]:
    project = line.definitions.project
    return {
        "tables": _files(line),
        "notes": _notes(line, source),
        "days": [line.clock.date(), line.moment.date()],
        "home": [project.country, project.currency, project.identity.most_people_per_identifier],
        "describes": sorted(line.definitions.sources[source].describes),
        "track": [
            each.model_dump(mode="json", fallback=str)
            for each in line.definitions.sources[source].track
        ],
    }


def _files(line: Line) -> dict[str, list[str]]:
    looked = [*LOOKED_AT, *line.tables("staged"), *line.tables("described")]
    return {table: line.table_files(table) for table in looked}


def _notes(line: Line, source: str) -> Mapping[str, Any]:
    made = line.parts.get(f"sources/{source}")
    return made.notes.get(source, {}) if made else {}


def _look(line: Line, source: str, output: Output) -> None:
    rows = read_rows(line, source)
    noted = Noted(source, _notes(line, source), rows, line.clock.replace(tzinfo=None))
    found = [*accounts.accounted(line, source), *noted.findings()]
    for subject in subjects(line, source):
        found += _found(line, subject)
    found = [worded(graded(each)) for each in found]
    _write(line, output, found)
    line.engine.register(
        "made_scores", pa.table({"source": [source], "score": [score(found)], "rows": [rows]})
    )
    output.write("scores", query("SELECT * FROM made_scores"))


def _found(line: Line, subject: Subject) -> Iterator[Finding]:
    """Everything that is wrong with the rows of one table."""
    latest = max(line.clock.replace(tzinfo=None), line.moment)
    asked = [
        *conditions(subject, latest, once_an_order(line.engine, subject)),
        *formulas(subject),
        *numbers.outlying(line.engine, subject),
    ]
    yield from counted(line.engine, subject, asked)
    yield from numbers.wrong_scale(line.engine, subject)
    for check in (
        malformed.malformed,
        malformed.mistyped,
        malformed.unknown_category,
        money.mixed_currencies,
        states.not_understood,
        keys.repeated,
        keys.shared,
        keys.orphaned,
        between.order_totals,
        between.births,
    ):
        yield from check(line, subject)


def _check(line: Line, output: Output) -> None:
    found = {check.name: counts(line, check) for check in checks(line)}
    _write(
        line, output, [finding(it, found[it.name]) for it in checks(line) if found[it.name]["rows"]]
    )
    missed = [check for check in checks(line) if not holds(check, found[check.name])]
    output.note("checks", found)
    output.note("failed", [check.name for check in missed if check.severity == "fail"])
    output.note("warned", [check.name for check in missed if check.severity == "warn"])


def _write(line: Line, output: Output, findings: list[Finding]) -> None:
    line.engine.register("made_findings", as_table("findings", map(asdict, findings)))
    output.write("findings", query("SELECT * FROM made_findings"))
