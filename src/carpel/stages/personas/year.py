"""One typical year: the composite of at least 50 people who ordered in it, never a real one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from carpel.engine.query import column, query
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.comparisons import Clock
from carpel.evaluation.windows import local
from carpel.evidence import Evidence, Sentence, Unsupported
from carpel.evidence.figures import COMPOSITE
from carpel.stages.base import Line
from carpel.stages.personas.candidate import Candidate
from carpel.stats.averages import combined, median_ranks
from carpel.stats.difference import Moments
from carpel.stats.proportions import difference, wilson
from carpel.stats.tails import Floats

MONTHS = 12
OTHERWISE = 0.05
"""Share of people from which it is worth saying that they are not as the others are."""


@dataclass(frozen=True)
class Year:
    """What everybody who ordered in the last twelve whole months did in them; a row a person."""

    first: date
    """The first day of the first of the months."""
    people: NDArray[np.int64]
    """Keys, ascending."""
    figures: Mapping[str, Floats]
    """`orders_12m` and `spend_12m`."""
    months: NDArray[np.bool_]
    """Whether they ordered in the month; a column a month."""

    def inside(self, members: BitMap) -> NDArray[np.bool_]:
        """Which rows are of these people."""
        return np.isin(self.people, np.frombuffer(members.to_array(), np.uint32))

    def named(self, at: int) -> str:
        """The name of a month."""
        return f"{_months_on(self.first, at):%B}"


def year(line: Line) -> Year | None:
    """Read it; None where nothing brings revenue."""
    revenue = line.definitions.project.revenue
    if not line.table_files(f"event_{revenue.event}"):
        return None
    first, end = months(local(line.moment, line.zone).date())
    catalogue = Catalogue(line.engine, Clock(line.moment, line.zone))
    home = catalogue.event(revenue.event)
    numeric = revenue.property in catalogue.columns(home)
    spent = query("TRY_CAST(:it AS DOUBLE)", it=column(revenue.property, home)) if numeric else None
    day = column("local_date", home)
    rows = catalogue.rows(revenue.event, set()).select(
        query(":it AS customer", it=catalogue.customer(home)),
        query(":day AS day", day=day),
        query(":it AS spent", it=query("0.0") if spent is None else spent),
    )
    rows = rows.where(day >= query(":x", x=first), day < query(":x", x=end))
    found = line.engine.fetch(
        query(
            """SELECT customer, count(*) AS orders, coalesce(sum(spent), 0)::DOUBLE AS spend,
                      bit_or(1 << ((year(day) - :year) * 12 + month(day) - :month)::INT) AS months
               FROM :rows AS r GROUP BY customer ORDER BY customer""",
            rows=rows,
            year=first.year,
            month=first.month,
        )
    )
    flags = found.column("months").to_numpy().astype(np.int64)
    figures = {"orders_12m": _floats(found, "orders")}
    if numeric:
        figures["spend_12m"] = _floats(found, "spend")
    return Year(
        first,
        found.column("customer").to_numpy().astype(np.int64),
        figures,
        (flags[:, None] >> np.arange(MONTHS)[None, :]) & 1 > 0,
    )


def months(today: date) -> tuple[date, date]:
    """The first day of the last twelve months that are over, and the day after their last."""
    end = (today + timedelta(days=1)).replace(day=1)
    return _months_on(end, -MONTHS), end


def ordered_in(found: Year, sets: Mapping[str, BitMap]) -> Iterator[Candidate]:
    """A candidate a segment and month: the share of the composite's people who order in it."""
    for segment, members in sets.items():
        inside = found.inside(members)
        n, m = int(inside.sum()), int((~inside).sum())
        for at in range(MONTHS) if n >= COMPOSITE else ():
            mine = int(found.months[inside, at].sum())
            others = int(found.months[~inside, at].sum())
            yield Candidate(
                segment,
                "ordered_in",
                "Month",
                found.named(at),
                "",
                Moments.of_share(n, mine),
                Moments.of_share(m, others),
            )


def halves(found: Year, members: BitMap, currency: str) -> Iterator[Sentence]:
    """What half of them do in the year; nothing where they are too few to be a composite."""
    inside = found.inside(members)
    for of, values in found.figures.items():
        if min(inside.sum(), (~inside).sum()) < COMPOSITE:
            return
        (value, *ends), (other, *others) = _median(values[inside]), _median(values[~inside])
        low, high = combined(value, (ends[0], ends[1]), other, (others[0], others[1]))
        try:
            yield Sentence(
                "half",
                Evidence(
                    "median",
                    of,
                    "In a year",
                    value,
                    ends[0],
                    ends[1],
                    int(inside.sum()),
                    other,
                    int((~inside).sum()),
                    low,
                    high,
                    "open",
                    unit=currency if of == "spend_12m" else "",
                ),
            )
        except Unsupported:
            continue


def spread(found: Year, members: BitMap) -> Sentence | None:
    """How many order as most of them do not: on the other side of everybody else's middle."""
    inside = found.inside(members)
    mine, others = (found.figures["orders_12m"][each] for each in (inside, ~inside))
    if min(len(mine), len(others)) < COMPOSITE or np.median(mine) == np.median(others):
        return None
    middle, below = np.median(others), bool(np.median(mine) > np.median(others))
    having, other = (int(np.sum(it < middle if below else it > middle)) for it in (mine, others))
    if having < OTHERWISE * len(mine):
        return None
    low, high = wilson(having, len(mine))
    gap = difference(having, len(mine), other, len(others))
    try:
        return Sentence(
            "spread",
            Evidence(
                "share",
                "orders_12m",
                "In a year",
                having / len(mine),
                low,
                high,
                len(mine),
                other / len(others),
                len(others),
                *gap,
                "less" if gap[1] < 0 else "open",
                "below" if below else "above",
                "share",
            ),
        )
    except Unsupported:
        return None


def _median(values: Floats) -> tuple[float, float, float]:
    ordered = np.sort(values)
    low, high = median_ranks(len(ordered))
    return float(np.median(ordered)), float(ordered[low - 1]), float(ordered[high - 1])


def _months_on(start: date, count: int) -> date:
    ahead, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    return date(ahead, month + 1, 1)


def _floats(found: object, name: str) -> Floats:
    return np.asarray(found.column(name).to_numpy(), np.float64)  # type: ignore[attr-defined]
