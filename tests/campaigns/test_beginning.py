"""What begins a campaign for whom: dates that come round, movements by their cause, carts."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pyroaring import BitMap

from carpel.campaigns.beginning import begun
from carpel.campaigns.beginning.dated import _each_year, _occasions
from carpel.evaluation.bitmaps import to_bytes
from carpel.language import Period
from carpel.specs import Trigger

from .conftest import NOW, known

BERLIN = ZoneInfo("Europe/Berlin")
PLAIN = NOW.replace(tzinfo=None)


def days(first, last, born):
    return list(_each_year(born, first, last))


def test_the_29th_of_february_is_the_28th_where_there_is_none():
    born = date(2004, 2, 29)
    assert days(date(2023, 1, 1), date(2025, 1, 1), born) == [
        date(2023, 2, 28),
        date(2024, 2, 29),
        date(2025, 2, 28),
    ]
    assert days(date(2004, 1, 1), date(2005, 1, 1), born) == [date(2005, 2, 28)], "a year later"


@pytest.mark.parametrize("name", ["Europe/Berlin", "America/New_York", "Africa/Cairo"])
def test_a_day_begins_once_on_whatever_clock(name):
    """Asked every hour of a year, each day is found in one hour, though clocks are changed."""
    zone, hour = ZoneInfo(name), timedelta(hours=1)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    wanted = [date(2026, 3, 29), date(2026, 4, 24), date(2026, 10, 25), date(2026, 11, 1)]
    found = []
    for number in range(365 * 24):
        after = start + number * hour
        found += _occasions(7, wanted, Period(2, "days"), zone, after, after + hour)
    assert [each.occasion for each in found] == [day.isoformat() for day in wanted]
    for each, day in zip(found, wanted, strict=True):
        local = each.at.astimezone(zone)
        assert local.date() == day - timedelta(days=2)
        assert local.hour <= 1, "midnight, or the first moment after it where that is left out"


def moves(*rows):
    return [
        {"segment": "everybody", "at": at, "build": n, "part": part, "cause": cause}
        | {"people": 1, "members": to_bytes(BitMap(keys))}
        for n, (at, part, cause, keys) in enumerate(rows)
    ]


@pytest.mark.parametrize(
    ("cause", "begins"),
    [
        ("data", True),
        ("clock", True),
        ("definition", False),
        ("identity", False),
        ("correction", False),
    ],
)
def test_only_data_and_the_clock_begin_anything(desk_of, cause, begins):
    desk = desk_of(known(1, 2), movements=moves((PLAIN, "entered", cause, [1])))
    found = begun(desk, Trigger(enters="everybody"), NOW - timedelta(days=1), NOW)
    assert [each.customer for each in found] == [1] * begins


def test_who_moved_on_or_lives_on_under_another_key(desk_of):
    aliases = [{"customer": 9, "survivor": 2}]
    rows = moves(
        (PLAIN, "entered", "data", [1, 9, 77]),
        (PLAIN - timedelta(days=3), "entered", "data", [1]),
        (PLAIN, "left", "data", [2]),
    )
    desk = desk_of(known(1, 2, 3), movements=rows, aliases=aliases)
    after = NOW - timedelta(days=1)
    entered = begun(desk, Trigger(enters="everybody"), after, NOW)
    assert [each.customer for each in entered] == [1, 2], "77 is gone, 9 is 2 today"
    assert begun(desk, Trigger(leaves="everybody"), after, NOW) == [], "2 is in again"


def carts(*rows):
    return [{"customer": key, "at": PLAIN - timedelta(hours=hours)} for key, hours in rows]


def test_a_cart_is_left_behind_once_nothing_followed_for_so_long(desk_of):
    left = Trigger(event="cart_updated", without="order_completed", within="24 hours")
    desk = desk_of(
        known(1, 2, 3, 4, 5),
        carts=carts((1, 30), (2, 30), (3, 30), (3, 20), (4, 23), (5, 24)),
        orders=[{"customer": 2, "at": PLAIN - timedelta(hours=29), "amount": 5.0}],
    )
    found = begun(desk, left, NOW - timedelta(days=9), NOW)
    assert [(each.customer, each.at) for each in found] == [
        (1, NOW - timedelta(hours=6)),
        (5, NOW),
    ], "2 has bought, 3 went on, of 4 it is too early to say"
    later = [(each.customer, each.occasion) for each in begun(desk, left, found[0].at, NOW)]
    assert later == [(5, found[1].occasion)], "from where we were, nothing twice"
    assert begun(desk, left, NOW, NOW + timedelta(days=9)) == [], "the data says nothing of later"


def test_events_by_what_they_say(desk_of):
    desk = desk_of(
        known(1, 2),
        orders=[
            {"customer": 1, "at": PLAIN, "amount": 5.0},
            {"customer": 2, "at": PLAIN, "amount": 50.0},
        ],
    )
    trigger = Trigger(event="order_completed", where={"amount": {"at_least": 10}})
    found = begun(desk, trigger, NOW - timedelta(days=1), NOW)
    assert [each.customer for each in found] == [2]


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"enters": "a", "leaves": "b"},
        {"event": "a", "without": "b"},
        {"event": "a", "within": "3 days"},
        {"event": "a", "without": "b", "within": "3 months"},
        {"enters": "a", "before": "3 days"},
        {"event": "a", "yearly": True},
        {"date": "birth_date", "where": {"amount": 3}},
    ],
)
def test_a_trigger_has_one_cause_and_words_that_go_with_it(said):
    with pytest.raises(ValueError, match=r"give one of|go together|goes with|so many hours"):
        Trigger.model_validate(said)
