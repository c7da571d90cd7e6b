"""A file as inference sees it: its first rows, and a look at every column."""

import hashlib
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from carpel.engine.base import Engine
from carpel.engine.query import aliased, column, query, table
from carpel.errors import SourceError
from carpel.inference.look import MISSING, Look
from carpel.reading import FILE, Rows, filled, kind_of, open_rows
from carpel.reading.rows import inner
from carpel.specs import Format
from carpel.specs.words import counted

ROWS = 200_000
"""Rows that are looked at; a larger file is judged by its first so many."""
VALUES = 400
"""Distinct values of a column that are looked at one by one."""
NEGATIVE = (
    r"^\(?\s?(?:[A-Z]{3}|[A-Z]{0,3}[€£$¥₹₽₩₪₺])?\s?-\s?[^0-9a-zA-Z]?[0-9]"
    r"|^\([^a-zA-Z]*[0-9]\)$|^[^a-zA-Z]*[0-9]-$"
)
"""How files write a figure below nothing: the sign before or behind its currency or the figure, or
the figure in brackets."""


@dataclass(frozen=True)
class Sample:
    """The first rows of a file, as text, in an engine's table."""

    path: Path
    format: Format
    table: str
    rows: int
    whole: bool
    """Whether these are all the rows."""
    looks: tuple[Look, ...]
    doubts: tuple[str, ...] = ()
    """What had to be decided to read it at all, in sentences."""
    fill_down: tuple[str, ...] = ()
    """Columns that were empty on the further lines of an order, and are filled in here."""

    def look(self, name: str) -> Look:
        """One column by its name; KeyError when there is none."""
        found = {each.name: each for each in self.looks}
        return found[name]


@contextmanager
def sampled(path: Path, engine: Engine) -> Iterator[Sample]:
    """Give a file's sample for as long as the block runs.

    Raises SourceError for a file that cannot be read at all.
    """
    held = f"sample_{hashlib.sha256(str(path).encode()).hexdigest()[:12]}"
    with tempfile.TemporaryDirectory() as scratch:
        given = Format()
        rows = _opened(path, given, engine, Path(scratch))
        if kind_of(path) == "csv" and _headless(list(rows.columns)):
            given = replace_header(given)
            rows = _opened(path, given, engine, Path(scratch))
        _keep(engine, held, rows)
    try:
        yield _looked(path, given, engine, held, rows)
    finally:
        engine.drop(held)


def with_filled(engine: Engine, sample: Sample, names: Sequence[str]) -> Sample:
    """The sample with these columns of further lines taken from an order's first line."""
    natives = {look.name: look.native for look in sample.looks}
    own = query("SELECT *, '' AS :file FROM :t", file=column(FILE), t=table(sample.table))
    engine.create(
        sample.table,
        query(
            "SELECT * EXCLUDE (:file) FROM :rows ORDER BY _row",
            file=column(FILE),
            rows=inner(filled(Rows(own, natives, (), ()), names).tree),
        ),
    )
    looks = _looks(engine.fetch(query("SELECT * FROM :t", t=table(sample.table))), natives)
    return replace(sample, looks=looks, fill_down=tuple(names))


def replace_header(given: Format) -> Format:
    """The same format for a file whose first line is data already."""
    return given.model_copy(update={"header": False})


def _opened(path: Path, given: Format, engine: Engine, scratch: Path) -> Rows:
    return open_rows([str(path)], given, engine, folder=Path(), scratch=scratch)


def _headless(names: Sequence[str]) -> bool:
    """A header has a name that is no number, date or address; a row of data has one that is."""
    data = [
        re.fullmatch(r"[-+]?\d[\d.,:/ -]*(?:_\d+)?|[^@\s]+@[^@\s]+\.\w+", each)
        for each in names
        if each
    ]
    return bool(data) and sum(map(bool, data)) >= max(1, len(names) / 2)


