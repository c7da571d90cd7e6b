"""What is said of somebody and was not before, as events `trait_changed`.

Former sayings are in the parent build's records and in the earlier files of a source. What an
earlier run found stays: its events are taken over from the parent build.
"""

from functools import reduce

from carpel.engine.query import Tree, column, literal, query, table
from carpel.reading import Rows
from carpel.reading.rows import inner
from carpel.reading.way import years_of
from carpel.reading.zones import to_local
from carpel.specs import Source
from carpel.stages.base import Line, Output
from carpel.stages.sources.fates import out_of_range
from carpel.stages.sources.former import former_files
from carpel.stages.sources.keys import hashed
from carpel.stages.sources.sayings import Sayings, sayings, text
from carpel.stages.sources.sorting import Sorted
from carpel.values.sensitive import personal, special

EVENT = "trait_changed"
STAGED = f"staged_event_{EVENT}"


def write_changes(line: Line, source: Source, rows: Rows, done: Sorted, output: Output) -> None:
    """Write the changes of a source that says what is now, none yet in a first run.

    A change is at the row's `seen_at`, else the day that its file's name tells, else now. What
    personal values and those of special categories were and are is not told.
    """
    said = sayings(line, source, rows, done) if source.mode != "append" else None
    if said is None:
        return
    held = f"changes_{source.name}"
    found = [*_told_before(line, source), *(_steps(line, source, said, key) for key in said.keys)]
    if found:
        line.engine.create(held, _once(reduce(_both, found)))
        output.write(STAGED, _local(line, held, done))
        line.engine.drop(held)
    line.engine.drop(said.table)


def _both(one: Tree, other: Tree) -> Tree:
    return query(
        "SELECT * FROM :a UNION ALL BY NAME SELECT * FROM :b", a=inner(one), b=inner(other)
    )


def _once(told: Tree) -> Tree:
    """Each change once, as it was told first; of two told at one moment, always the same."""
    return query(
        "SELECT * FROM :told AS t QUALIFY row_number() OVER "
        "(PARTITION BY event_key ORDER BY loaded_at, ref) = 1",
        told=told,
    )


def _told_before(line: Line, source: Source) -> list[Tree]:
    files = former_files(line, source, STAGED)
    if not files:
        return []
    name = f"told_before_{source.name}"
    line.engine.bind(name, files)
    return [
        query(
            "SELECT * EXCLUDE (local_date, local_hour), local_hour IS NOT NULL AS timed FROM :t",
            t=table(name),
        )
    ]


def _steps(line: Line, source: Source, said: Sayings, key: str) -> Tree:
    """The changes of one value, from each saying to the next about the same person."""
    steps = query(
        "SELECT *, :v AS said, lag(:v) OVER ordered AS said_before, "
        "lag(before) OVER ordered AS from_before FROM :t WHERE :comparable "
        "WINDOW ordered AS (PARTITION BY whose "
        'ORDER BY seen_at NULLS FIRST, nth, before DESC, "row")',
        v=text(key),
        t=table(said.table),
        comparable=query("true" if key in said.before else "NOT before"),
    )
    name = key.split("_", 1)[1]
    hidden = key.startswith("id_") or personal(name) or special(name)
    shown = "CAST(NULL AS VARCHAR)" if hidden else ":v"
    seen = query(
        "CASE WHEN NOT :odd THEN seen_at END", odd=out_of_range(column("seen_at"), line.clock)
    )
    return query(
        "SELECT ref, :source AS source, :key AS event_key, "
        "coalesce(:seen, dated_at, :clock) AS at, :clock AS loaded_at, :name AS trait, "
        ":was AS was, :now AS now, coalesce(:seen, dated_at) IS NULL OR :seen IS NOT NULL AS timed "
        "FROM :steps AS s WHERE from_before IS NOT NULL AND said IS DISTINCT FROM said_before",
        source=source.name,
        key=_key(line, source, name),
        seen=seen,
        clock=line.clock.replace(tzinfo=None),
        name=name,
        was=query(shown, v=column("said_before")),
        now=query(shown, v=column("said")),
        steps=steps,
    )


def _key(line: Line, source: Source, name: str) -> Tree:
    """The row that tells of a change says which it is; of one against the parent build, the run."""
    run = query(
        "CASE WHEN from_before THEN CAST(:clock AS VARCHAR) END",
        clock=line.clock.replace(tzinfo=None),
    )
    told = [literal(source.name), literal(EVENT), literal(name)]
    return hashed([*told, *(text(each) for each in ("whose", "file", "row")), run])


def _local(line: Line, held: str, done: Sorted) -> Tree:
    """With the local day, and the hour where the time is known to it."""
    at = column("at")
    years = years_of(line.engine, query("SELECT at FROM :t", t=table(held)), at)
    local = to_local(at, line.definitions.project.timezone, years)
    days_only = bool(done.values.facts.get("seen_at", {}).get("date_only"))
    return query(
        "SELECT ref, source, event_key, at, CAST(:local AS DATE) AS local_date, "
        "CASE WHEN timed AND NOT :days_only THEN CAST(hour(:local) AS TINYINT) END AS local_hour, "
        "loaded_at, trait, was, now FROM :t ORDER BY at, event_key",
        local=local,
        days_only=days_only,
        t=table(held),
    )
