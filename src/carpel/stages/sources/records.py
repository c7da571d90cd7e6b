"""What the usable rows of a source say of people, each thing once."""

from collections.abc import Iterator

from sqlglot import exp

from carpel.engine.query import Tree, aliased, column, query
from carpel.reading.rows import inner
from carpel.specs import Source
from carpel.stages.base import Line
from carpel.stages.sources.fates import out_of_range
from carpel.stages.sources.sorting import Sorted, usable


def records(line: Line, source: Source, done: Sorted) -> Tree:
    """Distinct sayings: the same about the same person is said once, as the newest row says it."""
    values = done.values
    said = [column(key) for key in (*values.starting("id_"), *values.starting("t_"))]
    parts = usable(done)
    return query(
        'SELECT ref, :source AS source, min(_file) AS file, arg_min(_row, (_file, _row)) AS "row", '
        "max(:last) AS seen_at, min(first_seen) AS first_seen_at, :said "
        "FROM :rows WHERE :usable GROUP BY ref, :said",
        source=source.name,
        last=_last_seen(source, done),
        said=said or [exp.null()],
        rows=inner(_with_first_seen(line, source, done)),
        usable=parts["usable"],
    )


def _last_seen(source: Source, done: Sorted) -> Tree:
    """When a row was true: as it states, else when the last thing that it tells was done."""
    if "seen_at" in done.values.types:
        return column("seen_at")
    return _of("greatest", [column(f"e{number}_at") for number in range(len(source.track))])


def _with_first_seen(line: Line, source: Source, done: Sorted) -> Tree:
    """The rows with the first instant that each knows of its person; rows that later ones took
    the place of count as well."""
    first = _of("least", list(_sightings(line, source, done)))
    if source.mode != "append":
        first = query(
            "min(:first) FILTER (WHERE _why IS NULL) OVER (PARTITION BY ref)", first=first
        )
    return exp.select(exp.Star(), aliased(first, "first_seen")).from_(inner(done.tree))


def _sightings(line: Line, source: Source, done: Sorted) -> Iterator[Tree]:
    """Instants at which the person of a row was known; none that is ahead or stands for nothing."""
    clock = line.clock.replace(tzinfo=None)
    for key, told in _times(source):
        if key in done.values.types:
            yield query(
                "CASE WHEN :told AND :at <= :clock AND NOT :odd THEN :at END",
                told=told,
                at=column(key),
                clock=clock,
                odd=out_of_range(column(key), line.clock),
            )


def _times(source: Source) -> Iterator[tuple[str, Tree]]:
    """Keys of times, and whether a row tells what is then."""
    always = query("true")
    yield from (("known_since", always), ("seen_at", always))
    yield from ((f"e{n}_at", column(f"e{n}_told")) for n in range(len(source.track)))
    yield from ((f"h{n}_started_at", always) for n in range(len(source.hold)))
    yield from ((f"c{n}_at", column(f"c{n}_told")) for n in range(len(source.permit)))


def _of(function: str, times: list[Tree]) -> Tree:
    """The least or greatest of instants that are known."""
    return query(f"CAST({function}(NULL, :times) AS TIMESTAMP)", times=times or [exp.null()])
