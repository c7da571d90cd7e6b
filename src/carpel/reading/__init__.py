"""Rows out of files, databases and data frames: none lost, each with its file and number."""

from carpel.reading.dialect import Dialect, dialect
from carpel.reading.filled import filled
from carpel.reading.front import open_rows, state
from carpel.reading.joined import joined
from carpel.reading.located import Located, kind_of, located
from carpel.reading.rows import FILE, ROW, Rejected, Rows
from carpel.reading.shapes import Shapes
from carpel.reading.typed import as_text, told_by_shapes, typed
from carpel.reading.way import Home, Typed

__all__ = [
    "FILE",
    "ROW",
    "Dialect",
    "Home",
    "Located",
    "Rejected",
    "Rows",
    "Shapes",
    "Typed",
    "as_text",
    "dialect",
    "filled",
    "joined",
    "kind_of",
    "located",
    "open_rows",
    "state",
    "told_by_shapes",
    "typed",
]
