"""Who ordered on which day, and for how much, as arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from carpel.engine.query import column, query, table
from carpel.evaluation.refunds import bought
from carpel.stages.base import Line

EPOCH = np.datetime64("1970-01-01")


@dataclass(frozen=True)
class Orders:
    """Days with an order, one row a person and day: `people` are numbers from 0 into `customers`.

    Days are counted from 1970 on the project's clocks; `until` is the day of the build. `value` is
    missing where no amount is known.
    """

    customers: NDArray[np.int64]
    people: NDArray[np.intp]
    day: NDArray[np.float64]
    value: NDArray[np.float64]
    until: float

    @property
    def span(self) -> float:
        """Days from the first order of anybody to the day of the build."""
        return self.until - float(self.day.min()) if len(self.day) else 0.0


def orders(line: Line) -> Orders:
    """The orders of everybody up to the build's moment; refunds alone are none."""
    revenue = line.definitions.project.revenue
    name = f"event_{revenue.event}"
    today = np.datetime64(line.as_of.astimezone(line.zone).date()) if line.as_of else EPOCH
    until = float((today - EPOCH).astype(int))
    if not line.table_files(name):
        none = np.zeros(0)
        return Orders(none.astype(np.int64), none.astype(np.intp), none, none, until)
    columns = line.engine.columns(name)
    known = revenue.property in columns
    amount = query("TRY_CAST(:it AS DOUBLE)", it=column(revenue.property, "e"))
    rows = line.engine.fetch(
        query(
            """SELECT coalesce(a.survivor, e.customer) AS customer,
                      CAST(e.local_date - CAST('1970-01-01' AS DATE) AS DOUBLE) AS day,
                      CAST(sum(:amount) AS DOUBLE) AS value
               FROM :events AS e LEFT JOIN aliases AS a ON a.customer = e.customer
               WHERE e.at <= :until AND NOT coalesce(:amount < 0, false) AND :bought
                 AND coalesce(a.survivor, e.customer) IN (SELECT customer FROM customers)
               GROUP BY 1, 2 ORDER BY 1, 2""",
            amount=amount if known else query("CAST(NULL AS DOUBLE)"),
            events=table(name),
            bought=bought(columns, "e"),
            until=line.moment,
        )
    )
    customers, people = np.unique(rows.column("customer").to_numpy(), return_inverse=True)
    value = rows.column("value").to_numpy(zero_copy_only=False).astype(np.float64)
    return Orders(customers, people, rows.column("day").to_numpy(), value, until)
