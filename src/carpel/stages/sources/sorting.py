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
from carpel.stages.sources.erased import erased
from carpel.stages.sources.fates import Reason, alone, first_of, out_of_range, reasons, totals
from carpel.stages.sources.keys import event_key, ref, row_keys
from carpel.stages.sources.repeats import ROW, find_repeats, prefixes, with_repeats
from carpel.stages.sources.values_table import Reader, Values
from carpel.stages.sources.wanted import Wanted


@dataclass(frozen=True)
class Sorted:
    """All rows read, typed, each with its fate."""

    tree: Tree
    """Values by key, `ref`, `_why` (number of a reason), `_older` (a later row says what is now)
    and `_merged` (another row says the same)."""
    values: Values
    reasons: list[Reason]
    variants: Mapping[str, int]
    """Rows with the key of another and other content, by event (or `row`); all of them kept."""


def sorted_rows(
    line: Line, source: Source, rows: Rows, reader: Reader, asked: list[Wanted]
) -> Sorted:
    """Decide the fate of every row."""
    values, typed = reader.read(asked, row_keys(source, rows) | totals(source, rows))
    held, tree = f"told_{source.name}", _with_events(line, source, values, typed)
    found = [*erased(line, source, values, tree), *reasons(source, values, line.clock)]
    tree = query("SELECT *, :why AS _why FROM :t", why=first_of(found), t=inner(tree))
    again, who = prefixes(source), [aliased(ref(source, values), "ref")]
    settled = [] if ROW in again else who  # once for all tables, unless repeats have a say in it
    older = query("(_why IS NULL AND :older)", older=_older(source, values, rows))
    line.engine.create(
        held, exp.select(exp.Star(), aliased(older, "_older"), *settled).from_(inner(tree))
    )
    for each in values.held:
        line.engine.drop(each)
    repeats = {each: find_repeats(line.engine, source, rows, held, each) for each in again}
    variants = {_name(source, each): n for each in again if (n := repeats[each].variants)}
    keys = [aliased(event_key(source, n), f"e{n}_event_key") for n in range(len(source.track))]
    unsettled = [] if settled else who
    fated = exp.select(exp.Star(), *unsettled, aliased(_merged(source), "_merged"), *keys)
    everything = query("SELECT * FROM :t", t=table(held))
    tree = fated.from_(inner(with_repeats(everything, repeats)))
    return Sorted(tree, values, found, variants)


def usable(done: Sorted, *conditions: Tree) -> dict[str, Tree]:
    """The rows that say what is now, as parts `t` and `usable` of a query."""
    return {
        "t": inner(done.tree),
        "usable": conjunction([query("_why IS NULL AND NOT _older"), *conditions]),
    }


def _name(source: Source, prefix: str) -> str:
    return "row" if prefix == ROW else source.track[int(prefix[1:-1])].event


def _with_events(line: Line, source: Source, values: Values, typed: Tree) -> Tree:
    """Beside the values: which events and permissions each row tells."""
    told_ = [
        aliased(_told(line, source, values, number), f"e{number}_told")
        for number in range(len(source.track))
    ]
    told_ += [
        aliased(told(line, source, values, f"c{number}_", each.when), f"c{number}_told")
        for number, each in enumerate(source.permit)
    ]
    return exp.select(exp.Star(), *told_).from_(inner(typed))


def _told(line: Line, source: Source, values: Values, number: int) -> Tree:
    """Whether a row tells an event; one that is worth nothing without its time tells it badly."""
    when = source.track[number].when
    conditions = told(line, source, values, f"e{number}_", when)
    if alone(source, number):
        return conditions
    at = column(f"e{number}_at")
    return conjunction(
        [conditions, query(":at IS NOT NULL", at=at), exp.not_(out_of_range(at, line.clock))]
    )


def _older(source: Source, values: Values, rows: Rows) -> Tree:
    """Whether a later row says what is now: in the newest snapshot, or the newest of its key."""
    if source.mode == "append":
        return query("false")
    if source.mode == "snapshot":
        return query("_file <> :newest", newest=rows.files[-1])
    ids = [] if source.key else [column(key) for key in values.starting("id_")]
    whose = ids or [column("row_same")]
    seen = column("seen_at") if "seen_at" in values.types else query("CAST(NULL AS TIMESTAMP)")
    return query(
        "row_number() OVER (PARTITION BY _why IS NULL, :whose "
        "ORDER BY :seen DESC NULLS LAST, _file DESC, _row DESC) > 1",
        whose=whose,
        seen=seen,
    )


def _merged(source: Source) -> Tree:
    """Said by another row: every event the row tells, or the whole row where it tells none."""
    tracks = range(len(source.track))
    again = column("row_again") if ROW in prefixes(source) else query("false")
    if tracks:
        any_told = exp.or_(*(column(f"e{n}_told") for n in tracks))
        all_again = conjunction(
            [
                query(
                    "(NOT :told OR :again)", told=column(f"e{n}_told"), again=column(f"e{n}_again")
                )
                for n in tracks
            ]
        )
        again = query(
            "CASE WHEN :any THEN :all ELSE :row END", any=any_told, all=all_again, row=again
        )
    return query("(_why IS NULL AND (_older OR :again))", again=again)
