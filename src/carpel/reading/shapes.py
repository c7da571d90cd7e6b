"""The shapes of a text column's values: how everything in it is written, from all its rows."""

from dataclasses import dataclass

from carpel.engine.base import Engine
from carpel.engine.query import Tree, query
from carpel.reading.rows import inner

MOST = 400
"""A column with more shapes than this holds free text."""


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


def shapes(engine: Engine, rows: Tree, value: Tree) -> list[Shape]:
    """The shapes of the values of a text expression over some rows, the most frequent first."""
    pairs = r"^[^0-9]*([0-9]{1,2})[^0-9]+([0-9]{1,2})(?:[^0-9]|$)"
    tree = query(
        "SELECT shape, sum(n)::BIGINT, min(v), (sum(n) FILTER (WHERE a > 12))::BIGINT, "
        "(sum(n) FILTER (WHERE b > 12))::BIGINT, "
        "list_slice(list_sort(list(DISTINCT word) FILTER (WHERE word <> '')), 1, :few) FROM ("
        "  SELECT v, n, regexp_replace(translate(v, '012345678', '999999999'), '\\p{L}+', 'a', 'g')"
        "   AS shape, regexp_extract(v, '\\p{L}+') AS word,"
        "   TRY_CAST(regexp_extract(v, :pairs, 1) AS INTEGER) AS a,"
        "   TRY_CAST(regexp_extract(v, :pairs, 2) AS INTEGER) AS b FROM ("
        "    SELECT count(*) AS n, left(trim(:value), 60) AS v FROM :rows GROUP BY 2)) "
        "WHERE v <> '' GROUP BY shape ORDER BY 2 DESC, 1 LIMIT :most",
        value=value,
        rows=inner(rows),
        pairs=pairs,
        most=MOST + 1,
        few=FEW_WORDS,
    )
    return [
        Shape(shape, n, example, first or 0, second or 0, tuple(words or ()))
        for shape, n, example, first, second, words in engine.rows(tree)
    ]
