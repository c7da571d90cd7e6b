"""Rows of Parquet files, columns in their own types."""

from sqlglot import exp

from carpel.engine.base import BadData, Engine
from carpel.engine.query import aliased, column, literal, query
from carpel.errors import SourceError
from carpel.reading.located import Located
from carpel.reading.rows import FILE, ROW, Rows, distinct_names, inner


def parquet(file: Located, engine: Engine) -> Rows:
    """The rows of one Parquet file, read from it whenever the query runs."""
    reading = query(
        "SELECT * FROM read_parquet(:path, file_row_number = true)", path=str(file.path)
    )
    try:
        kinds = engine.columns(reading)
    except BadData as error:
        raise SourceError(
            "The Parquet file is damaged or incomplete.",
            place=file.shown,
            action="Copy or export the file again.",
        ) from error
    kinds.pop("file_row_number")
    names = distinct_names(kinds)
    chosen = [aliased(column(was), new) for was, new in zip(kinds, names, strict=True)]
    tree = exp.select(
        *chosen, aliased(literal(file.shown), FILE), aliased(query("file_row_number + 1"), ROW)
    ).from_(inner(reading))
    renamed = {new: was for new, was in zip(names, kinds, strict=True) if new != was}
    return Rows(tree, dict(zip(names, kinds.values(), strict=True)), (), (file.shown,), renamed)
