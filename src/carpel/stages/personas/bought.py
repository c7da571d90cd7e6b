"""What people of each segment bought in the last 365 days, and never did, beside everybody else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyroaring import BitMap

from carpel.engine.query import aliased, column, query
from carpel.errors import NotFound
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.comparisons import Clock
from carpel.evaluation.totals import Floats, Keys, totals
from carpel.evaluation.windows import shift
from carpel.language import Period
from carpel.stages.base import Line
from carpel.stages.personas.candidate import Candidate
from carpel.stats.difference import Moments

LABELS = {"category": "Bought", "brand": "Bought of the brand"}
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
    pairs = _pairs(line)
    line.engine.drop("pairs")
    counts = totals(pairs.people, pairs.columns, list(sets.values())).round().astype(int)
    for segment, (buyers, *bought_it) in zip(sets, counts.tolist(), strict=True):
        for part, of_all, having in zip(pairs.parts, pairs.sizes, bought_it, strict=True):
            others = Moments.of_share(len(pairs.people) - buyers, of_all - having)
            here = Moments.of_share(buyers, having)
            yield Candidate(segment, f"bought_{name}", LABELS[name], part, "", here, others)


@dataclass(frozen=True)
class _Pairs:
    """Who bought of the commonest values: keys ascend, a pair is a place among them and a value."""

    people: Keys
    parts: Sequence[str]
    sizes: Sequence[int]
    """How many bought of each."""
    whose: Keys
    what: Keys

    def columns(self, block: slice) -> Floats:
        """Whether each of some people bought anything at all, and of each value."""
        flags = np.zeros((block.stop - block.start, 1 + len(self.parts)))
        flags[:, 0] = 1
        low, high = np.searchsorted(self.whose, (block.start, block.stop))
        flags[self.whose[low:high] - block.start, 1 + self.what[low:high]] = 1
        return flags


def _pairs(line: Line) -> _Pairs:
    counts = line.engine.rows(
        query(
            "SELECT part, count(*) AS n FROM pairs GROUP BY part ORDER BY n DESC, part LIMIT :most",
            most=MOST,
        )
    )
    common = [(part, n) for part, n in counts if n >= FEWEST]
    rows = line.engine.fetch(query("SELECT customer, part FROM pairs ORDER BY customer"))
    keys = rows.column(0).to_numpy().astype(np.int64)
    people, whose = np.unique(keys, return_inverse=True)
    parts = [part for part, _ in common]
    what = pc.fill_null(pc.index_in(rows.column(1), value_set=pa.array(parts, pa.string())), -1)
    told = what.to_numpy() >= 0
    sizes = [n for _, n in common]
    return _Pairs(people, parts, sizes, whose[told], what.to_numpy()[told].astype(np.int64))


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
