"""A small random business, rules about it, and a naive evaluator that shares no code with ours."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from math import fsum
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from carpel.engine.duckdb import DuckDB
from carpel.evaluation import Evaluator
from carpel.language import Node, parse

ZONE = ZoneInfo("Europe/Amsterdam")
MOMENT = datetime.fromisoformat("2026-04-03T09:30")  # a few days after clocks went forward there
Rule = dict[str, Any]
Row = dict[str, Any]

PROFILE = pa.schema(
    {
        "customer": pa.int64(),
        "age": pa.int64(),
        "spend": pa.float64(),
        "city": pa.string(),
        "vip": pa.bool_(),
        "born": pa.date32(),
        "last_at": pa.timestamp("us"),
        "likes": pa.list_(pa.string()),
    }
)
EVENT = pa.schema(
    {
        "customer": pa.int64(),
        "event_key": pa.uint64(),
        "at": pa.timestamp("us"),
        "local_date": pa.date32(),
        "local_hour": pa.int8(),
        "loaded_at": pa.timestamp("us"),
        "source": pa.string(),
        "product_id": pa.string(),
        "amount": pa.float64(),
        "quantity": pa.int64(),
        "channel": pa.string(),
    }
)
TRAITS = [
    ("age", "integer", "age"),
    ("spend", "number", "spend"),
    ("city", "text", "city"),
    ("vip", "boolean", "vip"),
    ("born", "date", "born"),
    ("last_at", "instant", "last_at"),
    ("likes", "list", "likes"),
    ("half_spend", "number", "spend / 2"),
]
CITIES = ["Bonn", "bonn", "Rome", "São Paulo", "Sao Paulo", "Oslo"]
LIKES = ["golf", "tea", "yoga", "chess"]
PRODUCTS = {"a": "coffee", "b": "coffee", "c": "tea", "d": None}
PLACES = ["gold", "silver", "tin"]


@dataclass
class World:
    """Tables as plain rows."""

    customers: list[int] = field(default_factory=list)
    aliases: dict[int, int] = field(default_factory=dict)
    profiles: dict[int, Row] = field(default_factory=dict)
    events: dict[str, list[Row]] = field(default_factory=dict)
    standings: dict[int, str | None] = field(default_factory=dict)
    consents: list[Row] = field(default_factory=list)
    segments: dict[str, Rule] = field(default_factory=dict)

    def bound(self) -> DuckDB:
        """An engine with these tables."""
        engine = DuckDB()
        for name, table in self.tables().items():
            engine.register(name, table)
        return engine

    def tables(self) -> dict[str, pa.Table]:
        key = {"customer": pa.int64()}
        tables = {
            "customers": pa.table({"customer": pa.array(self.customers, pa.int64())}),
            "aliases": pa.Table.from_pylist(
                [{"customer": a, "survivor": b} for a, b in self.aliases.items()],
                pa.schema({**key, "survivor": pa.int64()}),
            ),
            "profiles": pa.Table.from_pylist(
                [{"customer": c, **row} for c, row in self.profiles.items()], PROFILE
            ),
            "standings": pa.Table.from_pylist(
                [{"customer": c, "tier": place} for c, place in self.standings.items()],
                pa.schema({**key, "tier": pa.string()}),
            ),
            "consents": pa.Table.from_pylist(
                self.consents,
                pa.schema(
                    {
                        **key,
                        "channel": pa.string(),
                        "purpose": pa.string(),
                        "granted": pa.bool_(),
                        "suppressed": pa.bool_(),
                    }
                ),
            ),
            "described_product_id": pa.Table.from_pylist(
                [{"product_id": p, "category": c} for p, c in PRODUCTS.items()],
                pa.schema({"product_id": pa.string(), "category": pa.string()}),
            ),
            "traits": pa.table(
                {
                    "trait": [t for t, _, _ in TRAITS],
                    "type": [k for _, k, _ in TRAITS],
                    "table": ["profiles"] * len(TRAITS),
                    "expression": [e for _, _, e in TRAITS],
                }
            ),
        }
        for name, rows in self.events.items():
            by_customer = sorted(rows, key=lambda row: row["customer"])
            tables[f"event_{name}"] = pa.Table.from_pylist(rows, EVENT)
            tables[f"activity_{name}"] = pa.Table.from_pylist(by_customer, EVENT)
        return tables

    def evaluator(self, **options: Any) -> Evaluator:
        segments = {name: parse(rule) for name, rule in self.segments.items()}
        return Evaluator(self.bound(), as_of=MOMENT, zone=ZONE, segments=segments, **options)


def random_world(random: Random, people: int = 40) -> World:
    """People with holes in their data, events at window edges, merged keys, strangers."""
    world = World(customers=sorted(random.sample(range(100), people)))
    spare = [key for key in range(100) if key not in world.customers]
    world.aliases = {spare[i]: random.choice(world.customers) for i in range(4)}
    maybe = _maybe(random)
    for customer in world.customers:
        if random.random() < 0.9:
            world.profiles[customer] = {
                "age": maybe(random.randint(18, 24)),
                "spend": maybe(random.randint(0, 40) / 4),
                "city": maybe(random.choice(CITIES)),
                "vip": maybe(random.random() < 0.5),
                "born": maybe(date(2026, 3, 25) + timedelta(random.randint(-9, 18))),
                "last_at": maybe(_instant(random)),
                "likes": maybe(random.sample(LIKES, random.randint(0, 3))),
            }
        if random.random() < 0.9:
            world.standings[customer] = random.choice([*PLACES, None])
        for channel in ("email", "sms"):
            if random.random() < 0.6:
                world.consents.append(
                    {
                        "customer": customer,
                        "channel": channel,
                        "purpose": "marketing",
                        "granted": maybe(random.random() < 0.7),
                        "suppressed": random.random() < 0.2,
                    }
                )
    owners = [*world.customers[: people * 3 // 4], *world.aliases, *spare[4:6]]
    for number, name in enumerate(("bought", "visited")):
        world.events[name] = [_event(random, owners, 1000 * number + key) for key in range(150)]
    world.segments = {
        "base": random_rule(random, 1, segments=False),
        "above": {"any": [{"segment": "base"}, {"consent": "email"}]},
    }
    return world


def _maybe(random: Random) -> Callable[[Any], Any]:
    return lambda value: None if random.random() < 0.2 else value


def _instant(random: Random) -> datetime:
    """Often exactly at an edge: so many days before the moment, local midnight, the moment."""
    edges = [
        MOMENT,
        MOMENT - timedelta(days=7),
        MOMENT - timedelta(days=30),
        datetime.fromisoformat("2026-03-03T10:30"),
        datetime.fromisoformat("2026-03-28T23:00"),
        datetime.fromisoformat("2026-03-29T22:00"),
    ]
    if random.random() < 0.4:
        return random.choice(edges) + timedelta(microseconds=random.choice([-1, 0, 0, 1]))
    return MOMENT + timedelta(minutes=random.randint(-60 * 24 * 60, 60 * 24 * 5))


def _event(random: Random, owners: list[int], key: int) -> Row:
    maybe, at = _maybe(random), _instant(random)
    local = at.replace(tzinfo=UTC).astimezone(ZONE)
    return {
        "customer": random.choice(owners),
        "event_key": key,
        "at": at,
        "local_date": local.date(),
        "local_hour": local.hour,
        "loaded_at": at,
        "source": "till",
        "product_id": maybe(random.choice(list(PRODUCTS))),
        "amount": maybe(random.randint(-20, 100) / 10),
        "quantity": maybe(random.randint(-1, 4)),
        "channel": maybe(random.choice(["web", "Web", "shop"])),
    }


# ---- rules ----


def random_rule(random: Random, depth: int = 3, *, segments: bool = True) -> Rule:
    """A rule of up to so many levels."""
    if depth and random.random() < 0.6:
        word = random.choice(["all", "any", "none", "not"])
        if word == "not":
            return {"not": random_rule(random, depth - 1, segments=segments)}
        return {
            word: [
                random_rule(random, depth - 1, segments=segments)
                for _ in range(random.randint(1, 3))
            ]
        }
    leaf = random.random()
    if leaf < 0.4:
        return _random_trait(random)
    if leaf < 0.8:
        return _random_did(random)
    return random.choice(
        [
            {"segmentation": "tier", "in": random.sample(PLACES, random.randint(1, 2))},
            {"consent": random.choice(["email", "sms"])},
            {"people": random.sample(range(100), 30)},
            {"segment": random.choice(["base", "above"])} if segments else {"consent": "email"},
        ]
    )


def _random_trait(random: Random) -> Rule:
    name, kind, _ = random.choice(TRAITS)
    rule = {"trait": name, **_random_comparison(random, kind)}
    if random.random() < 0.2:
        rule["missing"] = random.choice(["match", "unknown"])
    return rule


def _random_comparison(random: Random, kind: str) -> Rule:
    if random.random() < 0.1:
        return {random.choice(["is_set", "is_missing"]): True}
    if kind in ("integer", "number"):
        value = random.randint(18, 24) if kind == "integer" else random.randint(0, 40) / 4
        order = ["at_least", "at_most", "more_than", "less_than", "is", "is_not"]
        return random.choice(
            [
                {random.choice(order): value},
                {"between": [value, value + 2]},
                {"in": [value, value + 1]},
                {"not_in": [value]},
            ]
        )
    if kind == "text":
        value = random.choice(CITIES)
        return random.choice(
            [
                {random.choice(["is", "is_not"]): value, "fold": random.random() < 0.5},
                {"in": random.sample(CITIES, 2), "fold": random.random() < 0.5},
                {"not_in": [value]},
                {"starts_with": value[:2]},
                {"ends_with": value[-1]},
                {"contains": value[1:3], "fold": random.random() < 0.5},
                {"matches": "^[A-R]o"},
            ]
        )
    if kind == "boolean":
        return {random.choice(["is", "is_not"]): random.random() < 0.5}
    if kind == "list":
        return {
            random.choice(["any_of", "all_of", "none_of"]): random.sample(
                LIKES, random.randint(1, 2)
            )
        }
    return _random_temporal(random)


def _random_temporal(random: Random) -> Rule:
    day = date(2026, 3, 29) + timedelta(days=random.randint(-3, 6))
    period = random.choice(["7 days", "30 days", "1 month", "36 hours", "2 weeks"])
    return random.choice(
        [
            {random.choice(["before", "after", "on", "at_least", "at_most", "is_not"]): day},
            {"between": [day, day + timedelta(days=3)]},
            {random.choice(["in_last", "not_in_last", "in_next"]): period},
        ]
    )


def _random_did(random: Random) -> Rule:
    rule: Rule = {"did": random.choice(["bought", "visited"])}
    where: Rule = {}
    for name, kind in (("category", "product"), ("channel", "channel"), ("quantity", "few")):
        if random.random() < 0.3:
            where[name] = {
                "product": random.choice(["coffee", "tea", {"is_not": "coffee"}]),
                "channel": random.choice(["web", {"is": "WEB", "fold": True}]),
                "few": {random.choice(["at_least", "less_than"]): 1},
            }[kind]
    if where:
        rule["where"] = where
    rule |= random.choice(
        [
            {},
            {"within": "7 days"},
            {"within": "30 days"},
            {"within": "1 month"},
            {"since": date(2026, 3, 29)},
            {"until": date(2026, 3, 28)},
            {"since": date(2026, 3, 1), "until": date(2026, 3, 29)},
        ]
    )
    return rule | _random_figure(random)


def _random_figure(random: Random) -> Rule:
    aggregate = random.choice(
        ["count", "count", "sum", "avg", "min", "max", "distinct", "first", "last"]
    )
    order = random.choice(["at_least", "at_most", "more_than", "less_than", "is"])
    if aggregate == "count":
        return random.choice([{}, {order: random.randint(0, 3)}])
    if aggregate == "distinct":
        return {aggregate: random.choice(["category", "product_id"]), order: random.randint(0, 2)}
    if aggregate in ("first", "last") and random.random() < 0.5:
        return {
            aggregate: random.choice(["category", "channel"]),
            "in": random.sample(["coffee", "tea", "web", "shop"], 2),
        }
    name = random.choice(["amount", "quantity"])
    return {
        aggregate: name,
        order: random.randint(0, 30) / 10 if name == "amount" else random.randint(0, 3),
    }


# ---- the naive evaluator: True, False or None for one customer ----


def naive(rule: Rule, world: World, customer: int) -> bool | None:
    """Kleene's logic by the book, one person and one event at a time."""
    if "all" in rule:
        return _all([naive(each, world, customer) for each in rule["all"]])
    if "any" in rule:
        return _not(_all([_not(naive(each, world, customer)) for each in rule["any"]]))
    if "none" in rule:
        return _all([_not(naive(each, world, customer)) for each in rule["none"]])
    if "not" in rule:
        return _not(naive(rule["not"], world, customer))
    if "people" in rule:
        return customer in rule["people"]
    if "segment" in rule:
        return naive(world.segments[rule["segment"]], world, customer) is True
    if "consent" in rule:
        return any(
            row["granted"] is True and not row["suppressed"]
            for row in world.consents
            if row["customer"] == customer and row["channel"] == rule["consent"]
        )
    if "segmentation" in rule:
        place = world.standings.get(customer)
        return None if place is None else place in rule["in"]
    value, said = _value(rule, world, customer)
    verdict = _compare(value, said)
    return True if verdict is None and rule.get("missing") == "match" else verdict


