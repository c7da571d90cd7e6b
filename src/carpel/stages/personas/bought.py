"""What people of each segment bought in the last 365 days, and never did, beside everybody else."""

from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
from pyroaring import BitMap

from carpel.engine.query import Tree, aliased, column, query
from carpel.errors import NotFound
from carpel.evaluation.bitmaps import to_keys
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.comparisons import Clock
from carpel.evaluation.windows import shift
from carpel.language import Period
from carpel.stages.base import Line
from carpel.stages.personas.candidate import Candidate
from carpel.stats.difference import Moments

LABELS = {"category": "Bought", "brand": "Bought of the brand"}
ANYTHING = None
"""In place of a value: anything at all."""
MOST = 100
"""The commonest values are looked at."""
FEWEST = 20
"""People who bought it, of everybody."""
DAYS = 365


def bought(line: Line, sets: Mapping[str, BitMap]) -> Iterator[Candidate]:
    """A candidate a segment and category or brand, over those who bought anything at all."""
    for event in dict.fromkeys(("product_purchased", line.definitions.project.revenue.event)):
        if line.table_files(f"event_{event}"):
            for name in LABELS:
                yield from _of(line, event, name, sets)
            return


def _of(line: Line, event: str, name: str, sets: Mapping[str, BitMap]) -> Iterator[Candidate]:
    if not _lay(line, event, name):
        return
    everybody = _counts(line, query("SELECT CAST(NULL AS INT) AS segment, * FROM pairs"))
    line.engine.register("insiders", _insiders(sets))
    inside = _counts(line, query("SELECT * FROM insiders JOIN pairs USING (customer)"))
    line.engine.drop("insiders")
    line.engine.drop("pairs")
    whole = everybody.get(None, {ANYTHING: 0})
    parts = sorted(whole, key=lambda each: (-whole[each], each or ""))[: MOST + 1]
    for at, segment in enumerate(sets):
        mine = inside.get(at, {ANYTHING: 0})
        for part in parts:
            if part is not ANYTHING and whole[part] >= FEWEST:
                n, having = mine[ANYTHING], mine.get(part, 0)
                others = Moments.of_share(whole[ANYTHING] - n, whole[part] - having)
                here = Moments.of_share(n, having)
                yield Candidate(segment, f"bought_{name}", LABELS[name], part, "", here, others)


def _counts(line: Line, rows: Tree) -> dict[int | None, dict[str | None, int]]:
    """By segment: people by value, and under ANYTHING all who bought."""
    found: dict[int | None, dict[str | None, int]] = {}
    by_part = query("SELECT segment, part, count(*) FROM :rows AS r GROUP BY ALL", rows=rows)
    buyers = query(
        """SELECT segment, CAST(NULL AS VARCHAR), count(DISTINCT customer) FROM :rows AS r
           GROUP BY 1""",
        rows=rows,
    )
    for segment, part, people in (*line.engine.rows(by_part), *line.engine.rows(buyers)):
        found.setdefault(segment, {})[part] = people
    return found


def _lay(line: Line, event: str, name: str) -> bool:
    """Create `pairs`: who bought of which value in the last 365 days, each once."""
    catalogue = Catalogue(line.engine, Clock(line.moment, line.zone))
    try:
        found = catalogue.property(event, name)
    except NotFound:
        return False
    home = catalogue.event(event)
    rows = catalogue.rows(event, {found.described_by} if found.described_by else set())
    at = column("at", home)
    chosen = rows.select(
        aliased(catalogue.customer(home), "customer"),
        aliased(query("CAST(:it AS VARCHAR)", it=found.value), "part"),
    ).where(
        query(":it IS NOT NULL", it=found.value),
        at > query(":x", x=shift(line.moment, Period(DAYS, "days"), line.zone)),
        at <= query(":x", x=line.moment),
    )
    line.engine.create("pairs", chosen.distinct())
    return True


def _insiders(sets: Mapping[str, BitMap]) -> pa.Table:
    """A row a membership; segments by their number."""
    numbers = np.repeat(np.arange(len(sets), dtype=np.int32), [len(each) for each in sets.values()])
    keys = pa.chunked_array([to_keys(each) for each in sets.values()], pa.int64())
    return pa.table({"segment": numbers, "customer": keys})
