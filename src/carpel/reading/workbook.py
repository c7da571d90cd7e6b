"""Rows of a spreadsheet file, each cell as a person would type it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from carpel.engine.base import Engine
from carpel.errors import SourceError
from carpel.reading.batches import as_text, held
from carpel.reading.located import Located
from carpel.reading.rows import Rows, distinct_names
from carpel.reading.titles import above
from carpel.specs import Format


def workbook(file: Located, given: Format, engine: Engine) -> Rows:
    """The rows of one sheet (the first with anything in it); a formula counts as its result."""
    found, others = _cells(file, given)
    cells = found[given.skip_rows :]
    titled = above(cells) if given.header and not given.skip_rows else 0
    cells = cells[titled:]
    while cells and not any(as_text(cell) for cell in cells[0]):
        cells = cells[1:]
    if not cells:
        raise SourceError(
            "The sheet is empty.",
            place=file.shown,
            action="Name another with `format: {sheet: …}`.",
        )
    width = max(len(row) for row in cells)
    raw = [as_text(cell) or "" for cell in cells[0]] if given.header else list(given.columns)
    raw += [""] * (width - len(raw))
    names = distinct_names(raw)
    renamed = {new: was for new, was in zip(names, raw, strict=True) if new != was.strip()}
    rows = held(engine, file.shown, names, _numbered(cells[given.header :], width), renamed)
    return replace(
        rows,
        titled={file.shown: titled} if titled else {},
        unread={file.shown: others} if others else {},
    )


def _numbered(cells: Sequence[Sequence[Any]], width: int) -> Iterator[tuple[int, list[str | None]]]:
    """Rows with anything in them, by their number below the header."""
    for number, row in enumerate(cells, start=1):
        texts = [as_text(cell) for cell in row]
        if any(texts):
            yield number, [*texts, *[None] * (width - len(texts))]


def _cells(file: Located, given: Format) -> tuple[list[list[Any]], tuple[str, ...]]:
    """The cells of the sheet that is read, and, where nobody named it, others with rows."""
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(str(file.path))
    except (python_calamine.CalamineError, OSError) as error:
        raise SourceError(
            "The workbook is damaged, protected by a password, or none.",
            place=file.shown,
            action=f"Open it, save it again as .xlsx without a password, or as CSV. ({error})",
        ) from error
    for sheet in [given.sheet] if given.sheet is not None else book.sheet_names:
        try:
            found = (
                book.get_sheet_by_index(sheet)
                if isinstance(sheet, int)
                else book.get_sheet_by_name(sheet)
            )
        except (python_calamine.WorksheetNotFound, IndexError) as error:
            raise SourceError(
                f"There is no sheet {sheet!r}.",
                place=file.shown,
                action="It has: " + ", ".join(book.sheet_names),
            ) from error
        cells: list[list[Any]] = found.to_python(skip_empty_area=False)
        if cells:
            return cells, () if given.sheet is not None else _others(book, str(sheet))
    return [], ()


def _others(book: Any, read: str) -> tuple[str, ...]:
    """Sheets with at least two rows besides the one that is read: a list, not a remark."""
    names = [each for each in book.sheet_names if each != read]
    return tuple(each for each in names if book.get_sheet_by_name(each).height > 1)
