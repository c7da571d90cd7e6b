"""What people did up to the moment a build is computed for: what every segmentation reads."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from carpel.engine.base import Engine
from carpel.engine.query import Tree, column, literal, query, table
from carpel.errors import CarpelError, suggestion
from carpel.evaluation.windows import local, shift
from carpel.language import Period

LAYOUT = {"event_key", "local_hour", "loaded_at", "source"}


@dataclass(frozen=True)
class Moment:
    """What a build is computed for: the instant, in UTC without a zone, and the local date."""

    at: datetime
    today: date
    zone: ZoneInfo

    @classmethod
    def of(cls, at: datetime, zone: ZoneInfo) -> "Moment":
        """The moment of an instant, given in UTC without a zone, where the project is."""
        return cls(at, local(at, zone).date(), zone)

    def back(self, days: int) -> datetime:
        """The instant so many days before; UTC without a zone. A window does not hold it."""
        return shift(self.at, Period(days, "days"), self.zone)


def occurrences(
    engine: Engine,
    event: str,
    measured: str | None,
    moment: Moment,
    *,
    paid: str | None = None,
    there: bool = True,
) -> Tree:
    """One row for each time somebody did it up to the moment: customer, at, local_date, value,
    returned.

    `value` is the measured property as a number, unknown where the event has none. An event that
    is not `there`, because nothing was ever read for it, has no rows. `returned` tells an order
    of which nothing but a refund is left, by a negative amount `paid`: its value counts, but
    nobody bought anything by it.
    """
    if not there:
        return query("""SELECT NULL::BIGINT AS customer, NULL::TIMESTAMP AS at,
                        NULL::DATE AS local_date, NULL::DOUBLE AS value, FALSE AS returned
                        WHERE FALSE""")
    return query(
        """SELECT coalesce(a.survivor, e.customer) AS customer, e.at, e.local_date,
                  :value AS value, :returned AS returned
           FROM :event AS e LEFT JOIN aliases AS a ON a.customer = e.customer
           WHERE e.at <= :moment""",
        value=_value(engine, event, measured),
        returned=_returned(engine, event, paid),
        event=table(f"event_{event}"),
        moment=literal(moment.at),
    )


def _returned(engine: Engine, event: str, paid: str | None) -> Tree:
    if paid is None or paid not in engine.columns(f"event_{event}"):
        return query("FALSE")
    return query("coalesce(TRY_CAST(:it AS DOUBLE) < 0, FALSE)", it=column(paid, "e"))


def _value(engine: Engine, event: str, measured: str | None) -> Tree:
    if measured is None:
        return query("NULL::DOUBLE")
    known = engine.columns(f"event_{event}")
    if measured not in known:
        raise CarpelError(
            f"The event {event!r} has no property {measured!r}.",
            action=suggestion(measured, set(known) - LAYOUT)
            or "Give another `property`, or `property: null` to count.",
        )
    return query("TRY_CAST(:it AS DOUBLE)", it=column(measured, "e"))
