"""People are written to at their own hour, for a day; quiet hours win."""

from datetime import timedelta

from pyroaring import BitMap

from carpel.campaigns.approval import approved
from carpel.campaigns.audience import to_send
from carpel.campaigns.best_hour import first, hours
from carpel.campaigns.plan import plan
from carpel.specs import QuietHours

from .conftest import NOW, campaign, known


def orders(customer: int, hour: int | None, times: int = 6) -> list[dict[str, object]]:
    days = (NOW - timedelta(days=n) for n in range(1, times + 1))
    return [{"customer": customer, "at": at, "amount": 1.0, "hour": hour} for at in days]


def desk_with(desk_of, spec, *rows, **zones):
    """The clock stands at 13 in Berlin, 12 in UTC."""
    import pyarrow as pa

    people = [{**each, "zone": zones.get(f"z{each['customer']}")} for each in known(1, 2, 3, 4)]
    desk = desk_of(people, spec)
    flat = [row for each in rows for row in each]
    desk.engine.register(
        "event_order_completed",
        pa.table(
            {
                "customer": pa.array([r["customer"] for r in flat], pa.int64()),
                "at": pa.array([r["at"].replace(tzinfo=None) for r in flat], pa.timestamp("us")),
                "amount": pa.array([r["amount"] for r in flat], pa.float64()),
                "local_hour": pa.array([r["hour"] for r in flat], pa.int8()),
            }
        ),
    )
    return desk


SPEC = {"holdout": 0, "no_holdout_because": "a test", "best_hour": True}


def test_each_at_their_own_hour_and_nobody_longer_than_a_day(desk_of):
    spec = campaign(**SPEC)
    desk = desk_with(desk_of, spec, orders(1, 13), orders(2, 18), orders(3, 20, 3), orders(4, None))
    assert hours(desk, spec, BitMap([1, 2, 3, 4]))[18] == BitMap([2])
    assert plan(desk, spec).hours_known == 2
    held = approved(desk, spec, "ada")
    assert to_send(desk, spec, held) == BitMap([1, 3, 4])  # 3 has done too little, 4 has no hours
    desk.clock.on(hours=5)  # 18 in Berlin
    assert to_send(desk, spec, held) == BitMap([2, 3, 4])
    desk.clock.on(hours=18)  # 12 on the next day: nobody's hour, and a day is not over
    assert to_send(desk, spec, held) == BitMap([3, 4])
    desk.clock.on(hours=1, minutes=30)
    assert to_send(desk, spec, held) == BitMap([1, 2, 3, 4])


def test_an_hour_is_that_of_their_own_clock(desk_of):
    spec = campaign(**SPEC)
    desk = desk_with(desk_of, spec, orders(1, 13), orders(2, 13), z2="America/New_York")
    held = approved(desk, spec, "ada")
    assert to_send(desk, spec, held) == BitMap([1, 3, 4])
    assert first(desk, spec, BitMap([2])) == NOW + timedelta(hours=6)


def test_quiet_hours_win(desk_of):
    spec = campaign(**SPEC, quiet_hours=QuietHours(start="12:30", end="14:30"))
    desk = desk_with(desk_of, spec, orders(1, 13) + orders(1, 16, 2), orders(2, 18))
    assert hours(desk, spec, BitMap([1]))[16] == BitMap([1])
    held = approved(desk, spec, "ada")
    assert to_send(desk, spec, held) == BitMap()
    desk.clock.on(hours=3)
    assert to_send(desk, spec, held) == BitMap([1, 3, 4])


def test_without_it_nobody_waits(desk_of):
    spec = campaign(**{**SPEC, "best_hour": False})
    desk = desk_with(desk_of, spec, orders(2, 18))
    assert to_send(desk, spec, approved(desk, spec, "ada")) == BitMap([1, 2, 3, 4])
