"""The project's own checks on rows: how many of a source's loaded rows break each, and where.

A row is judged once, by all that it says: under a name that several events share, each that the
row tells has to hold.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from carpel.engine.query import Tree, aliased, column, conjunction, query
from carpel.errors import Problem, ProjectError, SourceError, suggestion
from carpel.evaluation.comparisons import condition
from carpel.language import Calendar, Comparison, Period, RuleError
from carpel.reading import Rows
from carpel.reading.rows import inner
from carpel.specs import Check, Column, Definitions, Source
from carpel.stages.base import Line
from carpel.stages.sources.sorting import Sorted
from carpel.stages.sources.wanted import Wanted, actual, compared

PLACES = 3
"""Rows that a check names of those that break it."""
NAMED = re.compile(r"(?:id|t|[ehcx]\d+(?:_p)?|a(?:_t)?|d(?:_p)?)_(?!w_)(?P<name>.+)")
"""Keys of values that a source gives a name."""
OF_ACCOUNTS = {"a_key": "account_key", "a_name": "account_name"}


@dataclass(frozen=True)
class Checked:
    """A check, and under each of its columns the keys of the values that it is about."""

    check: Check
    keys: Mapping[str, Sequence[str]]


def checks_on(definitions: Definitions, source: str) -> list[Check]:
    """The checks on the rows of a source, by name."""
    found = (each for each in definitions.checks.values() if each.rows and each.source == source)
    return sorted(found, key=lambda each: each.name)


def said(key: str) -> str:
    """What a source calls a value: `amount` of `e0_p_amount`; empty for what only `when` asks."""
    if key in ("seen_at", "known_since"):
        return key
    found = NAMED.fullmatch(key)
    return OF_ACCOUNTS.get(key) or (found["name"] if found else "")


def asked(
    checks: Sequence[Check], known: Sequence[Wanted], rows: Rows, source: Source
) -> tuple[list[Checked], list[Wanted]]:
    """Where each check finds its columns, and the values that only checks ask for.

    Raises ProjectError with every column that neither the source nor its files have.
    """
    further: dict[str, Wanted] = {}
    problems: list[Problem] = []
    found = [
        Checked(check, dict(_found(check, known, further, rows, source, problems)))
        for check in checks
    ]
    if problems:
        raise ProjectError(problems)
    return found, list(further.values())


def _found(
    check: Check,
    known: Sequence[Wanted],
    further: dict[str, Wanted],
    rows: Rows,
    source: Source,
    problems: list[Problem],
) -> Iterator[tuple[str, list[str]]]:
    for name, comparison in check.rows.items():
        keys = [each.key for each in known if said(each.key) == name] or _as_written(name, known)
        if not keys:
            key = f"k{len(further)}_{name}"
            try:
                spec = Column(column=actual(name, rows, source))
            except SourceError:
                file, where = f"checks/{check.name}.yml", ", ".join(rows.files) or "the data"
                names = filter(None, (said(each.key) for each in known))
                problems.append(nowhere(name, names, rows.columns, where, file, None))
                continue
            further[key] = compared(key, spec, comparison)
            keys = [key]
        yield name, keys


def _as_written(name: str, known: Iterable[Wanted]) -> list[str]:
    """The first value that is what this column of the file says."""
    bare = name.strip().casefold()
    return [
        each.key
        for each in known
        if said(each.key)
        and not each.spec.reckoned
        and (each.spec.column or "").strip().casefold() == bare
    ][:1]


def nowhere(
    name: str, names: Iterable[str], columns: Iterable[str], where: str, file: str, line: int | None
) -> Problem:
    """The mistake of naming a column that is not there: the nearest name, and all that are."""
    there = f"Its columns are: {', '.join(columns)}."
    near = suggestion(name, {*names, *columns})
    action = f"{near} {there}" if near.startswith("Did") else there
    return Problem(f"there is no column {name!r} in {where}", file, line, action)


def depends(line: Line, checks: Sequence[Check]) -> list[Any]:
    """What counts of the checks: their columns, and the day where they ask for one."""
    told: list[Any] = [
        [each.name, each.model_dump(mode="json", include={"rows"}, fallback=str)] for each in checks
    ]
    relative = any(_relative(said) for each in checks for said in each.rows.values())
    return [*told, moment(line).date().isoformat()] if relative else told


def _relative(comparison: Comparison) -> bool:
    operand = comparison.value
    some = operand if isinstance(operand, tuple) else (operand,)
    return any(isinstance(each, Period | Calendar) for each in some)


def moment(line: Line) -> datetime:
    """The moment that `in_last` and the like look from, UTC without a zone: the build's, where the
    project names it, else now."""
    fixed = line.definitions.project.as_of
    if not isinstance(fixed, datetime):
        return line.clock.replace(tzinfo=None)
    placed = fixed if fixed.tzinfo else fixed.replace(tzinfo=line.zone)
    return placed.astimezone(UTC).replace(tzinfo=None)


def judged(line: Line, done: Sorted, checked: Sequence[Checked]) -> dict[str, Any]:
    """By check how many loaded rows say something of it, how many of them break it, and the first
    of these as file and row."""
    return {each.check.name: _judged(line, done, each) for each in checked}


def _judged(line: Line, done: Sorted, checked: Checked) -> dict[str, Any]:
    held = [_held(line, done, checked, name) for name in checked.check.rows]
    known = conjunction([query("(:h) IS NOT NULL", h=each) for each in held])
    broken = query("(:known) AND NOT (:holds)", known=known, holds=conjunction(held))
    rows = query(
        "SELECT _file, _row, :judged FROM :t WHERE _why IS NULL AND NOT _merged",
        judged=[aliased(known, "known"), aliased(broken, "broken")],
        t=inner(done.tree),
    )
    of, count = line.engine.rows(
        query(
            "SELECT count(*) FILTER (WHERE known), count(*) FILTER (WHERE broken) FROM :rows",
            rows=inner(rows),
        )
    )[0]
    return {"rows": count, "of": of, "places": _places(line, rows) if count else []}


def _places(line: Line, rows: Tree) -> list[list[Any]]:
    found = line.engine.rows(
        query(
            f"SELECT _file, _row FROM :rows WHERE broken ORDER BY _file, _row LIMIT {PLACES}",
            rows=inner(rows),
        )
    )
    return [list(each) for each in found]


def _held(line: Line, done: Sorted, checked: Checked, name: str) -> Tree:
    """Whether all that a row says under a name compares so; null where it says nothing."""
    each = [_holds(line, done, checked.check, name, key) for key in checked.keys[name]]
    return query("CAST(least(NULL, :each) AS BOOLEAN)", each=each)


def _holds(line: Line, done: Sorted, check: Check, name: str, key: str) -> Tree:
    values = done.values
    try:
        holds = condition(
            column(key), values.types[key], check.rows[name], moment=moment(line), zone=line.zone
        )
    except RuleError as error:
        action = "Compare it with a value of its own kind."
        wrong = Problem(f"column {name}: {error}", f"checks/{check.name}.yml", action=action)
        raise ProjectError([wrong]) from error
    unreadable = query("false") if key in values.regular else values.bad(key)
    return query(
        "CASE WHEN NOT (:told) THEN NULL WHEN :bad THEN false ELSE (:holds) END",
        told=_told(key),
        bad=unreadable,
        holds=holds,
    )


def _told(key: str) -> Tree:
    found = re.match(r"[ec]\d+_", key)
    return column(f"{found[0]}told") if found else query("true")
