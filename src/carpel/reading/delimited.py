"""CSV and its relatives: the rows of a text file without losing one."""

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from io import StringIO
from itertools import islice
from pathlib import Path
from uuid import uuid4

from sqlglot import exp

from carpel.engine.base import BadData, Engine
from carpel.engine.query import Tree, query, table
from carpel.errors import SourceError
from carpel.reading.batches import held
from carpel.reading.dialect import WHITESPACE, Dialect, dialect
from carpel.reading.located import Located
from carpel.reading.rows import Rejected, Rows, as_json, distinct_names
from carpel.reading.text import as_utf8
from carpel.specs import Format

LONGEST_RECORD = 1000
"""Lines after which a quote that was opened counts as never closed."""


@dataclass(frozen=True)
class _Table:
    """The text of a file as a table: how it is written, and its columns."""

    path: Path
    shown: str
    how: Dialect
    header: bool
    raw: Sequence[str]
    """What the file calls its columns."""

    @cached_property
    def names(self) -> list[str]:
        return distinct_names(self.raw)

    @property
    def renamed(self) -> dict[str, str]:
        called = zip(self.names, self.raw, strict=True)
        return {new: was for new, was in called if new != was.strip()}


def delimited(file: Located, given: Format, engine: Engine, scratch: Path) -> Rows:
    """The rows of a text file; every column is text, an empty cell is null or empty text."""
    read = as_utf8(file, given.encoding, scratch)
    how = dialect(read.path, given)
    titled = {file.shown: how.skip_rows} if how.skip_rows > given.skip_rows else {}
    raw = _header(read.path, how, given)
    if not raw:
        raise SourceError(
            "The file is empty.",
            place=file.shown,
            action="Export it again, or take it out of the source.",
        )
    rows = _rows(_Table(read.path, file.shown, how, given.header, raw), engine)
    return replace(rows, recoded=read.recoded, titled=titled)


def _rows(text: _Table, engine: Engine) -> Rows:
    if text.how.delimiter != WHITESPACE:
        with suppress(BadData):
            return _fast(text, engine)
    return _careful(text, engine)


def _header(path: Path, how: Dialect, given: Format) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        lines = islice(file, how.skip_rows, None)
        first = next(_records(lines, how, 0), None)
    if first is None:
        return []
    if given.header:
        return list(first.cells)
    return [
        *given.columns,
        *(f"column_{n}" for n in range(len(given.columns) + 1, len(first.cells) + 1)),
    ]


def _fast(text: _Table, engine: Engine) -> Rows:
    """Read by the engine; raises BadData where a record is not as the header has it."""
    name = f"rows_{uuid4().hex}"
    reading = query(
        "SELECT *, :file AS _file, row_number() OVER () AS _row FROM read_csv(:path, "
        "auto_detect = false, delim = :delim, quote = :quote, escape = :quote, header = :header, "
        "skip = :skip, columns = :columns, strict_mode = true, null_padding = false, "
        "max_line_size = 268435456)",
        file=text.shown,
        path=str(text.path),
        delim=text.how.delimiter,
        quote=text.how.quote,
        header=text.header,
        skip=text.how.skip_rows,
        columns=_all_text(text.names),
    )
    engine.create(name, reading)
    tree, columns = query("SELECT * FROM :t", t=table(name)), dict.fromkeys(text.names, "VARCHAR")
    return Rows(tree, columns, (), (text.shown,), text.renamed)


def _all_text(names: Sequence[str]) -> Tree:
    return exp.Struct(
        expressions=[
            exp.PropertyEQ(
                this=exp.to_identifier(name, quoted=True), expression=exp.Literal.string("VARCHAR")
            )
            for name in names
        ]
    )


def _careful(text: _Table, engine: Engine) -> Rows:
    """Read record by record in Python: slower, and nothing that is wrong stops it."""
    rejected: list[Rejected] = []

    def numbered() -> Iterator[tuple[int, Sequence[str]]]:
        with text.path.open(encoding="utf-8", newline="") as file:
            lines = islice(file, text.how.skip_rows, None)
            found = _records(lines, text.how, len(text.names))
            if text.header:
                next(found, None)
            for row, each in enumerate(found, start=1):
                if each.reason:
                    content = as_json(each.cells)
                    rejected.append(Rejected(text.shown, row, each.reason, content))
                else:
                    yield row, each.cells

    rows = held(engine, text.shown, text.names, numbered(), text.renamed)
    return replace(rows, rejected=tuple(rejected))


@dataclass(frozen=True)
class _Record:
    cells: Sequence[str]
    reason: str = ""


def _records(lines: Iterator[str], how: Dialect, width: int) -> Iterator[_Record]:
    """The records of the lines; `width` 0 takes any number of cells. Blank lines are none."""
    waiting: deque[str] = deque()
    while True:
        line = waiting.popleft() if waiting else next(lines, None)
        if line is None:
            return
        if not line.strip("\r\n"):
            continue
        if how.delimiter != WHITESPACE and line.count(how.quote) % 2:
            yield _over_lines(line, lines, waiting, how, width)
        else:
            yield _fitted(_cells(line, how), width)


def _over_lines(
    line: str, lines: Iterator[str], waiting: deque[str], how: Dialect, width: int
) -> _Record:
    """A record whose quoted cell may go on over lines; lines it does not need wait again."""
    alone = _fitted(_cells(line, how), width)
    taken = [line]
    while len(taken) < LONGEST_RECORD:
        further = waiting.popleft() if waiting else next(lines, None)
        if further is None:
            break
        taken.append(further)
        if further.count(how.quote) % 2:
            whole = _fitted(_cells("".join(taken), how), width)
            if not whole.reason:
                return whole
            break
    waiting.extendleft(reversed(taken[1:]))
    if width and alone.reason:
        return _Record([line.rstrip("\r\n")], "a quote is opened and never closed")
    return alone


def _cells(text: str, how: Dialect) -> list[str]:
    if how.delimiter == WHITESPACE:
        return text.split()
    text = text.rstrip("\r\n")
    lines = StringIO(text, newline="") if "\n" in text else [text]
    try:
        return next(csv.reader(lines, delimiter=how.delimiter, quotechar=how.quote), [])
    except csv.Error:  # a carriage return of its own in a cell without quotes
        return [text]


def _fitted(cells: Sequence[str], width: int) -> _Record:
    if not width or len(cells) == width:
        return _Record(cells)
    if len(cells) > width and not any(cells[width:]):
        return _Record(cells[:width])
    return _Record(cells, f"{len(cells)} cells where the header has {width}")
