"""What the usable rows of a source become: one query a table."""

from collections.abc import Mapping

from sqlglot import exp

from carpel.engine.query import Tree, aliased, column, literal, query
from carpel.reading.rows import inner
from carpel.reading.way import years_of
from carpel.reading.zones import to_local
from carpel.specs import Permit, Source
from carpel.stages.base import Line, Output
from carpel.stages.sources.former import first_loaded
from carpel.stages.sources.grown import Grown
from carpel.stages.sources.records import records
from carpel.stages.sources.sorting import Sorted, usable
from carpel.stages.sources.wanted import HELD, PERMITTED, SPENT
from carpel.tables import TABLES

ENDING = ("ended_at", "trial_ends_at", "renews_at", "paused_at", "cancelled_at")
NEVER = 2099
"""Contracts that end in this year or later, most often 2999 or 9999, are open-ended."""


def write_all(
    line: Line, source: Source, done: Sorted, output: Output, grown: Grown | None = None
) -> None:
    """Write every table that the source has something for, beside what was `grown` from."""
    if source.identifiers or source.traits or source.track or source.hold or source.permit:
        said = records(line, source, done)
        output.write("records", grown.said_by_all(said) if grown else said)
    for number, track in enumerate(source.track):
        staged = f"staged_event_{track.event}"
        events = _events(line, source, done, number)
        output.write(staged, events if grown else first_loaded(line, source, staged, events))
    for number in range(len(source.hold)):
        output.write("staged_contracts", _held(source, done, number))
    for number, permit in enumerate(source.permit):
        output.write("staged_consents", _permitted(source, done, number, permit))
    if source.account:
        output.write("staged_places", _places(source, done))
    for name in source.describes:
        output.write(f"described_{name}", _described(done, name))
    for number in range(len(source.costs)):
        output.write("costs", _costs(source, done, number))


def _select(columns: list[Tree], usable: dict[str, Tree]) -> exp.Select:
    return exp.select(*columns).from_(usable["t"]).where(usable["usable"])


def _events(line: Line, source: Source, done: Sorted, number: int) -> Tree:
    prefix = f"e{number}_p_"
    properties = [
        aliased(column(key), key.removeprefix(prefix)) for key in done.values.starting(prefix)
    ]
    at = f"e{number}_at"
    told = usable(done, column(f"e{number}_told"), exp.not_(column(f"e{number}_again")))
    years = years_of(line.engine, _select([column(at)], told), column(at))
    local = to_local(column(at), line.definitions.project.timezone, years)
    columns = [
        column("ref"),
        aliased(literal(source.name), "source"),
        aliased(column(f"e{number}_event_key"), "event_key"),
        aliased(column(at), "at"),
        aliased(query("CAST(:l AS DATE)", l=local), "local_date"),
        aliased(_hour(done, at, local), "local_hour"),
        aliased(literal(line.clock.replace(tzinfo=None)), "loaded_at"),
        *properties,
    ]
    return _select(columns, told)


def _hour(done: Sorted, at: str, local: Tree) -> Tree:
    """The local hour; null where the file gives days only."""
    days_only = done.values.facts.get(at, {}).get("date_only")
    return query("CAST(:h AS TINYINT)", h=exp.null() if days_only else query("hour(:l)", l=local))


def _fields(done: Sorted, prefix: str, fields: Mapping[str, str], table: str) -> list[Tree]:
    """Columns of a contract, the ones a source leaves out being null."""
    kinds = TABLES[table].columns
    return [
        aliased(
            query(
                f"CAST(:v AS {kinds[name]})",
                v=_field(f"{prefix}{name}", name)
                if f"{prefix}{name}" in done.values.types
                else exp.null(),
            ),
            name,
        )
        for name in fields
    ]


def _field(key: str, name: str) -> Tree:
    """A value; a time so far ahead that it stands for never is none."""
    if name not in ENDING:
        return column(key)
    return query("CASE WHEN year(:v) < :never THEN :v END", v=column(key), never=NEVER)


def _held(source: Source, done: Sorted, number: int) -> Tree:
    fields = _fields(done, f"h{number}_", HELD, "staged_contracts")
    return query(
        "SELECT ref, :source AS source, :fields FROM :t WHERE :usable",
        fields=fields,
        source=source.name,
        **usable(
            done, query("NOT _merged"), query(":at IS NOT NULL", at=column(f"h{number}_started_at"))
        ),
    )


def _permitted(source: Source, done: Sorted, number: int, permit: Permit) -> Tree:
    fields = _fields(done, f"c{number}_", PERMITTED, "staged_consents")
    enough = "QUALIFY row_number() OVER (PARTITION BY ref ORDER BY :at, _file, _row) >= :after"
    counted = {"at": _in_order(done, number), "after": permit.after} if permit.after > 1 else {}
    return query(
        "SELECT ref, :source AS source, :fields, :suppress AS suppress, "
        ":undeliverable AS undeliverable, _file AS file, _row AS row FROM :t WHERE :usable "
        f"{enough if counted else ''}",
        fields=fields,
        source=source.name,
        suppress=permit.suppress,
        undeliverable=permit.undeliverable,
        **counted,
        **usable(
            done,
            query("NOT _merged"),
            column(f"c{number}_told"),
            query(":g IS NOT NULL", g=column(f"c{number}_granted")),
        ),
    )


def _in_order(done: Sorted, number: int) -> Tree:
    at = f"c{number}_at"
    return column(at) if at in done.values.types else exp.null()


def _places(source: Source, done: Sorted) -> Tree:
    key, several = column("a_key"), done.values.types["a_key"] == "list"
    traits = [
        aliased(column(key), "t_" + key.removeprefix("a_t_"))
        for key in done.values.starting("a_t_")
    ]
    name = column("a_name") if "a_name" in done.values.types else query("CAST(NULL AS VARCHAR)")
    columns = [
        column("ref"),
        aliased(literal(source.name), "source"),
        aliased(query("unnest(:k)", k=key) if several else key, "account_key"),
        aliased(name, "name"),
        *traits,
    ]
    return _select(columns, usable(done, query("a_key IS NOT NULL"))).distinct()


def _described(done: Sorted, name: str) -> Tree:
    """One row a key: what the last row with it says."""
    key = f"d_{name}"
    columns = [aliased(column(key), name)] + [
        aliased(column(each), each.removeprefix("d_p_")) for each in done.values.starting("d_p_")
    ]
    last = query(
        "SELECT * FROM :t WHERE :usable QUALIFY row_number() OVER "
        "(PARTITION BY :key ORDER BY _file DESC, _row DESC) = 1",
        key=column(key),
        **usable(done, query(":k IS NOT NULL", k=column(key))),
    )
    return exp.select(*columns).from_(inner(last))


def _costs(source: Source, done: Sorted, number: int) -> Tree:
    return _select(
        [aliased(literal(source.name), "source"), *_fields(done, f"x{number}_", SPENT, "costs")],
        usable(done, query("NOT _merged")),
    )
