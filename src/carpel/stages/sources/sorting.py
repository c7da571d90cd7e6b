"""The table of a source's rows with the fate of each."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp

from carpel.engine.query import Tree, aliased, column, conjunction, query, table
from carpel.reading import Rows
from carpel.reading.rows import inner
from carpel.specs import Source
from carpel.stages.base import Line
from carpel.stages.sources.conditions import told
from carpel.stages.sources.fates import Reason, alone, first_of, out_of_range, reasons
from carpel.stages.sources.keys import event_key, key_of, number_repeats, ref
from carpel.stages.sources.values_table import CONTENT, Reader, Values
from carpel.stages.sources.wanted import Wanted


@dataclass(frozen=True)
class Sorted:
    """All rows read, typed, each with its fate."""

    tree: Tree
    """Values by key, `ref`, `_why` (number of a reason) and `_merged`."""
    values: Values
    reasons: list[Reason]
    repeats: Mapping[str, int]
    """Rows whose key is not the only one, by track (`e0_`) or for the row itself (`row_`)."""


def sorted_rows(
    line: Line, source: Source, rows: Rows, reader: Reader, asked: list[Wanted]
) -> Sorted:
    """Decide the fate of every row."""
    values, typed = reader.read(asked, lambda _: _keys(source, rows))
    held = f"told_{source.name}"
    with_events = query(
        "SELECT *, :more FROM :t",
        more=[
            aliased(
                query("coalesce(:k, :c)", k=column(f"{each}key"), c=column(CONTENT)), f"{each}same"
            )
            for each in _prefixes(source)
        ]
        + [
            aliased(_told(line, source, values, number), f"e{number}_told")
            for number in range(len(source.track))
        ],
        t=inner(typed),
    )
    found = reasons(source, values, line.clock)
    line.engine.create(
        held, query("SELECT *, :why AS _why FROM :t", why=first_of(found), t=inner(with_events))
    )
    repeats = {
        each: number_repeats(
            line.engine,
            held,
            _counted(each),
            f"{each}same",
            f"{held}_{each}",
            keyed=_keyed(source, each),
        )
        for each in _prefixes(source)
    }
    return Sorted(_fated(source, values, held, repeats), values, found, repeats)


def _prefixes(source: Source) -> list[str]:
    return ["row_", *(f"e{number}_" for number in range(len(source.track)))]


def _keys(source: Source, rows: Rows) -> dict[str, Tree]:
    return {"row_key": key_of(source.key, rows, source)} | {
        f"e{number}_key": key_of(track.key, rows, source)
        for number, track in enumerate(source.track)
    }


def _keyed(source: Source, prefix: str) -> bool:
    if prefix != "row_":
        return bool(source.track[int(prefix[1:-1])].key)
    return bool(source.key or source.identifiers or source.describes)


def _told(line: Line, source: Source, values: Values, number: int) -> Tree:
    """Whether a row tells an event; one that is worth nothing without its time tells it badly."""
    conditions = told(source, values, number, line.clock, line.zone)
    if alone(source, number):
        return conditions
    at = column(f"e{number}_at")
    return conjunction(
        [conditions, query(":at IS NOT NULL", at=at), exp.not_(out_of_range(at, line.clock))]
    )


def _counted(prefix: str) -> Tree:
    here = query("_why IS NULL")
    return here if prefix == "row_" else conjunction([here, column(f"{prefix}told")])


def _fated(source: Source, values: Values, held: str, repeats: Mapping[str, int]) -> Tree:
    tree = exp.select(query("t.*")).from_(exp.alias_(table(held), "t", table=True))
    for each, rows in repeats.items():
        extra, again = query("CAST(1 AS UBIGINT)"), query("false")
        if rows:
            name = f"{held}_{each}"
            tree = tree.join(
                table(name),
                join_type="left",
                on=query(
                    "t._file = :f AND t._row = :r", f=column("_file", name), r=column("_row", name)
                ),
            )
            extra = query("coalesce(:x, 1)", x=column("extra", name))
            again = query("coalesce(:x, false)", x=column("again", name))
        tree = tree.select(aliased(extra, f"{each}extra"), aliased(again, f"{each}again"))
    keys = [
        aliased(event_key(source, number), f"e{number}_event_key")
        for number in range(len(source.track))
    ]
    return exp.select(
        exp.Star(),
        aliased(ref(source, values), "ref"),
        aliased(conjunction([query("_why IS NULL"), _merged(source)]), "_merged"),
        *keys,
    ).from_(inner(tree))


def _merged(source: Source) -> Tree:
    """Said before: every event the row tells, or the whole row where it tells none."""
    tracks = range(len(source.track))
    if not tracks:
        return column("row_again")
    any_told = exp.or_(*(column(f"e{n}_told") for n in tracks))
    all_again = conjunction(
        [
            query("(NOT :told OR :again)", told=column(f"e{n}_told"), again=column(f"e{n}_again"))
            for n in tracks
        ]
    )
    return query(
        "CASE WHEN :any THEN :all ELSE :row END",
        any=any_told,
        all=all_again,
        row=column("row_again"),
    )