def _all(verdicts: list[bool | None]) -> bool | None:
    return False if False in verdicts else None if None in verdicts else True


def _not(verdict: bool | None) -> bool | None:
    return None if verdict is None else not verdict


OPERATORS = (
    "at_least",
    "at_most",
    "more_than",
    "less_than",
    "is",
    "is_not",
    "between",
    "in",
    "not_in",
    "starts_with",
    "ends_with",
    "contains",
    "matches",
    "is_set",
    "is_missing",
    "before",
    "after",
    "on",
    "in_last",
    "not_in_last",
    "in_next",
    "any_of",
    "all_of",
    "none_of",
)


def _said(rule: Mapping[str, Any]) -> Rule:
    return {key: rule[key] for key in (*OPERATORS, "fold") if key in rule}


def _value(rule: Rule, world: World, customer: int) -> tuple[Any, Rule]:
    if "trait" in rule:
        row = world.profiles.get(customer, {})
        if rule["trait"] == "half_spend":
            spend = row.get("spend")
            return (None if spend is None else spend / 2), _said(rule)
        return row.get(rule["trait"]), _said(rule)
    rows = sorted(
        (
            row
            for row in world.events[rule["did"]]
            if world.aliases.get(row["customer"], row["customer"]) == customer
            and _in_window(row["at"], rule)
            and _passes(row, rule.get("where", {}))
        ),
        key=lambda row: (row["at"], row["event_key"]),
    )
    return _figure(rows, rule), _said(rule) or {"at_least": 1}


