"""The project's own checks on the rows of a source."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from carpel.engine.query import column, query
from carpel.errors import CheckFailed
from carpel.evaluation.comparisons import condition, kind_of
from carpel.language import RuleError
from carpel.specs import Check, Column, Source
from carpel.stages.base import Line
from carpel.stages.quality.counting import Condition, counted
from carpel.stages.quality.finding import Finding, Severity
from carpel.stages.quality.subject import Subject, subjects

SEVERITY: Mapping[str, Severity] = {"fail": "error", "warn": "warning"}


def checks(line: Line) -> list[Check]:
    """The checks on rows, by name."""
    found = (check for check in line.definitions.checks.values() if check.rows)
    return sorted(found, key=lambda check: check.name)


def judged(line: Line, check: Check) -> tuple[list[Finding], bool]:
    """What a check found, and whether it holds.

    A row that says nothing in one of the columns is not counted, unless the check asks just that
    (`is_set`). Columns are named as in the source's file or as the source maps them; where several
    kinds of event have them, each is held to the check. Facts on people count once a saying.
    """
    source = check.source or ""
    asked = [
        (subject, named)
        for subject in subjects(line, source)
        if (named := _named(line.definitions.sources[source], subject))
        and check.rows.keys() <= named.keys()
    ]
    if not asked:
        return _nothing_to_check(line, check)
    found = [
        finding
        for subject, named in asked
        for finding in counted(line.engine, subject, [_condition(line, check, subject, named)])
    ]
    broken = any((each.of - each.rows) / each.of < check.at_least for each in found)
    return [_severe(each, check) if broken else each for each in found], not broken


def _nothing_to_check(line: Line, check: Check) -> tuple[list[Finding], bool]:
    """No row has these columns: fine for a source without rows, else the check cannot be made."""
    if not any(True for _ in subjects(line, check.source or "")):
        return [], True
    names = ", ".join(check.rows)
    finding = Finding(
        check.source or "",
        f"check_{check.name}",
        names,
        SEVERITY[check.severity],
        0,
        0,
        False,
        f"Cannot be checked: no kind of row has {names} together.",
        "Name these columns in the data source's file.",
    )
    return [finding], False


def _severe(finding: Finding, check: Check) -> Finding:
    return replace(finding, severity=SEVERITY[check.severity])


def _condition(line: Line, check: Check, subject: Subject, named: Mapping[str, str]) -> Condition:
    holds, known = query("true"), query("true")
    for name, comparison in check.rows.items():
        key = named[name]
        try:
            said = condition(
                column(key),
                kind_of(subject.kinds[key]),
                comparison,
                moment=line.moment,
                zone=line.zone,
            )
        except RuleError as error:
            raise CheckFailed(
                f"Check {check.name}, column {name}: {error}.",
                action="Compare it with a value of its own kind.",
            ) from error
        holds = query("(:before) AND (:this)", before=holds, this=said)
        known = query("(:before) AND (:this) IS NOT NULL", before=known, this=said)
    return Condition(
        f"check_{check.name}",
        ", ".join(check.rows),
        query("NOT (:h)", h=holds),
        f"{{rows}} do not hold to: {check.label or check.name}.",
        severity="note",
        among=known,
    )


def _named(source: Source, subject: Subject) -> dict[str, str]:
    """What the columns of a table may be called: as mapped, and as in the file."""
    mapped = {subject.said(name).rpartition(".")[2]: name for name in subject.kinds}
    written = {
        spec.column: name
        for name, spec in _mapping(source, subject)
        if spec.column and subject.has(name)
    }
    return {**{name: name for name in subject.kinds}, **mapped, **written}


def _mapping(source: Source, subject: Subject) -> Iterator[tuple[str, Column]]:
    """Staged columns and the columns of the file behind them."""
    if subject.table == "records":
        yield from ((f"id_{kind}", spec) for kind, spec in source.identifiers.items())
        yield from ((f"t_{trait}", spec) for trait, spec in source.traits.items())
    for track in source.track:
        if track.event == subject.event:
            yield from (("at", track.at), *track.properties.items())
    if subject.table.startswith("described_"):
        yield from source.properties.items()
        yield from ((key, Column(column=name)) for key, name in source.describes.items())
    held = {
        "staged_contracts": source.hold,
        "staged_consents": source.permit,
        "costs": source.costs,
    }.get(subject.table, ())
    for each in held:
        specs = ((name, getattr(each, name)) for name in type(each).model_fields)
        yield from ((name, spec) for name, spec in specs if isinstance(spec, Column))
