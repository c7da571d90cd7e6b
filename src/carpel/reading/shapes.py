"""The shapes of a text column's values: how everything in it is written, from all its rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from carpel.engine.base import Engine
from carpel.engine.query import Tree, query
from carpel.reading.rows import inner

MOST = 400
"""A column with more shapes than this holds free text."""
CELLS = 1_000_000
"""Cells that one query looks at: many columns of few rows, or one of many."""
FEW_WORDS = 20
"""More different words than there are names for the money of one column."""


@dataclass(frozen=True)
class Shape:
    """Values written alike: digits stand as 9, a run of letters as `a`."""

    shape: str
    rows: int
    example: str
    first_high: int
    """Rows whose first number is above 12, and so no month."""
    second_high: int
    """Rows whose second number is above 12."""
    words: tuple[str, ...] = ()
    """Runs of letters that stand where `a` does, the first few there are."""


class Shapes:
    """The shapes of text expressions over some rows, those that are asked for together as one."""

    def __init__(self, engine: Engine, rows: Tree) -> None:
        self._engine, self._rows = engine, rows
        self._known: dict[Tree, list[Shape]] = {}

    def of(self, value: Tree) -> list[Shape]:
        """The shapes of the values of one expression, the most frequent first."""
        if value not in self._known:
            self.ahead([value])
        return self._known[value]

    def ahead(self, values: Sequence[Tree]) -> None:
        """Find the shapes of many expressions, of so many a query that its cells stay few."""
        unknown = [each for each in dict.fromkeys(values) if each not in self._known]
        if len(unknown) > 1:
            rows = self._engine.value(query("SELECT count(*) FROM :rows", rows=inner(self._rows)))
            width = max(1, CELLS // max(1, rows))
        else:
            width = 1
        for start in range(0, len(unknown), width):
            some = unknown[start : start + width]
            self._known |= dict(zip(some, self._found(some), strict=True))

    def _found(self, values: Sequence[Tree]) -> list[list[Shape]]:
        found: list[list[Shape]] = [[] for _ in values]
        for nth, shape, n, example, first, second, words in self._engine.rows(
            _shaped(self._rows, values)
        ):
            alike = Shape(shape, n, example, first or 0, second or 0, tuple(words or ()))
            found[nth].append(alike)
        return found


def _shaped(rows: Tree, values: Sequence[Tree]) -> Tree:
    """By the place of each expression: its shapes, rows, an example, and what else they tell."""
    pairs = r"^[^0-9]*([0-9]{1,2})[^0-9]+([0-9]{1,2})(?:[^0-9]|$)"
    return query(
        "SELECT nth, shape, sum(n)::BIGINT, min(v), (sum(n) FILTER (WHERE a > 12))::BIGINT, "
        "(sum(n) FILTER (WHERE b > 12))::BIGINT, "
        "list_slice(list_sort(list(DISTINCT word) FILTER (WHERE word <> '')), 1, :few) FROM ("
        "  SELECT nth, v, n,"
        "   regexp_replace(translate(v, '012345678', '999999999'), '\\p{L}+', 'a', 'g')"
        "   AS shape, regexp_extract(v, '\\p{L}+') AS word,"
        "   TRY_CAST(regexp_extract(v, :pairs, 1) AS INTEGER) AS a,"
        "   TRY_CAST(regexp_extract(v, :pairs, 2) AS INTEGER) AS b FROM :counted AS counted) "
        "WHERE v <> '' GROUP BY nth, shape "
        "QUALIFY row_number() OVER (PARTITION BY nth ORDER BY 3 DESC, 2) <= :most "
        "ORDER BY 1, 3 DESC, 2",
        counted=_counted(rows, values),
        pairs=pairs,
        most=MOST + 1,
        few=FEW_WORDS,
    )


def _counted(rows: Tree, values: Sequence[Tree]) -> Tree:
    """How often each value stands under each place; a lone expression needs no list."""
    if len(values) == 1:
        return query(
            "SELECT 0 AS nth, count(*) AS n, left(trim(:value), 60) AS v FROM :rows GROUP BY 3",
            value=values[0],
            rows=inner(rows),
        )
    return query(
        "SELECT nth, count(*) AS n, left(trim(v), 60) AS v FROM ("
        "  SELECT unnest(range(:width)) AS nth, unnest(:texts) AS v FROM :rows) GROUP BY 1, 3",
        width=len(values),
        texts=exp.array(*values),
        rows=inner(rows),
    )
