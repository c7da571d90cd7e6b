"""`carpel sql`: a segment's members as SQL that DuckDB runs as it stands."""

from sqlglot.dialects.duckdb import DuckDB

from carpel.engine.duckdb import stored
from carpel.engine.query import column, query, table
from carpel.tables import SINGLE
from carpel.verbs.reader import Reader, reading
from carpel.verbs.session import Session


def sql(session: Session, segment: str) -> str:
    """A script that gives the members' keys, ascending, in DuckDB started anywhere.

    It opens what it reads as temporary views over the current build's files, by absolute path.
    Raises NotFound, or RuleError for a rule nested too deep for one statement.
    """
    with reading(session) as reader:
        text = statement(reader, segment)
        reads = _tables(reader, text)
        views = "\n".join(_view(session, reader, name) for name in reads)
        about = (
            f"-- The members of segment {segment}, by build {reader.build.build}.\n"
            f"-- It reads {', '.join(reads)}: tables of that build, opened below.\n"
            f"-- DuckDB runs it as it stands: save it as {segment}.sql, then\n"
            f"--   duckdb -f {segment}.sql\n"
            f"--   python -c \"import duckdb; print(duckdb.sql(open('{segment}.sql').read()))\"\n"
            "-- The files go when the build does: print it anew after a later run."
        )
        return f"{about}\nSET TimeZone = 'UTC';\n{views}\n\n{text};"


def statement(reader: Reader, name: str) -> str:
    """The query alone. A place of a set of segments is in `standings`; anything else is a rule."""
    if name in reader.definitions.segments:
        return reader.evaluator_of(name).sql(reader.definitions.segments[name].rule)
    reader.segment(name)
    segmentation, _, place = name.partition(".")
    return query(
        "SELECT customer FROM standings WHERE :it = :place ORDER BY customer",
        it=column(segmentation),
        place=place,
    ).sql(dialect="duckdb", pretty=True)


def _tables(reader: Reader, text: str) -> list[str]:
    """Tables of the build that the text names; told by its words, however deep it is nested."""
    words = {word.text for word in DuckDB().tokenize(text)}
    return sorted(words & (SINGLE | set(reader.build.tables())))


def _view(session: Session, reader: Reader, name: str) -> str:
    files = session.store.builds.files
    paths = [files.path(each).resolve() for each in reader.build.tables().get(name, [])]
    title, rows = (reader.engine.text(each) for each in (table(name), stored(name, paths)))
    return f"CREATE OR REPLACE TEMP VIEW {title} AS {rows};"
