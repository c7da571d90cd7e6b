"""A file as inference sees it: its first rows, and a look at every column."""

import hashlib
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from carpel.engine.base import Engine
from carpel.engine.query import Tree, aliased, column, literal, query, table
from carpel.inference.look import MISSING, Look
from carpel.reading import Rows, kind_of, open_rows
from carpel.reading.rows import inner
from carpel.specs import Format

ROWS = 200_000
"""Rows that are looked at; a larger file is judged by its first so many."""
VALUES = 400
"""Distinct values of a column that are looked at one by one."""


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


def replace_header(given: Format) -> Format:
    """The same format for a file whose first line is data already."""
    return given.model_copy(update={"header": False})


def _opened(path: Path, given: Format, engine: Engine, scratch: Path) -> Rows:
    return open_rows([path.name], given, engine, folder=path.parent, scratch=scratch)


def _headless(names: Sequence[str]) -> bool:
    """A header has a name that is no number, date or address; a row of data has one that is."""
    data = [re.fullmatch(r"[-+]?\d[\d.,:/ -]*(?:_\d+)?|[^@\s]+@[^@\s]+\.\w+", each)
            for each in names if each]
    return bool(data) and sum(map(bool, data)) >= max(1, len(names) / 2)


def _keep(engine: Engine, held: str, rows: Rows) -> None:
    texts = [aliased(query("trim(CAST(:c AS VARCHAR))", c=column(name)), name)
             for name in rows.columns]
    engine.create(held, query("SELECT _row, :texts FROM :rows LIMIT :n", texts=texts,
                              rows=inner(rows.tree), n=ROWS + 1))


def _looked(path: Path, given: Format, engine: Engine, held: str, rows: Rows) -> Sample:
    names = list(rows.columns)
    figures = engine.rows(query("SELECT count(*), :figures FROM :t", t=table(held), figures=[
        figure for name in names for figure in _figures(name)]))[0]
    count, each = int(figures[0]), len(_figures(""))
    looks = tuple(
        _look(engine, held, name, position, count, rows.columns[name],
              figures[1 + position * each:1 + (position + 1) * each])
        for position, name in enumerate(names))
    return Sample(path, given, held, min(count, ROWS), count <= ROWS, looks)


def _look(engine: Engine, held: str, name: str, position: int, rows: int, kind: str,
          figures: Sequence[Any]) -> Look:
    filled, distinct, negative, odd, ascending = figures
    return Look(name, position, rows, filled, distinct, negative, odd,
                bool(ascending) and filled == rows > 1, kind.upper(),
                dict(engine.rows(_values(held, name))))


def _filled(name: str) -> Tree:
    return query("lower(:c) NOT IN (:missing)", c=column(name), missing=[
        literal(each) for each in MISSING])


def _figures(name: str) -> list[Tree]:
    """What is counted of a column: filled, distinct, negative, odd, and whether it counts rows."""
    parts = {"c": column(name), "filled": _filled(name)}
    return [query(text, **parts) for text in (
        "count(*) FILTER (WHERE :filled)",
        "count(DISTINCT :c) FILTER (WHERE :filled)",
        "count(*) FILTER (WHERE regexp_matches(:c, '^[(]?-\\s?[^0-9a-zA-Z]?[0-9]'))",
        "count(*) FILTER (WHERE regexp_matches(:c, '^[A-Za-z][0-9]{4,}$'))",
        "bool_and(TRY_CAST(:c AS BIGINT) - _row BETWEEN -1 AND 0)")]


def _values(held: str, name: str) -> Tree:
    """Distinct values: all, or as many as are looked at, chosen by a hash of the value."""
    return query("SELECT any_value(:c), count(*) FROM :t WHERE :filled GROUP BY :c "
                 "ORDER BY hash(:c) LIMIT :n",
                 c=column(name), t=table(held), filled=_filled(name), n=VALUES)
