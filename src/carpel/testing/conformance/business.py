"""A small business full of what engines disagree about.

Nulls and ties, not-a-number and both zeros, edges of windows and of local days, the days clocks
change, 29 February, accents written in one character or in two, ß and İ and ς, letters from right
to left, emoji, empty text, quotes and backslashes.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
from pyroaring import BitMap

ZONE = ZoneInfo("Europe/Amsterdam")
MOMENT = datetime.fromisoformat("2024-03-31T10:00")  # clocks went forward there that very night
UTC_MOMENT = MOMENT.replace(tzinfo=UTC)
TEXTS = [
    "Straße", "STRASSE", "strasse", "İstanbul", "istanbul", "ıstanbul", "ISTANBUL", "Ὀδυσσεύς",
    "ΟΔΥΣΣΕΥΣ", "café", "cafe\u0301", "CAFE", "שלום", "سلام", "🙂", "👩\u200d👧", "한국", "각",
    "ﬁn", "", " ", "a", "A", "B", "Ä", "z", "ångström", "Å", "it's", 'say "so"', "back\\slash",
    "100%", "a_b", "a\nb", "ẞ", "ǆ", "Σας", "naïve", "ñ", "n\u0303",
]  # fmt: skip
NUMBERS = [
    0.0, -0.0, 0.1, 0.1 + 0.2, 0.3, -1.5, 2.5, 3.5, 1e-7, 5e-7, 1.0000005, 1e15, 1e300, -1e300,
    float("nan"), float("inf"), float("-inf"), 33.333333333, 1 / 3,
]  # fmt: skip
AMOUNTS = [0.0, 0.1, 0.2, 0.3, 19.99, -5.0, 1e6, 33.335, 2.675, 1 / 3]
WHOLE = [0, 1, -1, 2, 3, 7, 2**31, -(2**31), 10**15]
DAYS = [
    date(2024, 2, 29), date(2023, 2, 28), date(2000, 2, 29), date(1900, 2, 28), date(2024, 3, 31),
    date(2024, 3, 30), date(2024, 4, 1), date(2023, 10, 29), date(1969, 12, 31), date(2024, 1, 1),
    date(2023, 12, 31),
]  # fmt: skip
TICK = timedelta(microseconds=1)
EDGES = [
    MOMENT, MOMENT - timedelta(days=7), MOMENT - timedelta(days=30), MOMENT - timedelta(hours=36),
    datetime.fromisoformat("2024-02-29T11:00"), datetime.fromisoformat("2024-03-30T23:00"),
    datetime.fromisoformat("2024-03-31T00:59:59.999999"),
    datetime.fromisoformat("2024-03-31T01:00"), datetime.fromisoformat("2024-03-31T22:00"),
    datetime.fromisoformat("2023-10-29T00:00"), datetime.fromisoformat("2023-10-29T01:00"),
    datetime.fromisoformat("2023-10-28T22:00"), datetime.fromisoformat("2024-02-28T23:00"),
    datetime.fromisoformat("2024-02-29T23:00"), datetime.fromisoformat("1969-12-31T23:59:59.5"),
]  # fmt: skip
TRAITS = [
    ("name", "text", "name"),
    ("height", "number", "height"),
    ("visits", "integer", "visits"),
    ("vip", "boolean", "vip"),
    ("born", "date", "born"),
    ("seen_at", "instant", "seen_at"),
    ("likes", "list", "likes"),
    ("ratio", "number", "height / visits"),
    ("rounded", "number", "round(height, 2)"),
    ("left_over", "integer", "visits % 2"),
    ("seen_days", "number", "(epoch(:as_of) - epoch(seen_at)) / 86400.0"),
    ("birth_year", "integer", "year(born)"),
    ("larger", "number", "greatest(height, visits)"),
    ("size", "text", "CASE WHEN height >= 1 THEN 'tall' WHEN height < 1 THEN 'small' END"),
    ("either", "number", "coalesce(nullif(height, 0), abs(visits), -1)"),
]
WHERE = [("timezone", "text"), ("country", "text"), ("latitude", "number"), ("longitude", "number")]
"""Traits that say where somebody is."""
ZONES = ["America/New_York", "Asia/Kathmandu", "Pacific/Apia", "", "Nowhere"]
PLACES = ["gold", "Straße", "tin"]


def tables(random: Random, people: int = 60, events: int = 300) -> dict[str, pa.Table]:
    """The tables that rules read in a build's first run, drawn anew."""
    keys = sorted(random.sample(range(people * 3), people))
    spare = [key for key in range(people * 3) if key not in keys]
    aliases = {spare[index]: random.choice(keys) for index in range(6)}
    owners = [*keys[: people * 3 // 4], *aliases, *spare[6:8]]
    some = _some(random)
    traits = [*TRAITS, *((name, kind, name) for name, kind in WHERE)]
    made = {
        "customers": pa.table({"customer": keys}),
        "aliases": pa.table({"customer": list(aliases), "survivor": list(aliases.values())}),
        "profiles": _profiles(random, keys),
        "standings": pa.table({"customer": keys, "tier": [some(PLACES) for _ in keys]}),
        "consents": _consents(random, keys),
        "described_product_id": pa.table(
            {"product_id": ["a", "b", "c", "ß"], "category": ["coffee", "Café", None, "tea"]}
        ),
        "traits": pa.table(
            {
                "trait": [each for each, _, _ in traits],
                "type": [each for _, each, _ in traits],
                "table": ["profiles"] * len(traits),
                "expression": [each for _, _, each in traits],
                "label": [each.capitalize() for each, _, _ in traits],
                "sensitivity": ["plain"] * len(traits),
            }
        ),
        "contracts": _contracts(random, keys),
    }
    for number, name in enumerate(("bought", "visited")):
        made[f"event_{name}"] = _events(random, owners, events, number * 10_000)
    return made


def whole(random: Random) -> dict[str, pa.Table]:
    """All tables that rules read, of a business with accounts and a history."""
    made = tables(random)
    keys = made["customers"]["customer"].to_pylist()
    owners = [*keys, *made["aliases"]["customer"].to_pylist()]
    held = list(range(12))
    return {
        **made,
        "accounts": pa.table(
            {
                "account": pa.array(held, pa.int64()),
                "account_key": [f"k{each}" for each in held],
                "t_branch": pa.array([_some(random)(TEXTS) for _ in held], pa.string()),
            }
        ),
        "belongings": pa.table(
            {
                "customer": pa.array([random.choice(owners) for _ in owners], pa.int64()),
                "account": pa.array([random.choice(held) for _ in owners], pa.int64()),
            }
        ),
        "movements": _movements(random, keys),
        "event_trait_changed": _changes(random, owners),
    }


def _movements(random: Random, keys: list[int]) -> pa.Table:
    """Who was in what segment, by who came and left at nine builds; now and then whole."""
    told: list[dict[str, Any]] = []
    for name in ("base", "above", *(f"tier.{place}" for place in PLACES)):
        now = set(random.sample(keys, 20))
        for number, days in enumerate((400, 60, 30, 14, 7, 7, 2, 1, 0)):
            before, now = now, now ^ set(random.sample(keys, 12)) if number else now
            parts = {"entered": now - before, "left": before - now} if number else {}
            if number % 4 == 0:
                parts["members"] = now
            for part, them in parts.items():
                told.append(
                    {
                        "segment": name,
                        "at": MOMENT - timedelta(days=days),
                        "build": number,
                        "part": part,
                        "cause": "data",
                        "people": len(them),
                        "members": BitMap(them).serialize(),
                    }
                )
    return pa.Table.from_pylist(told)


def _changes(random: Random, owners: list[int]) -> pa.Table:
    made = _events(random, owners, 60, 50_000)
    was = {name: [_some(random)(TEXTS[:4]) for _ in range(60)] for name in ("was", "now")}
    kept = made.select(made.schema.names[: made.schema.names.index("source") + 1])
    for name, values in {
        "trait": [random.choice(["name", "size"]) for _ in range(60)],
        **was,
    }.items():
        kept = kept.append_column(name, pa.array(values, pa.string()))
    return kept


def _some(random: Random) -> Callable[..., Any]:
    def draw(values: Any) -> Any:
        return None if random.random() < 0.2 else random.choice(list(values))

    return draw


def _instant(random: Random) -> datetime:
    if random.random() < 0.7:
        return random.choice(EDGES) + random.choice([-TICK, timedelta(), timedelta(), TICK])
    return MOMENT - timedelta(minutes=random.randint(-60 * 24 * 5, 60 * 24 * 400))


def _profiles(random: Random, keys: list[int]) -> pa.Table:
    some, known = _some(random), [key for key in keys if random.random() < 0.9]

    def likes() -> list[str | None] | None:
        chosen = random.sample([*TEXTS, None], random.randint(0, 4))
        return None if random.random() < 0.2 else chosen

    return pa.table(
        {
            "customer": pa.array(known, pa.int64()),
            "name": pa.array([some(TEXTS) for _ in known], pa.string()),
            "height": pa.array([some(NUMBERS) for _ in known], pa.float64()),
            "visits": pa.array([some(WHOLE) for _ in known], pa.int64()),
            "vip": pa.array([some([True, False]) for _ in known], pa.bool_()),
            "born": pa.array([some(DAYS) for _ in known], pa.date32()),
            "seen_at": pa.array([some([_instant(random)]) for _ in known], pa.timestamp("us")),
            "likes": pa.array([likes() for _ in known], pa.list_(pa.string())),
            "timezone": pa.array([some(ZONES) for _ in known], pa.string()),
            "country": pa.array([some(["NL", "US", ""]) for _ in known], pa.string()),
            "latitude": pa.array([some([52.4, 52.5, -33.9, 90.0]) for _ in known], pa.float64()),
            "longitude": pa.array([some([4.9, 5.0, -179.9, 179.9]) for _ in known], pa.float64()),
        }
    )


def _consents(random: Random, keys: list[int]) -> pa.Table:
    some, asked = _some(random), [key for key in keys if random.random() < 0.7]
    return pa.table(
        {
            "customer": pa.array(asked, pa.int64()),
            "channel": [random.choice(["email", "Email", "sms"]) for _ in asked],
            "purpose": ["marketing" for _ in asked],
            "granted": pa.array([some([True, False]) for _ in asked], pa.bool_()),
            "suppressed": pa.array([some([True, False, False]) for _ in asked], pa.bool_()),
        }
    )


def _contracts(random: Random, keys: list[int]) -> pa.Table:
    some, held = _some(random), [key for key in keys if random.random() < 0.5]
    instants = {
        name: pa.array([some([_instant(random)]) for _ in held], pa.timestamp("us"))
        for name in (
            "started_at", "ended_at", "trial_ends_at", "renews_at", "paused_at", "cancelled_at"
        )
    }  # fmt: skip
    texts = {
        "contract_id": held,
        "plan": PLACES,
        "currency": ["EUR"],
        "interval": ["month", "year"],
    }
    return pa.table(
        {
            "customer": pa.array(held, pa.int64()),
            **{
                name: pa.array([str(some(values)) for _ in held], pa.string())
                for name, values in texts.items()
            },
            "amount": pa.array([some(AMOUNTS) for _ in held], pa.float64()),
            "seats": pa.array([some([1, 5]) for _ in held], pa.int64()),
            "status": pa.array([some(["active", "past_due"]) for _ in held], pa.string()),
            **instants,
        }
    )


def _events(random: Random, owners: list[int], count: int, first: int) -> pa.Table:
    some = _some(random)
    at = [_instant(random) for _ in range(count)]
    there = [each.replace(tzinfo=UTC).astimezone(ZONE) for each in at]
    keys = [first + each if each % 3 else 2**64 - 1 - first - each for each in range(count)]
    texts = {"product_id": ["a", "b", "c", "ß", "gone"], "channel": TEXTS}
    return pa.table(
        {
            "customer": pa.array([random.choice(owners) for _ in at], pa.int64()),
            "event_key": pa.array(keys, pa.uint64()),
            "at": pa.array(at, pa.timestamp("us")),
            "local_date": pa.array([each.date() for each in there], pa.date32()),
            "local_hour": pa.array([each.hour for each in there], pa.int8()),
            "loaded_at": pa.array(at, pa.timestamp("us")),
            "source": ["till"] * count,
            **{
                name: pa.array([some(values) for _ in at], pa.string())
                for name, values in texts.items()
            },
            "amount": pa.array([some(AMOUNTS) for _ in at], pa.float64()),
            "quantity": pa.array([some([-1, 0, 1, 2, 3]) for _ in at], pa.int64()),
            "gift": pa.array([some([True, False]) for _ in at], pa.bool_()),
            "due": pa.array([some(DAYS) for _ in at], pa.date32()),
            "tags": pa.array(
                [None if random.random() < 0.2 else random.sample(TEXTS, 2) for _ in at],
                pa.list_(pa.string()),
            ),
        }
    )
