"""How a text file is written: what sets cells apart, what quotes them, where its header stands."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from pathlib import Path

from carpel.reading.titles import above
from carpel.specs import Format

WHITESPACE = " +"
"""The delimiter of files whose columns are set apart by any run of blanks."""
PLAIN = Format()
"""A text file of which nothing is said."""
QUOTED = r"(?<![^,;\t|\r\n])Q(?P<rest>[^Q]*+(?:QQ[^Q]*+)*+Q(?![^,;\t|\r\n]))?"
"""A cell that the sign Q opens; `rest` is there where it closes before the cell's end."""
csv.field_size_limit(1 << 30)


@dataclass(frozen=True)
class Dialect:
    """How a text file is written."""

    delimiter: str
    quote: str
    skip_rows: int = 0


def dialect(path: Path, given: Format = PLAIN) -> Dialect:
    """The dialect of a UTF-8 text file, decided from its first 200 lines."""
    with path.open(encoding="utf-8", newline="") as file:
        lines = [
            line for line in islice(file, given.skip_rows, given.skip_rows + 200) if line.strip()
        ]
    quote = given.quote or ("'" if _quoted_by("'", lines) > _quoted_by('"', lines) else '"')
    delimiter = given.delimiter or _delimiter(lines, quote)
    return Dialect(delimiter, quote, given.skip_rows or _titled(path, delimiter, quote, given))


def _titled(path: Path, delimiter: str, quote: str, given: Format) -> int:
    """Lines above the header, where nobody said how many to skip.

    A cell that goes on over lines ends the search: its first line only looks like a title.
    """
    if not given.header or delimiter == WHITESPACE:
        return 0
    with path.open(encoding="utf-8", newline="") as file:
        whole = takewhile(lambda line: line.count(quote) % 2 == 0, file)
        return above(
            next(csv.reader([line], delimiter=delimiter, quotechar=quote), []) for line in whole
        )


def _quoted_by(sign: str, lines: Sequence[str]) -> int:
    """Cells that the sign opens and closes; none where it often opens one and closes none.

    Spreadsheets put an apostrophe before text that looks like a number: it opens nothing.
    """
    cells = re.finditer(QUOTED.replace("Q", sign), "".join(lines))
    shut = Counter(each["rest"] is not None for each in cells)
    steady = shut[True] >= 9 * shut[False] and 2 * shut[True] >= len(lines)
    return shut[True] if steady else 0


def _delimiter(lines: Sequence[str], quote: str) -> str:
    """The sign that gives most lines one and the same number of cells, above one."""
    best, best_score = ",", 0.0
    for sign in (",", ";", "\t", "|"):
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=sign, quotechar=quote))
        score = _agreement(widths)
        if score > best_score:
            best, best_score = sign, score
    if best_score >= 0.5 or not lines:
        return best
    blanks = _agreement(Counter(len(line.split()) for line in lines))
    return WHITESPACE if blanks > 0.9 and blanks > best_score else best


def _agreement(widths: Counter[int]) -> float:
    if not widths:
        return 0.0
    width, lines = widths.most_common(1)[0]
    return lines / widths.total() + min(width, 100) / 1000 if width > 1 else 0.0
