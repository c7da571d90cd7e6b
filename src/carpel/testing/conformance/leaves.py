"""Rules of every further kind of clause: sequences, contracts, shares, the past, others, places."""

from collections.abc import Iterator
from datetime import date
from typing import Any

Rule = dict[str, Any]
ZONES = ("own", "project", "Asia/Kathmandu")
CALENDARS = (
    *("today", "yesterday", "this week", "last week", "this month", "last month"),
    *("this quarter", "last quarter", "this year", "last year", "last 3 days", "last 2 months"),
)
COFFEE: Rule = {"where": {"category": {"is": "coffee"}}}


def leaves() -> Iterator[Rule]:
    """All of them."""
    for each in (
        *(_sequences, _rhythms, _contracts, _since, _shares, _times, _texts_and_lists),
        *(_relative, _logic, _accounts, _past, _changes, _samples, _places),
    ):
        yield from each()


def _sequences() -> Iterator[Rule]:
    for step in (
        {},
        COFFEE,
        {"within": "7 days"},
        {"after": "36 hours"},
        {"within": "2 weeks", "after": "1 day"},
        {"without": "visited"},
        {"without": [{"did": "visited", **COFFEE}, {"did": "bought", "where": {"gift": True}}]},
    ):
        steps = [{"did": "visited"}, {"then": "bought", **step}]
        yield {"sequence": steps}
        yield {"sequence": [*steps, {"then": "visited", "within": "30 days"}], "within": "1 year"}
        yield {"sequence": steps, "ends_within": "1 month"}
    absent = {"then_not": "bought", "within": "36 hours"}
    yield {"sequence": [{"did": "visited"}, absent]}
    yield {"sequence": [{"did": "visited", **COFFEE}, absent, {"then": "visited"}]}
    for window in ({"during": "last month"}, {"within": "30 days", "ago": "1 day"}):
        for zone in ZONES:
            yield {"sequence": [{"did": "bought"}, {"then": "bought"}], **window, "zone": zone}


def _rhythms() -> Iterator[Rule]:
    for each in ("7 days", "1 month", "1 day"):
        yield {"regularly": "visited", "at_least": 2, "of": 3, "each": each}
        bought = {"did": "bought", "sum": "amount", "at_least": 1}
        yield {"regularly": bought, "at_least": 1, "of": 4, "each": each}
    for period in ("36 hours", "7 days", "1 month"):
        yield {"stopped": "bought", "since": period}
        yield {"stopped": "visited", "since": period, "after": {"within": "1 year", "at_least": 3}}
        yield {"stopped": "bought", **COFFEE, "since": period, "after": {"at_least": 1}}
    for gap in ("36 hours", "7 days", "2 weeks"):
        yield {"restarted": "bought", "after": gap}
        yield {"restarted": "visited", "after": gap, "within": "1 month", **COFFEE}


def _contracts() -> Iterator[Rule]:
    for word in ("holds", "held"):
        for terms in ("any", "gold", ["gold", "Straße"], {"on_trial": True}, {"paused": False}):
            yield {word: terms}
        for order in ({"at_least": 1}, {"is": 0}, {"at_most": 0}):
            yield {word: {"plan": {"is": "STRASSE", "fold": True}}, **order}
        for term in ("started", "ended", "cancelled", "trial_ends", "renews", "renewed"):
            yield {word: {term: {"in_last": "1 month"}}}
            yield {word: {term: {"in_next": "30 days"}}}
            yield {word: {term: {"during": "this month"}}, "zone": "Asia/Kathmandu"}
            yield {word: {term: {"is_missing": True}}}
        yield {word: {"monthly_price": {"at_least": 1}, "seats": 5}}
        yield {word: {"price": {"is": 0.3}}}
        yield {word: {"past_due": True, "interval": "month"}}


def _since() -> Iterator[Rule]:
    for word in ("since_last", "since_first"):
        for anchor in ("visited", {"did": "bought", **COFFEE}):
            for figure in ({}, {"is": 0}, {"sum": "amount", "more_than": 0.1}, {"share": "count"}):
                order = {"at_least": "50%"} if "share" in figure else {}
                yield {"did": "bought", word: anchor, **figure, **order}
            yield {"did": "bought", word: anchor, "within": "30 days", "last": "gift", "is": True}


def _shares() -> Iterator[Rule]:
    for name in ("count", "amount", "quantity"):
        for order in ({"at_least": "50%"}, {"less_than": 0.25}, {"is": "100%"}, {"more_than": 0}):
            yield {"did": "bought", **COFFEE, "share": name, **order}
            yield {"did": "visited", **COFFEE, "share": name, "within": "1 month", **order}


