"""What people did in the last twelve calendar months that are over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from carpel.engine.query import column, query
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.comparisons import Clock
from carpel.evaluation.windows import local
from carpel.stages.base import Line
from carpel.stats.tails import Floats

MONTHS = 12


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

    def month(self, at: int) -> int:
        """The number of a month in the calendar."""
        return _months_on(self.first, at).month

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


def _months_on(start: date, count: int) -> date:
    ahead, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    return date(ahead, month + 1, 1)


def _floats(found: object, name: str) -> Floats:
    return np.asarray(found.column(name).to_numpy(), np.float64)  # type: ignore[attr-defined]
