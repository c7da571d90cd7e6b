"""Read = loaded + merged + set aside, to the row; and the rows set aside, whole."""

import pyarrow as pa
from sqlglot import exp

from carpel.engine.query import Tree, aliased, column, literal, query, table
from carpel.reading import FILE, ROW, Rows
from carpel.reading.rows import inner
from carpel.specs import Source
from carpel.stages.base import Line, Output
from carpel.stages.sources.erased import kept
from carpel.stages.sources.sorting import Sorted

ASIDE = ("file", "row", "reason", "column", "content")


def account(line: Line, source: Source, rows: Rows, done: Sorted, output: Output) -> None:
    """Write the rows set aside, and how many rows of each file met which fate."""
    rejected = f"rejected_{source.name}"
    line.engine.register(rejected, _rejected(source, rows))
    output.write(
        "set_aside",
        kept(
            line,
            query(
                "SELECT * FROM :a UNION ALL BY NAME SELECT * FROM :b",
                a=inner(_aside(source, rows, done)),
                b=table(rejected),
            ),
        ),
    )
    fates = f"fates_{source.name}"
    line.engine.create(
        fates,
        query(
            "SELECT * FROM :a UNION ALL BY NAME SELECT source, file, 'set aside' AS fate, reason, "
            "count(*) AS rows, CAST(NULL AS DOUBLE) AS amount FROM :b GROUP BY ALL",
            a=inner(_fates(source, done)),
            b=table(rejected),
        ),
    )
    output.write("accounting", _with_empty_files(source, rows, fates))
    line.engine.drop(fates)


def _with_empty_files(source: Source, rows: Rows, fates: str) -> Tree:
    """A file without any row is accounted for as well: nothing of it is loaded."""
    return query(
        "SELECT * FROM :fates UNION ALL BY NAME "
        "SELECT :source AS source, file, 'loaded' AS fate, '' AS reason, 0 AS rows "
        "FROM (SELECT unnest(:files) AS file) AS f WHERE file NOT IN (SELECT file FROM :fates)",
        source=source.name,
        files=literal(list(rows.files)),
        fates=table(fates),
    )


def _aside(source: Source, rows: Rows, done: Sorted) -> Tree:
    why = query("SELECT _file, _row, _why FROM :t WHERE _why IS NOT NULL", t=inner(done.tree))
    chosen = [
        aliased(literal(source.name), "source"),
        aliased(column(FILE, "v"), "file"),
        aliased(column(ROW, "v"), "row"),
        aliased(_said(done, "reason", "w"), "reason"),
        aliased(_said(done, "column", "w"), "column"),
        aliased(_whole(rows), "content"),
    ]
    return (
        exp.select(*chosen)
        .from_(exp.alias_(inner(rows.tree), "v", table=True))
        .join(
            exp.alias_(inner(why), "w", table=True),
            on=query("v._file = w._file AND v._row = w._row"),
        )
    )


def _said(done: Sorted, what: str, where: str | None = None) -> Tree:
    """The words of a reason, by its number."""
    case = exp.Case(this=column("_why", where) if where else column("_why"))
    for number, each in enumerate(done.reasons):
        case.when(literal(number), literal(getattr(each, what)), copy=False)
    return case if done.reasons else query("CAST(NULL AS VARCHAR)")


def _whole(rows: Rows) -> Tree:
    """A row as JSON, by column."""
    cells = exp.Struct(
        expressions=[
            exp.PropertyEQ(this=exp.to_identifier(name, quoted=True), expression=column(name, "v"))
            for name in (rows.own or rows.columns)
        ]
    )
    return query("CAST(to_json(:cells) AS VARCHAR)", cells=cells)


def _rejected(source: Source, rows: Rows) -> pa.Table:
    cells = [[source.name, bad.file, bad.row, bad.reason, "", bad.content] for bad in rows.rejected]
    kinds = [pa.string(), pa.string(), pa.int64(), *[pa.string()] * 3]
    names = ["source", *ASIDE]
    columns = list(zip(*cells, strict=True)) or [()] * len(names)
    return pa.table(
        [pa.array(each, kind) for each, kind in zip(columns, kinds, strict=True)], names=names
    )


def _fates(source: Source, done: Sorted) -> Tree:
    """Rows and money by file and fate, over the rows that could be read."""
    amounts = [column(each.key) for each in done.values.wanted.values() if each.amount]
    amount = (
        query(
            "round(CAST(sum(TRY_CAST(coalesce(NULL, :amounts) AS DECIMAL(28, 6))) AS DOUBLE), 6)",
            amounts=amounts,
        )
        if amounts
        else query("CAST(NULL AS DOUBLE)")
    )
    fate = query(
        "CASE WHEN _why IS NOT NULL THEN 'set aside' WHEN _merged THEN 'merged' ELSE 'loaded' END"
    )
    reason = query(
        "coalesce(:said, CASE WHEN _older THEN 'a later row says what is now' "
        "WHEN _merged THEN 'said by another row' ELSE '' END)",
        said=_said(done, "reason"),
    )
    chosen = [
        aliased(literal(source.name), "source"),
        aliased(column(FILE), "file"),
        aliased(fate, "fate"),
        aliased(reason, "reason"),
        aliased(query("count(*)"), "rows"),
        aliased(amount, "amount"),
    ]
    return exp.select(*chosen).from_(inner(done.tree)).group_by("ALL")
