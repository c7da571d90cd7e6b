"""A small random business as plain rows, and the same as tables."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
from pyroaring import BitMap

from carpel.engine.duckdb import DuckDB
from carpel.evaluation import Evaluator
from carpel.language import parse

from .rules import random_rule

Rule = dict[str, Any]
Row = dict[str, Any]

MOMENTS = [
    ("2026-04-03T09:30", "Europe/Amsterdam"),  # a few days after clocks went forward
    ("2024-02-29T12:00", "Europe/Amsterdam"),  # a leap day
    ("2026-10-25T00:30", "Europe/Amsterdam"),  # 02:30, which comes twice that night
    ("2026-03-31T22:00", "America/New_York"),  # the last day of a long month
    ("2025-02-28T18:15", "Asia/Kathmandu"),  # already the first of March there
    ("2026-04-23T22:00", "Africa/Cairo"),  # midnight does not come that night
    ("2026-11-01T04:30", "America/Havana"),  # half past midnight comes twice
    ("2027-01-01T00:00", "UTC"),
    ("2026-12-31T10:00", "Pacific/Apia"),  # already the next year there
]
CITIES = ["Bonn", "bonn", "Rome", "São Paulo", "Sao Paulo", "Oslo", "", "Straße", "STRASSE"]
CITIES += ["Łódź", "İzmir", "東京", "Re\u0301my", "Rémy", " Bonn"]
LIKES = ["golf", "tea", "yoga", "chess", ""]
PRODUCTS = {"a": "coffee", "b": "coffee", "c": "tea", "d": None}
PLACES = ["gold", "silver", "tin"]
ZONES = ["Europe/Amsterdam", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "", "Nowhere"]
COUNTRIES = ["NL", "DE", "US", "BR", "", "ZZ"]
TRAITS = {
    "age": "integer",
    "spend": "number",
    "city": "text",
    "vip": "boolean",
    "born": "date",
    "last_at": "instant",
    "likes": "list",
    "half_spend": "number",
    "timezone": "text",
    "country": "text",
    "latitude": "number",
    "longitude": "number",
}
TYPES = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "instant": pa.timestamp("us"),
    "list": pa.list_(pa.string()),
}
KEY = {"customer": pa.int64()}
PROFILE = pa.schema(
    {**KEY, **{name: TYPES[kind] for name, kind in TRAITS.items() if name != "half_spend"}}
)
DID = {
    **KEY,
    "event_key": pa.uint64(),
    "at": pa.timestamp("us"),
    "local_date": pa.date32(),
    "local_hour": pa.int8(),
    "loaded_at": pa.timestamp("us"),
    "source": pa.string(),
}
EVENT = pa.schema(
    {
        **DID,
        "product_id": pa.string(),
        "amount": pa.float64(),
        "quantity": pa.int64(),
        "channel": pa.string(),
        "due": pa.date32(),
        "gift": pa.bool_(),
        "tags": pa.list_(pa.string()),
    }
)
CHANGE = pa.schema({**DID, "trait": pa.string(), "was": pa.string(), "now": pa.string()})
INSTANTS = ("started", "ended", "trial_ends", "renews", "paused", "cancelled")
CONTRACT = pa.schema(
    {
        **KEY,
        "contract_id": pa.string(),
        "plan": pa.string(),
        "amount": pa.float64(),
        "currency": pa.string(),
        "interval": pa.string(),
        "seats": pa.int64(),
        "status": pa.string(),
        **{f"{each}_at": pa.timestamp("us") for each in INSTANTS},
    }
)
CONSENT = pa.schema(
    {
        **KEY,
        "channel": pa.string(),
        "purpose": pa.string(),
        "granted": pa.bool_(),
        "suppressed": pa.bool_(),
    }
)
MOVEMENT = pa.schema(
    {
        "segment": pa.string(),
        "at": pa.timestamp("us"),
        "build": pa.int64(),
        "part": pa.string(),
        "cause": pa.string(),
        "people": pa.int64(),
        "members": pa.binary(),
    }
)
ACCOUNT = pa.schema({"account": pa.int64(), "account_key": pa.string(), "t_branch": pa.string()})


@dataclass
class World:
    """Tables as plain rows, at a moment."""

    moment: datetime
    zone: ZoneInfo
    customers: list[int] = field(default_factory=list)
    aliases: dict[int, int] = field(default_factory=dict)
    profiles: dict[int, Row] = field(default_factory=dict)
    events: dict[str, list[Row]] = field(default_factory=dict)
    standings: dict[int, str | None] = field(default_factory=dict)
    consents: list[Row] = field(default_factory=list)
    contracts: list[Row] = field(default_factory=list)
    accounts: dict[int, Row] = field(default_factory=dict)
    belongings: list[tuple[int, int]] = field(default_factory=list)
    history: list[tuple[datetime, int, dict[str, set[int]]]] = field(default_factory=list)
    segments: dict[str, Rule] = field(default_factory=dict)
    stated: frozenset[str] = frozenset({"branch"})

    def described(self, row: Row) -> Row:
        """What is looked up for an event."""
        return {"category": PRODUCTS.get(row["product_id"])} if "product_id" in row else {}

    def bound(self) -> DuckDB:
        """An engine with these tables."""
        engine = DuckDB()
        for name, table in self.tables().items():
            engine.register(name, table)
        return engine

    def tables(self) -> dict[str, pa.Table]:
        rows = pa.Table.from_pylist
        aliases = [{"customer": a, "survivor": b} for a, b in self.aliases.items()]
        tables = {
            "customers": pa.table({"customer": pa.array(self.customers, pa.int64())}),
            "aliases": rows(aliases, pa.schema({**KEY, "survivor": pa.int64()})),
            "profiles": rows([{"customer": c, **r} for c, r in self.profiles.items()], PROFILE),
            "standings": rows(
                [{"customer": c, "tier": place} for c, place in self.standings.items()],
                pa.schema({**KEY, "tier": pa.string()}),
            ),
            "consents": rows(self.consents, CONSENT),
            "contracts": rows(self.contracts, CONTRACT),
            "accounts": rows(
                [
                    {"account": a, "account_key": f"k{a}", "t_branch": r.get("branch")}
                    for a, r in self.accounts.items()
                ],
                ACCOUNT,
            ),
            "belongings": rows(
                [{"customer": c, "account": a} for c, a in self.belongings],
                pa.schema({**KEY, "account": pa.int64()}),
            ),
            "movements": rows(self._movements(), MOVEMENT),
            "described_product_id": rows(
                [{"product_id": p, "category": c} for p, c in PRODUCTS.items()],
                pa.schema({"product_id": pa.string(), "category": pa.string()}),
            ),
            "traits": pa.table(
                {
                    "trait": list(TRAITS),
                    "type": list(TRAITS.values()),
                    "table": ["profiles"] * len(TRAITS),
                    "expression": ["spend / 2" if t == "half_spend" else t for t in TRAITS],
                }
            ),
        }
        for name, listed in self.events.items():
            schema = CHANGE if name == "trait_changed" else EVENT
            by_customer = sorted(listed, key=lambda row: row["customer"])
            tables[f"event_{name}"] = rows(listed, schema)
            tables[f"activity_{name}"] = rows(by_customer, schema)
        return tables

    def _movements(self) -> list[Row]:
        """Sets as builds store them: whole at first and now and then, else who came and left."""
        told, last = [], dict[str, set[int]]()
        for at, number, sets in self.history:
            for name, now in sets.items():
                before = last.get(name)
                parts = {}
                if before is None or number % 3 == 0:
                    parts["members"] = now
                if before is not None:
                    parts |= {"entered": now - before, "left": before - now}
                told += [
                    {
                        "segment": name,
                        "at": at,
                        "build": number,
                        "part": part,
                        "cause": "data",
                        "people": len(them),
                        "members": BitMap(them).serialize(),
                    }
                    for part, them in parts.items()
                    if them or part == "members"
                ]
            last |= sets
        return told

    def evaluator(self, **options: Any) -> Evaluator:
        places = {f"tier.{place}": {"segmentation": "tier", "in": [place]} for place in PLACES}
        segments = {name: parse(rule) for name, rule in {**places, **self.segments}.items()}
        return Evaluator(
            self.bound(), as_of=self.moment, zone=self.zone, segments=segments, **options
        )


def random_world(random: Random, people: int = 40, moment: int | None = None) -> World:
    """People with holes in their data, events at window edges, merged keys, strangers."""
    said = MOMENTS[random.randrange(len(MOMENTS)) if moment is None else moment % len(MOMENTS)]
    world = World(datetime.fromisoformat(said[0]), ZoneInfo(said[1]))
    world.customers = sorted(random.sample(range(100), people))
    spare = [key for key in range(100) if key not in world.customers]
    world.aliases = {spare[i]: random.choice(world.customers) for i in range(4)}
    owners = [*world.customers[: people * 3 // 4], *world.aliases, *spare[4:6]]
    for customer in world.customers:
        _about(world, customer, random)
    for number, name in enumerate(("bought", "visited")):
        keys = range(1000 * number, 1000 * number + 150)
        world.events[name] = [_event(world, random, owners, key) for key in keys]
    keys = range(3000, 3060)
    world.events["trait_changed"] = [_change(world, random, owners, key) for key in keys]
    world.contracts = [_contract(world, random, owners, key) for key in range(50)]
    world.accounts = {key: {"branch": _maybe(random)(random.choice(CITIES))} for key in range(8)}
    world.belongings = [(random.choice(owners), random.randrange(10)) for _ in range(people)]
    world.segments = {
        "base": random_rule(random, 1, plain=True, segments=False),
        "above": {"any": [{"segment": "base"}, {"consent": "email"}]},
    }
    world.history = _history(world, random)
    return world


def _about(world: World, customer: int, random: Random) -> None:
    maybe = _maybe(random)
    today = world.moment.date()
    if random.random() < 0.9:
        born = today + timedelta(random.randint(-9, 18)) - timedelta(366 * random.choice([0, 4]))
        world.profiles[customer] = {
            "age": maybe(random.randint(18, 24)),
            "spend": maybe(random.randint(0, 40) / 4),
            "city": maybe(random.choice(CITIES)),
            "vip": maybe(random.random() < 0.5),
            "born": maybe(random.choice([born, born, date(2024, 2, 29)])),
            "last_at": maybe(_instant(world, random)),
            "likes": maybe(random.sample(LIKES, random.randint(0, 3))),
            "timezone": maybe(random.choice(ZONES)),
            "country": maybe(random.choice(COUNTRIES)),
            "latitude": maybe(random.choice([52.4, 52.5, -33.9, 90.0])),
            "longitude": maybe(random.choice([4.9, 5.0, -179.9, 179.9])),
        }
    if random.random() < 0.9:
        world.standings[customer] = random.choice([*PLACES, None])
    for channel in ("email", "sms"):
        if random.random() < 0.6:
            world.consents.append(
                {
                    "customer": customer,
                    "channel": channel,
                    "purpose": random.choice(["marketing", "marketing", "service"]),
                    "granted": maybe(random.random() < 0.7),
                    "suppressed": random.random() < 0.2,
                }
            )


def _maybe(random: Random) -> Callable[[Any], Any]:
    return lambda value: None if random.random() < 0.2 else value


def _instant(world: World, random: Random) -> datetime:
    """Often exactly at an edge: so long before the moment, local midnight, the moment."""
    moment, there = world.moment, world.moment.replace(tzinfo=UTC).astimezone(world.zone)
    if random.random() < 0.4:
        midnight = there.replace(hour=0, minute=0, fold=0)
        edges = [moment, *(moment - timedelta(days=days) for days in (1, 7, 14, 30))]
        for back in (0, 1, 2, 3, 5, there.day - 1, there.weekday()):
            edges.append(_utc((midnight - timedelta(days=back)).replace(tzinfo=world.zone)))
        edges.append(_utc((there - timedelta(days=31)).replace(tzinfo=world.zone)))
        return random.choice(edges) + timedelta(microseconds=random.choice([-1, 0, 0, 1]))
    return moment + timedelta(minutes=random.randint(-60 * 24 * 60, 60 * 24 * 5))


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(tzinfo=None)


def _did(world: World, random: Random, owners: list[int], key: int) -> Row:
    at = _instant(world, random)
    local = at.replace(tzinfo=UTC).astimezone(world.zone)
    return {
        "customer": random.choice(owners),
        "event_key": key,
        "at": at,
        "local_date": local.date(),
        "local_hour": local.hour,
        "loaded_at": at,
        "source": "till",
    }


def _event(world: World, random: Random, owners: list[int], key: int) -> Row:
    maybe = _maybe(random)
    return {
        **_did(world, random, owners, key),
        "product_id": maybe(random.choice(list(PRODUCTS))),
        "amount": maybe(random.randint(-20, 100) / 10),
        "quantity": maybe(random.randint(-1, 4)),
        "channel": maybe(random.choice(["web", "Web", "shop", ""])),
        "due": maybe(world.moment.date() + timedelta(random.randint(-4, 4))),
        "gift": maybe(random.random() < 0.5),
        "tags": maybe(random.sample(LIKES, random.randint(0, 2))),
    }


def _change(world: World, random: Random, owners: list[int], key: int) -> Row:
    maybe = _maybe(random)
    return {
        **_did(world, random, owners, key),
        "trait": random.choice(["city", "plan"]),
        "was": maybe(random.choice(["basic", "pro", "Bonn"])),
        "now": maybe(random.choice(["basic", "pro", "Rome"])),
    }


def _contract(world: World, random: Random, owners: list[int], key: int) -> Row:
    maybe = _maybe(random)
    instants = {name: _instant(world, random) for name in INSTANTS}
    often = {"started": 0.9, "ended": 0.2, "trial_ends": 0.4, "renews": 0.6, "cancelled": 0.3}
    return {
        "customer": random.choice(owners),
        "contract_id": f"c{key}",
        "plan": maybe(random.choice(["basic", "pro", ""])),
        "amount": maybe(random.choice([0.0, 9.5, 20.0, 120.0])),
        "currency": maybe("EUR"),
        "interval": maybe(random.choice(["month", "Yearly", "weekly", "daily", "quarter", "?"])),
        "seats": maybe(random.randint(1, 9)),
        "status": maybe(random.choice(["active", "On Hold", "trialing", "past-due", "expired"])),
        **{
            f"{name}_at": at if random.random() < often.get(name, 0.2) else None
            for name, at in instants.items()
        },
    }


def _history(world: World, random: Random) -> list[tuple[datetime, int, dict[str, set[int]]]]:
    """Builds before the moment, one at it, one after it; not all segments are there at first."""
    days = (40, 30, 14, 7, 7, 3, 1, 0, -2)
    moments = [world.moment - timedelta(days=days_) for days_ in days]
    names = ["base", "above", *(f"tier.{place}" for place in PLACES)]
    began = {name: random.choice([0, 2, 4]) for name in names} | {"above": random.choice([5, 99])}
    told = []
    places: dict[int, str | None] = {}
    for number, at in enumerate(moments, 1):
        for who in world.customers:
            if number == 1 or random.random() < 0.3:
                places[who] = random.choice([*PLACES, None])
        sets = {f"tier.{p}": {w for w, at_ in places.items() if at_ == p} for p in PLACES}
        for name in ("base", "above"):
            last = told[-1][2].get(name) if told else None
            moved = {who for who in world.customers if random.random() < 0.2}
            sets[name] = set(random.sample(range(100), 60)) if last is None else last ^ moved
        told.append((at, number, {n: them for n, them in sets.items() if number > began[n]}))
    return told
