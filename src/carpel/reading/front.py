"""One door to rows, whatever they stand in."""

from collections.abc import Sequence
from pathlib import Path

from carpel.engine.base import Engine
from carpel.errors import SourceError
from carpel.reading.delimited import delimited
from carpel.reading.located import Located, kind_of, located
from carpel.reading.parquet import parquet
from carpel.reading.rows import Rows, together
from carpel.specs import Format


def open_rows(
    read: Sequence[str], given: Format, engine: Engine, *, folder: Path, scratch: Path
) -> Rows:
    """All rows behind `read` (paths and globs relative to `folder`), numbered file by file.

    Text files come as text, everything else in its own types. `scratch` is a folder for copies;
    it and the engine must outlive the rows. Raises SourceError for what cannot be read at all.
    """
    return together([_file(each, given, engine, scratch) for each in located(read, folder)])


def _file(file: Located, given: Format, engine: Engine, scratch: Path) -> Rows:
    kind = given.kind or kind_of(file.path)
    if kind == "csv":
        return delimited(file.path, file.shown, given, engine, scratch)
    if kind == "parquet":
        return parquet(file, engine)
    raise SourceError(f"Files of kind {kind} cannot be read.", place=file.shown)