def _property(row: Row, name: str) -> Any:
    return PRODUCTS.get(row["product_id"]) if name == "category" else row[name]


def _passes(row: Row, where: Rule) -> bool:
    return all(
        _compare(_property(row, name), said if isinstance(said, dict) else {"is": said}) is True
        for name, said in where.items()
    )


def _figure(rows: list[Row], rule: Rule) -> Any:
    word = next(
        (
            each
            for each in ("sum", "avg", "min", "max", "distinct", "first", "last")
            if each in rule
        ),
        None,
    )
    if word is None:
        return len(rows)
    values = [value for row in rows if (value := _property(row, rule[word])) is not None]
    if word == "sum":
        return round(fsum(values), 6)
    if word == "distinct":
        return len(set(values))
    if not values:
        return None
    return {
        "avg": lambda: round(fsum(values) / len(values), 6),
        "min": lambda: min(values),
        "max": lambda: max(values),
        "first": lambda: values[0],
        "last": lambda: values[-1],
    }[word]()


def _in_window(at: datetime, rule: Rule) -> bool:
    if at > MOMENT:
        return False
    if "within" in rule:
        return at > _back(rule["within"])
    day = _local(at).date()
    return rule.get("since", date.min) <= day <= rule.get("until", date.max)


def _local(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC).astimezone(ZONE)