def _times() -> Iterator[Rule]:
    for calendar in CALENDARS:
        yield {"trait": "born", "during": calendar}
        yield {"trait": "seen_at", "during": calendar}
        for zone in ZONES:
            yield {"trait": "seen_at", "during": calendar, "zone": zone}
            yield {"did": "bought", "during": calendar, "zone": zone}
    for name in ("born", "seen_at"):
        for days in ("sunday", ["saturday", "friday"]):
            yield {"trait": name, "weekday": days}
        for period in ("1 day", "7 days", "1 month", "1 year", "2 years"):
            yield {"trait": name, "anniversary_in": period}
            yield {"trait": name, "older_than": period}
    for zone in ZONES:
        yield {"trait": "seen_at", "weekday": "sunday", "zone": zone}
        yield {"trait": "seen_at", "on": date(2024, 3, 31), "zone": zone}
        yield {"did": "visited", "where": {"local_hour": {"between": [8, 18]}}, "zone": zone}
        yield {"did": "visited", "last": "at", "weekday": ["sunday"], "zone": zone}
    for ago in ("36 hours", "1 month"):
        yield {"did": "bought", "within": "1 month", "ago": ago}
        yield {"did": "bought", "ago": ago}
    for name in ("any", "Easter"):
        yield {"holiday": name, "within": "1 month"}


def _texts_and_lists() -> Iterator[Rule]:
    for name in ("name", "likes"):
        yield {"trait": name, "is_empty": True}
        yield {"not": {"trait": name, "is_empty": True}}
        for order in ({"is": 1}, {"at_least": 5}, {"less_than": 2}):
            yield {"trait": name, "length": order}
    yield {"did": "bought", "where": {"tags": {"length": {"at_least": 2}}}}
    yield {"did": "bought", "where": {"channel": {"is_empty": True}}}


def _relative() -> Iterator[Rule]:
    for about in (
        {"trait": "visits"},
        {"trait": "height"},
        {"did": "bought"},
        {"did": "bought", "within": "1 month"},
        {"did": "visited", "sum": "quantity"},
        {"did": "visited", "avg": "quantity"},
    ):
        for word in ("top", "bottom"):
            for part in ("10%", 0.3, "100%"):
                yield {**about, word: part}
        for tenth in (1, {"at_least": 7}, [2, 9]):
            yield {**about, "decile": tenth}
        if about != {"trait": "height"}:  # whose mean is no number
            for score in ({"at_least": 1.25}, {"less_than": -0.3}):
                yield {**about, "zscore": score}


def _logic() -> Iterator[Rule]:
    listed: list[Rule] = [
        {"trait": "vip", "is": True},
        {"did": "bought", "within": "30 days"},
        {"trait": "height", "at_least": 1},
        {"segment": "base"},
    ]
    for least in (1, 2, 3, 4):
        yield {"some": listed, "at_least": least}
    for word in ("union", "intersect", "minus"):
        yield {word: listed[:3]}


def _accounts() -> Iterator[Rule]:
    member: Rule = {"trait": "vip", "is": True}
    for asked in (
        {"trait": "people", "at_least": 3},
        {"trait": "branch", "is": "strasse", "fold": True},
        {"trait": "total_visits", "at_least": 1},
        {"trait": "most_visits", "less_than": 7},
        {"trait": "total_visits", "top": "30%"},
        {"did": "bought", **COFFEE, "at_least": 2},
        {"holds": "gold"},
        {"sequence": [{"did": "visited"}, {"then": "bought", "within": "7 days"}]},
        {"stopped": "bought", "since": "7 days"},
        {"people": {"where": member}},
        {"people": {"where": member, "is": 0}},
        {"not": {"trait": "branch", "is_set": True}},
    ):
        yield {"account": asked}


def _past() -> Iterator[Rule]:
    for name in ("base", "above"):
        for period in ("1 day", "7 days", "1 month", "1 year"):
            yield {"segment": name, "for": period}
            yield {"entered": name, "within": period}
            yield {"left": name, "within": period}
    yield {"entered": "tier.gold", "during": "last month"}
    for window in ({}, {"within": "7 days"}, {"within": "30 days"}):
        yield {"moved": "tier", "from": ["tin"], "to": ["gold", "Straße"], **window}


def _changes() -> Iterator[Rule]:
    for name in ("name", "size"):
        yield {"changed": name}
        yield {"changed": name, "within": "30 days", "to": "STRASSE"}
        yield {"changed": name, "from": {"is_not": "strasse"}, "to": {"starts_with": "İ"}}


def _samples() -> Iterator[Rule]:
    for salt in ("spring", "é"):
        for share in ("10%", 0.5, 0):
            yield {"sample": share, "salt": salt}
            yield {"sample": share, "from": "30%", "salt": salt}


def _places() -> Iterator[Rule]:
    for point in ([52.45, 4.95], [-33.9, 180], [89.9, 0]):
        for radius in ("1 km", "10 km", "100 km", "20000 km"):
            yield {"near": point, "within": radius}
