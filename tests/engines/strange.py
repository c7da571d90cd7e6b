"""A small business full of what engines disagree about, and rules that ask about all of it.

Nulls and ties, not-a-number and both zeros, edges of windows and of local days, the days clocks
change, 29 February, accents written in one character or in two, ß and İ and ς, letters from right
to left, emoji, empty text, quotes and backslashes.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

ZONE = ZoneInfo("Europe/Amsterdam")
MOMENT = datetime.fromisoformat("2024-03-31T10:00")  # clocks went forward there that very night
UTC_MOMENT = MOMENT.replace(tzinfo=UTC)
Rule = dict[str, Any]
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
PLACES = ["gold", "Straße", "tin"]


def tables(random: Random, people: int = 60, events: int = 300) -> dict[str, pa.Table]:
    """The tables that rules read, drawn anew."""
    keys = sorted(random.sample(range(people * 3), people))
    spare = [key for key in range(people * 3) if key not in keys]
    aliases = {spare[index]: random.choice(keys) for index in range(6)}
    owners = [*keys[: people * 3 // 4], *aliases, *spare[6:8]]
    some = _some(random)
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
                "trait": [each for each, _, _ in TRAITS],
                "type": [each for _, each, _ in TRAITS],
                "table": ["profiles"] * len(TRAITS),
                "expression": [each for _, _, each in TRAITS],
                "label": [each.capitalize() for each, _, _ in TRAITS],
                "sensitivity": ["plain"] * len(TRAITS),
            }
        ),
        "contracts": _contracts(random, keys),
    }
    for number, name in enumerate(("bought", "visited")):
        made[f"event_{name}"] = _events(random, owners, events, number * 10_000)
    return made


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


# ---- every operator over every kind, every aggregate over every kind and window ----

ORDER = ("at_least", "at_most", "more_than", "less_than", "is", "is_not")
VALUES: Mapping[str, list[Any]] = {
    "number": [0, 0.3, 2.5, 1e300, -1.5],
    "integer": [0, 1, 2.5, 10**15],
}
PERIODS = ("36 hours", "7 days", "30 days", "1 month", "2 weeks", "1 year")


def comparisons(kind: str) -> Iterator[Rule]:
    """Every operator that fits a kind, with the values that engines could disagree about."""
    yield from ({"is_set": True}, {"is_missing": True})
    if kind in VALUES:
        yield from ({word: value} for word in ORDER for value in VALUES[kind])
        yield from ({"between": [0, 3]}, {"in": [0, 2.5, 1]}, {"not_in": [0, 0.3]})
    elif kind == "boolean":
        yield from ({word: value} for word in ("is", "is_not") for value in (True, False))
    elif kind == "text":
        yield from _text_comparisons()
    elif kind == "list":
        for word in ("any_of", "all_of", "none_of"):
            yield from ({word: some} for some in (["Straße"], ["a", "café"], ["🙂", "", "it's"]))
    else:
        yield from _time_comparisons()


def _text_comparisons() -> Iterator[Rule]:
    for value in TEXTS:
        for fold in (False, True):
            yield {"is": value, "fold": fold}
            yield {"is_not": value, "fold": fold}
    for piece in (
        "s",
        "ß",
        "SS",
        "é",
        "\u0301",
        "i",
        "İ",
        "σ",
        "ς",
        "'",
        '"',
        "\\",
        "%",
        "_",
        "🙂",
    ):
        for word in ("contains", "starts_with", "ends_with"):
            yield from ({word: piece, "fold": fold} for fold in (False, True))
    yield from ({"in": TEXTS[:6], "fold": fold} for fold in (False, True))
    yield {"not_in": TEXTS[3:9]}
    for pattern in PATTERNS:
        yield {"matches": pattern}


PATTERNS = (
    "^a", "b$", "^$", "a.b", r"\d+", r"^\w+$", r"\s", "[A-Z]", "^[^a-z]*$", "(cafe|naïve)", r"\.",
    "[aä]", r"\bs", "s{2}", "^.$", r"it'?s", r"[\\]", r"\\", "ß|ẞ", r"^\S+$", "%",
)  # fmt: skip


def _time_comparisons() -> Iterator[Rule]:
    for day in (date(2024, 2, 29), date(2024, 3, 31), date(2023, 10, 29)):
        for word in ("before", "after", "on", "at_least", "at_most", "is_not"):
            yield {word: day}
    yield {"between": [date(2024, 2, 28), date(2024, 3, 1)]}
    yield {"in": [date(2024, 2, 29), date(2024, 3, 31)]}
    yield from (
        {word: period} for word in ("in_last", "not_in_last", "in_next") for period in PERIODS
    )


def every_rule() -> dict[str, Rule]:
    """All of it, by a name each."""
    listed = [*_trait_rules(), *_did_rules(), *_other_rules()]
    return {f"rule {number}": rule for number, rule in enumerate(listed)}


def _trait_rules() -> Iterator[Rule]:
    for name, kind, _ in TRAITS:
        for comparison in comparisons(kind):
            yield {"trait": name, **comparison}
        yield {"trait": name, **list(comparisons(kind))[2], "missing": "match"}


WINDOWS: tuple[Rule, ...] = (
    {},
    *({"within": period} for period in PERIODS),
    {"since": date(2024, 2, 29)},
    {"until": date(2024, 2, 29)},
    {"since": date(2023, 10, 29), "until": date(2024, 3, 31)},
)
FILTERS: tuple[Rule, ...] = (
    {},
    {"category": "coffee"},
    {"category": {"is": "cafe", "fold": True}},
    {"channel": {"contains": "S", "fold": True}},
    {"quantity": {"at_least": 1}, "gift": True},
    {"tags": {"any_of": ["Straße", "a"]}},
    {"due": {"in_last": "1 month"}},
)
PROPERTIES = {
    "amount": "number",
    "quantity": "integer",
    "channel": "text",
    "gift": "boolean",
    "due": "date",
    "tags": "list",
    "category": "text",
    "at": "instant",
}
FIGURES: Mapping[str, tuple[str, ...]] = {
    "sum": ("amount", "quantity"),
    "avg": ("amount", "quantity"),
    "min": ("amount", "quantity", "channel", "due", "at"),
    "max": ("amount", "quantity", "channel", "due", "at"),
    "distinct": ("amount", "channel", "due", "category", "gift"),
    "first": tuple(PROPERTIES),
    "last": tuple(PROPERTIES),
}


def _did_rules() -> Iterator[Rule]:
    for window in WINDOWS:
        for where in FILTERS:
            filters = {"where": where} if where else {}
            for count in ({}, {"at_least": 2}, {"at_most": 1}, {"is": 0}):
                yield {"did": "bought", **filters, **window, **count}
    for number, (aggregate, names) in enumerate(FIGURES.items()):
        for name in names:
            kind = "integer" if aggregate == "distinct" else PROPERTIES[name]
            for index, comparison in enumerate(_some_comparisons(kind)):
                window = WINDOWS[(number + index) % len(WINDOWS)]
                where = FILTERS[index % 3] if index % 2 else {}
                filters = {"where": where} if where else {}
                yield {"did": "visited", **filters, **window, aggregate: name, **comparison}


def _some_comparisons(kind: str) -> list[Rule]:
    """A choice of a kind's comparisons: all of them would be said of traits already."""
    listed = [each for each in comparisons(kind) if "is_missing" not in each]
    return listed[:: max(1, len(listed) // 12)]


def _other_rules() -> Iterator[Rule]:
    for places in (["gold"], ["Straße", "tin"]):
        yield {"segmentation": "tier", "in": places}
    yield from ({"consent": channel} for channel in ("email", "Email", "sms", "post"))
    yield {"people": list(range(40))}
    yield {"segment": "base"}
    yield {"not": {"segment": "above"}}
    yield {"none": [{"trait": "height", "at_least": 1}, {"not": {"did": "bought"}}]}
    yield {"any": [{"trait": "vip", "is": True}, {"not": {"trait": "name", "is": "a"}}]}


SEGMENTS: Mapping[str, Rule] = {
    "base": {"any": [{"trait": "vip", "is": True}, {"did": "bought", "within": "30 days"}]},
    "above": {"all": [{"segment": "base"}, {"not": {"consent": "email"}}]},
}