def _keep(engine: Engine, held: str, rows: Rows) -> None:
    texts = [
        aliased(query("trim(CAST(:c AS VARCHAR))", c=column(name)), name) for name in rows.columns
    ]
    engine.create(
        held,
        query(
            "SELECT _row, :texts FROM :rows LIMIT :n",
            texts=texts,
            rows=inner(rows.tree),
            n=ROWS + 1,
        ),
    )


def _looked(path: Path, given: Format, engine: Engine, held: str, rows: Rows) -> Sample:
    data = engine.fetch(query("SELECT * FROM :t", t=table(held)))
    if not data.num_rows and rows.rejected:
        raise _unreadable(rows)
    looks, whole = _looks(data, rows.columns), data.num_rows <= ROWS
    return Sample(path, given, held, min(data.num_rows, ROWS), whole, looks, _doubts(rows))


def _looks(data: pa.Table, natives: Mapping[str, str]) -> tuple[Look, ...]:
    return tuple(
        _look(data[name], name, position, kind)
        for position, (name, kind) in enumerate(natives.items())
    )


def _unreadable(rows: Rows) -> SourceError:
    first = rows.rejected[0]
    return SourceError(
        f"None of its {counted(len(rows.rejected), 'row')} can be read: {first.reason}.",
        place=f"{first.file}, row {first.row}",
        action="Look at that row, and at how the file was exported: quotes and delimiters.",
    )


def _doubts(rows: Rows) -> tuple[str, ...]:
    return (
        *(str(each) for each in rows.recoded if each.among),
        *(
            f"{counted(lines, 'line')} above the header of {file} left out."
            for file, lines in rows.titled.items()
        ),
        *(
            f"Of {file} one sheet is read, and not {listed}: save each as a file of its own, or "
            "write a source for it with `format: {sheet: NAME}`."
            for file, sheets in rows.unread.items()
            for listed in [", ".join(sheets)]
        ),
        *(
            f"Another column is called {was.strip()} as well: this one is {name} here."
            for name, was in rows.renamed.items()
            if was.strip()
        ),
    )


def _look(cells: pa.ChunkedArray, name: str, position: int, kind: str) -> Look:
    """Count the column's distinct values and look at some of them."""
    counted = pc.value_counts(cells.combine_chunks())
    said = pc.invert(pc.is_in(pc.utf8_lower(counted.field("values")), pa.array([*MISSING, None])))
    values, counts = (counted.field(part).filter(said) for part in ("values", "counts"))
    filled = pc.sum(counts).as_py() or 0
    return Look(
        name,
        position,
        len(cells),
        filled,
        len(values),
        _rows_like(values, counts, NEGATIVE),
        _rows_like(values, counts, r"^[A-Za-z][0-9]{4,}$"),
        len(values) == len(cells) > 1 and _counts_up(cells),
        kind.upper(),
        _some(values, counts),
    )


def _rows_like(values: pa.Array, counts: pa.Array, pattern: str) -> int:
    like = pc.match_substring_regex(values, pattern)
    return int(pc.sum(counts.filter(like)).as_py() or 0)


def _counts_up(cells: pa.ChunkedArray) -> bool:
    """Whether the values are 0, 1, 2, … or 1, 2, 3, …, row by row."""
    if not pc.all(pc.match_substring_regex(cells, r"^[0-9]{1,18}$")).as_py():
        return False
    numbers = cells.cast(pa.int64()).combine_chunks()
    first = numbers[0].as_py()
    return first in (0, 1) and bool(
        pc.all(pc.equal(numbers, pa.array(range(first, first + len(numbers))))).as_py()
    )


def _some(values: pa.Array, counts: pa.Array) -> dict[str, int]:
    """All values, or every so manieth in the order they come."""
    step = max(1, -(-len(values) // VALUES))
    return dict(zip(values[::step].to_pylist(), counts[::step].to_pylist(), strict=True))
