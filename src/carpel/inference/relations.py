"""What columns of a file have to do with each other, and files with other files."""

from collections.abc import Iterable, Sequence

from carpel.engine.base import Engine
from carpel.engine.query import Tree, aliased, column, query, table
from carpel.inference.sample import Sample
from carpel.reading import Home, Rows, typed
from carpel.specs import Column

MOST_EXCEPTIONS = 0.02
"""Share of keys for which a column may differ and still count as the key's own."""
FEWEST_KEYS = 5
"""Keys that stand on several rows, below which nothing is concluded from them."""


def constant_within(
    engine: Engine, sample: Sample, key: str, names: Sequence[str], fewest: int = FEWEST_KEYS
) -> set[str]:
    """The columns that have one value for each value of `key`; none when fewer keys than `fewest`
    repeat."""
    if not names:
        return set()
    # The least and the greatest tell the same as a count of distinct values, which needs a
    # hash table for each column.
    counts = [
        aliased(
            query("coalesce(min(nullif(:c, '')) <> max(nullif(:c, '')), false)", c=column(name)),
            f"n{position}",
        )
        for position, name in enumerate(names)
    ]
    tested = [
        query("avg(CAST(:n AS DOUBLE))", n=column(f"n{position}")) for position in range(len(names))
    ]
    row = engine.rows(
        query(
            """
        SELECT count(*), :tested FROM (
          SELECT count(*) AS n, :counts FROM :t WHERE :key <> '' GROUP BY :key
        ) AS keys WHERE n > 1""",
            tested=tested,
            counts=counts,
            t=table(sample.table),
            key=column(key),
        )
    )[0]
    if row[0] < fewest:
        return set()
    return {name for name, share in zip(names, row[1:], strict=True) if share <= MOST_EXCEPTIONS}


def first_line_only(engine: Engine, sample: Sample, key: str, names: Iterable[str]) -> set[str]:
    """Columns that are empty on the further rows of a key and filled on its first."""
    found = set()
    for name in names:
        share = engine.value(
            query(
                """
            SELECT avg(CAST(:c IS NULL OR :c = '' AS DOUBLE)) FROM (
              SELECT :c, row_number() OVER (PARTITION BY :key ORDER BY _row) AS place
              FROM :t WHERE :key <> '') AS r WHERE place > 1""",
                c=column(name),
                key=column(key),
                t=table(sample.table),
            )
        )
        if share is not None and share > 0.98:
            found.add(name)
    return found


def as_number(engine: Engine, sample: Sample, name: str) -> Tree:
    """The column as a number, null where it is none."""
    rows = Rows(
        query("SELECT * FROM :t", t=table(sample.table)),
        {look.name: "VARCHAR" for look in sample.looks},
    )
    return typed(engine, rows, Column(column=name), Home(), "number").value


def product_share(engine: Engine, sample: Sample, amount: str, factors: Sequence[str]) -> float:
    """The share of rows on which the amount is the product of the factors, to one per cent."""
    left, one, two = (as_number(engine, sample, name) for name in (amount, *factors))
    share = engine.value(
        query(
            """
        SELECT avg(CAST(abs(a - b * c) <= 0.011 + 0.01 * abs(a) AS DOUBLE))
        FROM (SELECT :left AS a, :one AS b, :two AS c FROM :t) AS r WHERE abs(b) <> 1""",
            left=left,
            one=one,
            two=two,
            t=table(sample.table),
        )
    )
    return float(share or 0)


def _plain(name: str) -> Tree:
    """A key without the apostrophe that keeps a spreadsheet from taking it for a figure."""
    return query("ltrim(:it, '''')", it=column(name))


def shared_keys(
    engine: Engine, left: Sample, left_name: str, right: Sample, right_name: str
) -> float:
    """The share of the smaller file's keys that the larger has too."""
    share = engine.value(
        query(
            """
        SELECT count(*) / greatest(1, least((SELECT count(DISTINCT :a) FROM :l WHERE :a <> ''),
                                            (SELECT count(DISTINCT :b) FROM :r WHERE :b <> '')))
        FROM (SELECT DISTINCT :a FROM :l WHERE :a <> '' INTERSECT
              SELECT DISTINCT :b FROM :r WHERE :b <> '') AS both_have""",
            a=_plain(left_name),
            b=_plain(right_name),
            l=table(left.table),
            r=table(right.table),
        )
    )
    return float(share or 0)
