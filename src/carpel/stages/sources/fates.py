"""Why a row is set aside: every reason, in the order in which a person would name it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlglot import exp

from carpel.engine.query import Tree, column, conjunction, query
from carpel.reading import Rows
from carpel.specs import Source
from carpel.stages.sources.values_table import Values

FIRST_YEAR = 1950
"""Nothing that a business knows somebody did happened before."""
FUTURE_YEARS = 10
"""What is further ahead than this is no plan but a slip."""

_TOTAL = (
    r"(?i)(^|\x1f)\s*((grand|overall|sub)[ -]?)?(totals?|totale|totaal|gesamt|gesamtsumme|summe"
    r"|somme|suma|razem)\s*([:–-][^\x1f]*)?(\x1f|$)"
)
"""A cell that says that its row adds up the others: `Total: Account`."""


@dataclass(frozen=True)
class Reason:
    """Why a row is set aside, the column it is about, and which rows it holds for."""

    reason: str
    column: str
    holds: Tree


def reasons(source: Source, values: Values, clock: datetime) -> list[Reason]:
    """Every reason to set a row aside; the first that holds is the row's own."""
    return [
        *_nobody(source, values),
        *_events(source, values, clock),
        *_contracts(source, values),
        *_things(source, values),
    ]


def first_of(found: list[Reason]) -> Tree:
    """The number of the first reason that holds for a row; null for a row that can be used."""
    case = exp.Case()
    for number, each in enumerate(found):
        case.when(each.holds, exp.Literal.number(number), copy=False)
    return case if found else query("CAST(NULL AS INTEGER)")


def totals(source: Source, rows: Rows) -> dict[str, Tree]:
    """Which rows of a report of costs say that they are the total of the others."""
    if not source.costs:
        return {}
    cells = [query("coalesce(CAST(:c AS VARCHAR), '')", c=column(name)) for name in rows.columns]
    said = query("concat_ws(chr(31), :cells)", cells=cells)
    return {"says_total": query("regexp_matches(:said, :total)", said=said, total=_TOTAL)}


def _nobody(source: Source, values: Values) -> Iterator[Reason]:
    ids = values.starting("id_")
    if not ids:
        return
    named = values.column(ids[0])
    nobody = [query(":v IS NULL", v=column(key)) for key in ids]
    if not source.track and not source.hold:
        nobody += [query(":v IS NULL", v=column(key)) for key in values.starting("t_")]
    yield Reason(
        "unreadable identifier",
        named,
        conjunction([*nobody, exp.paren(exp.or_(*(values.bad(key) for key in ids)))]),
    )
    yield Reason("no identifier", named, conjunction(nobody))


def _events(source: Source, values: Values, clock: datetime) -> Iterator[Reason]:
    for number in range(len(source.track)):
        here, at = column(f"e{number}_told"), f"e{number}_at"
        if alone(source, number):
            yield from (
                Reason(said, values.column(at), conjunction([here, holds]))
                for said, holds in _times(values, at, clock)
            )
        for key in values.starting(f"e{number}_p_"):
            if key in values.checked:
                yield Reason(
                    f"not {_A[values.types[key]]}",
                    values.column(key),
                    conjunction([here, values.bad(key)]),
                )
    if source.track and not also(source):
        yield from _no_event(source, values)


def _no_event(source: Source, values: Values) -> Iterator[Reason]:
    """What was to decide which event it is cannot be read; or all is well and it is none."""
    tracks = range(len(source.track))
    none = exp.not_(exp.paren(exp.or_(*(column(f"e{number}_told") for number in tracks))))
    for key in (key for number in tracks for key in values.starting(f"e{number}_w_")):
        if key in values.checked:
            yield Reason(
                f"not {_A[values.types[key]]}",
                values.column(key),
                conjunction([none, values.bad(key)]),
            )
    yield Reason("matches no event", "", none)


_A = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "yes or no",
    "date": "a date",
    "instant": "a time",
    "text": "a text",
    "list": "a list",
}


def _times(values: Values, at: str, clock: datetime) -> Iterator[tuple[str, Tree]]:
    yield "unreadable time", values.bad(at)
    yield "no time", query(":at IS NULL", at=column(at))
    yield "time out of range", out_of_range(column(at), clock)


def alone(source: Source, number: int) -> bool:
    """Whether a row is there to tell this event, and is worth nothing without its time."""
    return bool(source.track[number].properties) or not (also(source) or len(source.track) > 1)


def also(source: Source) -> bool:
    """Whether a row says something beside its events."""
    return bool(
        source.traits
        or source.hold
        or source.permit
        or source.account
        or source.describes
        or source.costs
    )


def out_of_range(at: Tree, clock: datetime) -> Tree:
    """Placeholders and slips: before 1950, the start of 1970 in any zone, over ten years ahead."""
    return query(
        "(year(:at) < :first OR year(:at) > :last "
        "OR CAST(:at AS DATE) IN (DATE '1969-12-31', DATE '1970-01-01'))",
        at=at,
        first=FIRST_YEAR,
        last=clock.year + FUTURE_YEARS,
    )


def _contracts(source: Source, values: Values) -> Iterator[Reason]:
    for number in range(len(source.hold)):
        started = f"h{number}_started_at"
        yield Reason("unreadable time", values.column(started), values.bad(started))
        yield Reason(
            "no time",
            values.column(started),
            query(
                "(:plan IS NOT NULL AND :at IS NULL)",
                plan=column(f"h{number}_plan"),
                at=column(started),
            ),
        )


def _things(source: Source, values: Values) -> Iterator[Reason]:
    keys = [f"d_{name}" for name in source.describes]
    if keys:
        yield Reason(
            "no key",
            values.column(keys[0]),
            conjunction([query(":v IS NULL", v=column(key)) for key in keys]),
        )
    for number in range(len(source.costs)):
        amount, at = f"x{number}_amount", f"x{number}_at"
        if at in values.types:
            yield Reason("total row", "", query("(says_total AND :at IS NULL)", at=column(at)))
        yield Reason("not a number", values.column(amount), values.bad(amount))
        yield Reason("no amount", values.column(amount), query(":v IS NULL", v=column(amount)))
