"""Lines above the header of a table: a title, the day of the report, blank lines."""

from collections.abc import Iterable, Sequence

WIDE = 3
"""Cells that make a row a header and not a title."""
MOST = 20
"""Rows within which the header stands."""


def above(rows: Iterable[Sequence[object]]) -> int:
    """How many rows stand above the header: those of one cell or none before a wide one, or 0.

    Cells that are None or blank text are empty.
    """
    for number, row in enumerate(rows):
        filled = sum(bool(str(cell if cell is not None else "").strip()) for cell in row)
        if filled >= WIDE:
            return number
        if filled > 1 or number == MOST:
            return 0
    return 0
