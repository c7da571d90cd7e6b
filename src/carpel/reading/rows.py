"""What reading a file gives: its rows as a query, numbered, and those that could not be read."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from carpel.engine.query import Tree, query
from carpel.reading.text import Recoded

FILE, ROW = "_file", "_row"
"""Columns that every query over rows has: the file's name, and the record's number in it."""


@dataclass(frozen=True)
class Rejected:
    """A row that is in the file and cannot be read as one."""

    file: str
    row: int
    reason: str
    content: str
    """The row as JSON: its cells by column where they can be told apart, else its text."""


@dataclass(frozen=True)
class Rows:
    """The rows of one or more files: `columns`, `_file` and `_row` (1 is the first data row)."""

    tree: Tree
    columns: Mapping[str, str]
    """Column names and engine types in file order, without `_file` and `_row`."""
    rejected: tuple[Rejected, ...] = ()
    files: tuple[str, ...] = ()
    """Names of the files, oldest first where their names tell."""
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Columns whose name in the file could not be used, and what the file calls them."""
    recoded: tuple[Recoded, ...] = ()
    """What of the files had to be read in another encoding than UTF-8, line by line."""
    titled: Mapping[str, int] = field(default_factory=dict)
    """Files that have lines above their header, and how many, blank ones included."""
    unread: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Workbooks that have further sheets with rows in them, and what those are called."""
    own: tuple[str, ...] = ()
    """The file's own columns where others were joined to them; all of them when empty."""


def together(parts: Sequence[Rows]) -> Rows:
    """The rows of several files as one, columns matched by name, missing ones empty.

    Upper and lower case say the same: a column is called as in the first file that has it.
    """
    tree = parts[0].tree
    for part in parts[1:]:
        tree = query(
            "SELECT * FROM :a UNION ALL BY NAME SELECT * FROM :b", a=inner(tree), b=inner(part.tree)
        )
    spelt: dict[str, str] = {}
    columns: dict[str, str] = {}
    for name, kind in (each for part in parts for each in part.columns.items()):
        columns[spelt.setdefault(name.casefold(), name)] = kind
    renamed = {name: was for part in parts for name, was in part.renamed.items()}
    rejected = tuple(bad for part in parts for bad in part.rejected)
    files = tuple(file for part in parts for file in part.files)
    recoded = tuple(each for part in parts for each in part.recoded)
    titled = {file: lines for part in parts for file, lines in part.titled.items()}
    unread = {file: sheets for part in parts for file, sheets in part.unread.items()}
    return Rows(tree, columns, rejected, files, renamed, recoded, titled, unread)


def inner(tree: Tree) -> exp.Subquery:
    """A query as something to select from."""
    return exp.Subquery(this=tree.copy())


def distinct_names(names: Iterable[str]) -> list[str]:
    """Usable column names: trimmed, none empty, no two equal when case is put aside."""
    taken, result = {FILE, ROW}, []
    for position, raw in enumerate(names, start=1):
        base = raw.strip().strip("\ufeff").replace("\n", " ") or f"column_{position}"
        name, number = base, 1
        while name.casefold() in taken:
            number += 1
            name = f"{base}_{number}"
        taken.add(name.casefold())
        result.append(name)
    return result


def as_json(cells: Mapping[str, object] | Sequence[object]) -> str:
    """A row's content the way set-aside rows keep it."""
    return json.dumps(cells, ensure_ascii=False, default=str)