def _back(period: str, sign: int = -1) -> datetime:
    count, unit = period.split()
    if unit.startswith("month"):  # the moment is on the 3rd: no month is too short for it
        there = _local(MOMENT)
        month = there.month - 1 + sign * int(count)
        moved = there.replace(year=there.year + month // 12, month=month % 12 + 1)
        return moved.astimezone(UTC).replace(tzinfo=None)
    hours = {"hours": 1, "days": 24, "weeks": 168}[unit] * int(count)
    return MOMENT + sign * timedelta(hours=hours)


def _compare(value: Any, said: Rule) -> bool | None:
    fold = said.get("fold", False)
    ((word, wanted),) = ((key, each) for key, each in said.items() if key != "fold")
    if word == "is_set":
        return value is not None
    if word == "is_missing":
        return value is None
    if value is None:
        return None
    if isinstance(value, date):
        return _compare_time(value, word, wanted)
    if fold:
        value, wanted = _folded(value), _folded(wanted)
    return bool(_PLAIN[word](value, wanted))


def _folded(value: Any) -> Any:
    if isinstance(value, list):
        return [_folded(each) for each in value]
    return value.lower().replace("ã", "a")


_PLAIN: Mapping[str, Callable[[Any, Any], bool]] = {
    "at_least": lambda a, b: a >= b,
    "at_most": lambda a, b: a <= b,
    "more_than": lambda a, b: a > b,
    "less_than": lambda a, b: a < b,
    "is": lambda a, b: a == b,
    "is_not": lambda a, b: a != b,
    "between": lambda a, b: b[0] <= a <= b[1],
    "in": lambda a, b: a in b,
    "not_in": lambda a, b: a not in b,
    "contains": lambda a, b: b in a,
    "starts_with": lambda a, b: a.startswith(b),
    "ends_with": lambda a, b: a.endswith(b),
    "matches": lambda a, b: a[:1] in "ABCDEFGHIJKLMNOPQR" and a[1:2] == "o",
    "any_of": lambda a, b: bool(set(a) & set(b)),
    "all_of": lambda a, b: set(b) <= set(a),
    "none_of": lambda a, b: not set(a) & set(b),
}


def _compare_time(value: Any, word: str, wanted: Any) -> bool:
    instant = isinstance(value, datetime)
    if isinstance(wanted, str):
        ahead = word == "in_next"
        edge = _back(wanted, 1 if ahead else -1)
        if instant:
            inside = MOMENT < value <= edge if ahead else edge < value <= MOMENT
        else:
            today, other = _local(MOMENT).date(), _local(edge).date()
            inside = today <= value <= other if ahead else other < value <= today
        return not inside if word == "not_in_last" else inside
    day = _local(value).date() if instant else value
    if word == "between":
        return wanted[0] <= day <= wanted[1]
    return {
        "before": day < wanted,
        "after": day > wanted,
        "on": day == wanted,
        "at_least": day >= wanted,
        "at_most": day <= wanted,
        "is_not": day != wanted,
    }[word]


def naive_sets(rule: Rule, world: World) -> tuple[set[int], set[int]]:
    """Who matches, and of whom it is not known."""
    verdicts = {customer: naive(rule, world, customer) for customer in world.customers}
    return (
        {c for c, verdict in verdicts.items() if verdict},
        {c for c, verdict in verdicts.items() if verdict is None},
    )


@dataclass(frozen=True)
class Kit:
    """What the tests of this folder share."""

    world: Callable[..., World] = random_world
    empty: type[World] = World
    rule: Callable[..., Rule] = random_rule
    sets: Callable[[Rule, World], tuple[set[int], set[int]]] = naive_sets
    verdict: Callable[[Rule, World, int], bool | None] = naive
    moment: datetime = MOMENT
    zone: ZoneInfo = ZONE

    def rules(self, random: Random, count: int) -> dict[str, Rule]:
        return {f"r{number}": self.rule(random) for number in range(count)}

    def parsed(self, rules: Mapping[str, Rule]) -> dict[str, Node]:
        return {name: parse(rule) for name, rule in rules.items()}


@pytest.fixture(scope="session")
def kit() -> Iterator[Kit]:
    yield Kit()
